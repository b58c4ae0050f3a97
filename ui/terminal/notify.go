package terminal

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// screenMost is how many bytes GNU screen passes on at once.
const screenMost = 768

// notifies are the ways to have a terminal notify of something, by the names of
// the setting.
var notifies = map[string]func(text string) string{
	"osc9":   ansi.Notify,
	"osc777": func(text string) string { return ansi.URxvtExt("notify", "optflow", text) },
	"osc99":  func(text string) string { return ansi.DesktopNotification(text) },
	"off":    func(string) string { return "" },
}

// notifyWay is the way that a terminal understands, by its name; OSC 9 where none
// is known, which others leave alone.
func notifyWay(choice string, env []string) string {
	if choice != "auto" && choice != "" {
		return choice
	}
	name, program := Env(env, "TERM"), Env(env, "TERM_PROGRAM")
	set := func(variable string) bool { return Env(env, variable) != "" }
	switch {
	case strings.HasPrefix(name, "xterm-kitty") || set("KITTY_WINDOW_ID"):
		return "osc99"
	case strings.HasPrefix(name, "foot"), strings.HasPrefix(name, "xterm-ghostty"), strings.HasPrefix(name, "rxvt-unicode"),
		program == "ghostty", program == "WezTerm", set("GHOSTTY_RESOURCES_DIR"), set("WEZTERM_PANE"), set("VTE_VERSION"):
		return "osc777"
	}
	return "osc9"
}

// Notification is the sequence that has a terminal notify of a line of text, as
// chosen or, with auto, by its name; "" where that is off. The text is to be safe.
func Notification(choice string, env []string, text string) string {
	sequence := notifies[notifyWay(choice, env)](text)
	switch {
	case sequence == "":
	case InTmux(env):
		sequence = ansi.TmuxPassthrough(sequence)
	case InScreen(env):
		sequence = ansi.ScreenPassthrough(sequence, screenMost)
	}
	return sequence
}

// DescribeNotification says in words how a terminal is asked to notify.
func DescribeNotification(choice string, env []string) string {
	way := notifyWay(choice, env)
	if way == "off" {
		return "off"
	}
	text := "OSC " + strings.TrimPrefix(way, "osc")
	switch {
	case InTmux(env):
		text += " through tmux"
	case InScreen(env):
		text += " through screen"
	}
	return text
}
