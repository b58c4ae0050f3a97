package keys

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// namedKeys are the keys that have a name instead of a letter, and how they are
// shown where that differs.
var namedKeys = map[string]struct {
	code rune
	show string
}{
	"up": {tea.KeyUp, "↑"}, "down": {tea.KeyDown, "↓"}, "left": {tea.KeyLeft, "←"}, "right": {tea.KeyRight, "→"},
	"home": {tea.KeyHome, "Home"}, "end": {tea.KeyEnd, "End"}, "pgup": {tea.KeyPgUp, "PgUp"}, "pgdown": {tea.KeyPgDown, "PgDn"},
	"enter": {tea.KeyEnter, ""}, "esc": {tea.KeyEscape, ""}, "space": {tea.KeySpace, ""}, "tab": {tea.KeyTab, ""},
	"backspace": {tea.KeyBackspace, ""}, "delete": {tea.KeyDelete, ""}, "insert": {tea.KeyInsert, ""},
	"f1": {tea.KeyF1, ""}, "f2": {tea.KeyF2, ""}, "f3": {tea.KeyF3, ""}, "f4": {tea.KeyF4, ""}, "f5": {tea.KeyF5, ""}, "f6": {tea.KeyF6, ""},
	"f7": {tea.KeyF7, ""}, "f8": {tea.KeyF8, ""}, "f9": {tea.KeyF9, ""}, "f10": {tea.KeyF10, ""}, "f11": {tea.KeyF11, ""}, "f12": {tea.KeyF12, ""},
}

// keyAliases are other names that people write.
var keyAliases = map[string]string{
	"escape": "esc", "return": "enter", "pageup": "pgup", "pagedown": "pgdown", "pgdn": "pgdown", "del": "delete", "ins": "insert", " ": "space",
}

// modifiers in the order in which a terminal library names them.
var modifiers = []struct {
	name string
	mod  tea.KeyMod
}{{"ctrl", tea.ModCtrl}, {"alt", tea.ModAlt}, {"shift", tea.ModShift}}

var errKeyName = errors.New("is no name of a key; allowed are single characters, up, down, left, right, home, end, pgup, pgdown, " +
	"enter, esc, space, tab, backspace, delete, insert, f1 to f12, and ctrl+, alt+ or shift+ before one of these")

// Parse reads the name of a key. The message is what that key would send, and
// its String is the name that keys are compared by.
func Parse(text string) (tea.KeyPressMsg, error) {
	var mod tea.KeyMod
	rest := text
	for {
		head, after, found := strings.Cut(rest, "+")
		if !found || head == "" || after == "" {
			break
		}
		i := slices.IndexFunc(modifiers, func(m struct {
			name string
			mod  tea.KeyMod
		}) bool {
			return m.name == strings.ToLower(head)
		})
		if i < 0 {
			return tea.KeyPressMsg{}, errKeyName
		}
		mod, rest = mod|modifiers[i].mod, after
	}
	name := strings.ToLower(rest)
	if alias, ok := keyAliases[name]; ok {
		name = alias
	}
	if k, ok := namedKeys[name]; ok {
		msg := tea.KeyPressMsg{Code: k.code, Mod: mod}
		if name == "space" && mod == 0 {
			msg.Text = " "
		}
		return msg, nil
	}
	r, size := utf8.DecodeRuneInString(rest)
	if size == 0 || size != len(rest) || r == utf8.RuneError || !unicode.IsPrint(r) {
		return tea.KeyPressMsg{}, errKeyName
	}
	if mod&tea.ModShift != 0 && mod&^tea.ModShift == 0 {
		r, mod = unicode.ToUpper(r), 0
	}
	if mod == 0 {
		return tea.KeyPressMsg{Code: unicode.ToLower(r), Text: string(r)}, nil
	}
	return tea.KeyPressMsg{Code: unicode.ToLower(r), Mod: mod}, nil
}

// Show is how the name of a key is printed.
func Show(name string) string {
	if k, ok := namedKeys[name]; ok && k.show != "" {
		return k.show
	}
	return name
}
