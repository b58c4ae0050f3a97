package terminal

import (
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// Describe says in words what is known of a terminal without asking it:
// its name, its colours, and what it runs in.
func Describe(c Colour, env []string) string {
	parts := []string{"TERM=" + Env(env, "TERM")}
	switch Profile(c, env) {
	case colorprofile.TrueColor:
		parts = append(parts, "16 million colours")
	case colorprofile.ANSI256:
		parts = append(parts, "256 colours")
	case colorprofile.ANSI:
		parts = append(parts, "16 colours")
	default:
		parts = append(parts, "no colours")
	}
	for _, inside := range []struct{ variable, name string }{{"TMUX", "tmux"}, {"STY", "screen"}, {"SSH_CONNECTION", "ssh"}, {"ZELLIJ", "zellij"}} {
		if Env(env, inside.variable) != "" {
			parts = append(parts, "in "+inside.name)
		}
	}
	return strings.Join(parts, ", ")
}
