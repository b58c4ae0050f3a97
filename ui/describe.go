package ui

import (
	"optflow/ui/paint"
	"strings"
)

// DescribeTerminal says in words what is known of a terminal without asking it:
// its name, its colours, and what it runs in.
func DescribeTerminal(c Colour, env []string) string {
	parts := []string{"TERM=" + lookupEnv(env, "TERM")}
	switch paint.DepthOf(profileOf(c, env)) {
	case paint.TrueColour:
		parts = append(parts, "16 million colours")
	case paint.Colours256:
		parts = append(parts, "256 colours")
	case paint.Colours16:
		parts = append(parts, "16 colours")
	default:
		parts = append(parts, "no colours")
	}
	for _, inside := range []struct{ variable, name string }{{"TMUX", "tmux"}, {"STY", "screen"}, {"SSH_CONNECTION", "ssh"}, {"ZELLIJ", "zellij"}} {
		if lookupEnv(env, inside.variable) != "" {
			parts = append(parts, "in "+inside.name)
		}
	}
	return strings.Join(parts, ", ")
}
