package terminal

import (
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// Colour says whether to use colours.
type Colour string

// The settings of colour.
const (
	ColourAuto   Colour = "auto"   // what terminal and environment say
	ColourAlways Colour = "always" // even if the environment says no
	ColourNever  Colour = "never"
)

// Profile decides on colours: the setting, then NO_COLOR, then what the
// environment says of the terminal. The terminal itself is not asked: the first
// frame waits for nothing.
func Profile(c Colour, env []string) colorprofile.Profile {
	if c == ColourNever {
		return colorprofile.ASCII
	}
	kept := env[:0:0]
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		if name == "NO_COLOR" {
			if value != "" && c != ColourAlways {
				return colorprofile.ASCII
			}
			continue
		}
		kept = append(kept, v)
	}
	p := max(colorprofile.Env(kept), colorprofile.ASCII)
	if p > colorprofile.ASCII && colourless(env) {
		p = colorprofile.ASCII
	}
	if c == ColourAlways {
		p = max(p, colorprofile.ANSI)
	}
	return p
}

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
