package terminal

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/xo/terminfo"
)

// describe writes the description of a terminal, as term(5) has it; -1 colours
// is a description that says nothing of them.
func describe(t *testing.T, dir, name string, colours int16) {
	t.Helper()
	names := []byte(name + "|a terminal\x00")
	if len(names)%2 != 0 {
		names = append([]byte(name+"|a  terminal"), 0)
	}
	nums := make([]int16, terminfo.MaxColors+1)
	for i := range nums {
		nums[i] = -1
	}
	nums[terminfo.MaxColors] = colours
	var file bytes.Buffer
	for _, part := range []any{[]int16{0o432, int16(len(names)), 0, int16(len(nums)), 0, 0}, names, nums} {
		if err := binary.Write(&file, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, name[:1]), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name[:1], name), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTerminalsWithoutColours(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	describe(t, dir, "paper", -1)
	describe(t, dir, "crayon", 8)
	describe(t, dir, "vt100", 8) // somebody's own
	describe(t, filepath.Join(home, ".terminfo"), "slate", -1)
	if err := os.WriteFile(filepath.Join(dir, "p", "pulp"), bytes.Repeat([]byte{1}, 100), 0o600); err != nil {
		t.Fatal(err)
	}
	none := []string{"TERMINFO=" + t.TempDir()}
	own := []string{"TERMINFO=" + dir, "HOME=" + home}
	for _, c := range []struct {
		env    []string
		colour Colour
		want   colorprofile.Profile
	}{
		{append(own, "TERM=paper"), ColourAuto, colorprofile.ASCII},
		{append(own, "TERM=paper", "COLORTERM=truecolor"), ColourAuto, colorprofile.ASCII}, // of the terminal around it
		{append(own, "TERM=paper"), ColourAlways, colorprofile.ANSI},
		{append(own, "TERM=slate"), ColourAuto, colorprofile.ASCII},
		{append(own, "TERM=crayon"), ColourAuto, colorprofile.ANSI},
		{append(own, "TERM=vt100"), ColourAuto, colorprofile.ANSI},
		{append(own, "TERM=pulp"), ColourAuto, colorprofile.ANSI}, // unreadable says nothing
		{append(own, "TERM=../p/paper"), ColourAuto, colorprofile.ANSI},
		{[]string{"TERMINFO_DIRS=:" + dir, "TERM=paper"}, ColourAuto, colorprofile.ASCII},
		{append(none, "TERM=xterm-mono"), ColourAuto, colorprofile.ASCII},
		{append(none, "TERM=vt100"), ColourAuto, colorprofile.ASCII},
		{append(none, "TERM=vt220"), ColourAuto, colorprofile.ASCII},
		{append(none, "TERM=vt102-w"), ColourAuto, colorprofile.ASCII},
		{append(none, "TERM=rxvt-m"), ColourAuto, colorprofile.ASCII},
		{append(none, "TERM=vt525"), ColourAuto, colorprofile.ANSI},
		{append(none, "TERM=xterm"), ColourAuto, colorprofile.ANSI},
		{append(none, "TERM=xterm-256color"), ColourAuto, colorprofile.ANSI256},
		{append(none, "TERM=xterm-kitty"), ColourAuto, colorprofile.TrueColor},
		{append(none, "TERM=screen.xterm-256color"), ColourAuto, colorprofile.ANSI256},
	} {
		if got := Profile(c.colour, c.env); got != c.want {
			t.Errorf("%v, %s: %v, want %v", c.env, c.colour, got, c.want)
		}
	}
}
