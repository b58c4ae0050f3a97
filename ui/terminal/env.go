package terminal

import (
	"strconv"
	"strings"
)

// LightGround reads COLORFGBG, which some terminals set to the numbers of their
// text and ground, such as "0;15" or "0;default;15".
func LightGround(env []string) bool {
	n, err := strconv.Atoi(lastPart(Env(env, "COLORFGBG")))
	return err == nil && (n == 7 || n >= 9 && n <= 15)
}

func lastPart(text string) string { return text[strings.LastIndexByte(text, ';')+1:] }

// Env is the last value of a variable.
func Env(env []string, name string) string {
	value := ""
	for _, entry := range env {
		if n, v, ok := strings.Cut(entry, "="); ok && n == name {
			value = v
		}
	}
	return value
}

// Tmux is the name of tmux where it is asked as a clipboard.
const Tmux = "tmux"

// InTmux tells tmux, which keeps the sequences of its programs to itself.
func InTmux(env []string) bool { return Env(env, "TMUX") != "" }

// InScreen tells GNU screen, which passes on what stands in a DCS. Windows opened
// from inside it inherit STY and have another TERM.
func InScreen(env []string) bool {
	return !InTmux(env) && Env(env, "STY") != "" && strings.HasPrefix(Env(env, "TERM"), "screen")
}
