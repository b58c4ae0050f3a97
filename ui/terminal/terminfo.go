package terminal

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/xo/terminfo"
)

// terminfoMost bounds a description: the format has 32 KiB at most (term(5)).
const terminfoMost = 32 << 10

// terminfoPlaces are where systems keep their descriptions of terminals.
var terminfoPlaces = []string{"/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo", "/usr/local/share/terminfo", "/usr/share/lib/terminfo"}

// colourlessNames are terminals without colours, for systems without a
// description of them: the DEC ones but for the last, and what is named
// monochrome.
var colourlessNames = regexp.MustCompile(`^vt(\d\d|[1-4]\d\d|5[01]\d|520)\b|[-+]m(ono)?$|^(sun|unknown|network|dialup)$`)

// colourless reports whether a terminal is described as one without colours.
// What describes itself as one has them neither where COLORTERM was inherited
// from the terminal around it.
func colourless(env []string) bool {
	name := Env(env, "TERM")
	if name == "" || strings.ContainsAny(name, "/\x00") {
		return false
	}
	for _, place := range terminfoSearch(env) {
		for _, dir := range []string{name[:1], fmt.Sprintf("%x", name[0])} { // the latter where names of files have no case
			if ti := readTerminfo(filepath.Join(place, dir, name)); ti != nil {
				return ti.Nums[terminfo.MaxColors] <= 0
			}
		}
	}
	return colourlessNames.MatchString(name)
}

// terminfoSearch is where to look for a description, in this order (terminfo(5)).
func terminfoSearch(env []string) []string {
	var places []string
	if dir := Env(env, "TERMINFO"); dir != "" {
		places = append(places, dir)
	}
	if home := Env(env, "HOME"); home != "" {
		places = append(places, filepath.Join(home, ".terminfo"))
	}
	for _, dir := range filepath.SplitList(Env(env, "TERMINFO_DIRS")) {
		if dir != "" {
			places = append(places, dir)
		}
	}
	return append(places, terminfoPlaces...)
}

// readTerminfo is nil where there is no description, or none that can be read.
func readTerminfo(path string) *terminfo.Terminfo {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	file, err := os.Open(path) // #nosec G304 -- where the environment of whoever runs this says
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, terminfoMost))
	if err != nil {
		return nil
	}
	ti, err := terminfo.Decode(text)
	if err != nil {
		return nil
	}
	return ti
}

// ASCII reports whether a terminal is to be drawn on with ASCII only: its
// locale names another encoding than UTF-8, or it is one of those whose fonts
// lack the glyphs. No locale at all says nothing: that is how containers and
// many ssh sessions come, from terminals that speak UTF-8.
func ASCII(env []string) bool {
	switch name := Env(env, "TERM"); {
	case name == "linux", name == "dumb", strings.HasPrefix(name, "vt1"), strings.HasPrefix(name, "vt2"), strings.HasPrefix(name, "ansi"):
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(Env(env, name)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}
