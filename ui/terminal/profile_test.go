package terminal

import (
	"testing"

	"github.com/charmbracelet/colorprofile"
)

func TestProfiles(t *testing.T) {
	for _, c := range []struct {
		colour Colour
		env    []string
		want   colorprofile.Profile
	}{
		{ColourAuto, []string{"TERM=xterm-256color"}, colorprofile.ANSI256},
		{ColourAuto, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, colorprofile.TrueColor},
		{ColourAuto, []string{"TERM=xterm"}, colorprofile.ANSI},
		{ColourAuto, []string{"TERM=xterm-256color", "NO_COLOR=yes"}, colorprofile.ASCII},
		{ColourAuto, []string{"TERM=xterm-256color", "NO_COLOR="}, colorprofile.ANSI256},
		{ColourAuto, []string{"TERM=dumb"}, colorprofile.ASCII},
		{ColourNever, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, colorprofile.ASCII},
		{ColourAlways, []string{"TERM=xterm-256color", "NO_COLOR=1"}, colorprofile.ANSI256},
		{ColourAlways, []string{"TERM=dumb"}, colorprofile.ANSI},
	} {
		if got := Profile(c.colour, c.env); got != c.want {
			t.Errorf("%s with %v is %v, want %v", c.colour, c.env, got, c.want)
		}
	}
}
