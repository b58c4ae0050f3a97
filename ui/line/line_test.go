package line

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"optflow/ui/paint"
)

// press makes the message of a key: a letter, or one of those that edit.
func press(name string) tea.KeyPressMsg {
	codes := map[string]rune{"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete}
	parts := strings.Split(name, "+")
	last := parts[len(parts)-1]
	k := tea.KeyPressMsg{Code: codes[last]}
	if k.Code == 0 {
		k.Code = rune(last[0])
	}
	for _, held := range parts[:len(parts)-1] {
		k.Mod |= map[string]tea.KeyMod{"ctrl": tea.ModCtrl, "alt": tea.ModAlt}[held]
	}
	if k.Mod == 0 && codes[last] == 0 {
		k.Text = last
	}
	return k
}

// plain edits a text the plain way: what is left of the caret and what is right.
func plain(left, right, name string) (string, string) {
	word := func(s string) int { return strings.LastIndexByte(strings.TrimRight(s, " "), ' ') + 1 }
	next := func(s string) int {
		blanks := len(s) - len(strings.TrimLeft(s, " "))
		if i := strings.IndexByte(s[blanks:], ' '); i >= 0 {
			return blanks + i
		}
		return len(s)
	}
	all := left + right
	switch name {
	case "left", "ctrl+b":
		n := max(len(left)-1, 0)
		return all[:n], all[n:]
	case "right", "ctrl+f":
		n := min(len(left)+1, len(all))
		return all[:n], all[n:]
	case "ctrl+left", "alt+left", "alt+b":
		return left[:word(left)], all[word(left):]
	case "ctrl+right", "alt+right", "alt+f":
		return left + right[:next(right)], right[next(right):]
	case "home", "ctrl+a":
		return "", all
	case "end", "ctrl+e":
		return all, ""
	case "backspace", "ctrl+h":
		return left[:max(len(left)-1, 0)], right
	case "delete", "ctrl+d":
		return left, right[min(1, len(right)):]
	case "ctrl+w", "alt+backspace":
		if word(left) == 1 { // a blank that begins the line goes with its first word
			return "", right
		}
		return left[:word(left)], right
	case "alt+d", "alt+delete":
		return left, right[next(right):]
	case "ctrl+u":
		return "", right
	case "ctrl+k":
		return left, ""
	}
	return (left + name), right
}

// Every key does what it does to a text that is edited the plain way.
func TestKeysEdit(t *testing.T) {
	names := []string{
		"a", "b", " ", " ", "left", "ctrl+b", "right", "ctrl+f", "ctrl+left", "alt+left", "alt+b", "ctrl+right", "alt+right", "alt+f", "home", "ctrl+a",
		"end", "ctrl+e", "backspace", "ctrl+h", "delete", "ctrl+d", "ctrl+w", "alt+backspace", "alt+d", "alt+delete", "ctrl+u", "ctrl+k",
	}
	rapid.Check(t, func(rt *rapid.T) {
		l := New(nil)
		left, right := rapid.StringMatching(`[ab ]{0,12}`).Draw(rt, "text"), ""
		l.Set(left)
		for range rapid.IntRange(1, 20).Draw(rt, "keys") {
			name := rapid.SampledFrom(names).Draw(rt, "key")
			if !l.Key(press(name)) {
				rt.Fatalf("%s is not taken", name)
			}
			left, right = plain(left, right, name)
			if l.Before() != left || l.String() != left+right {
				rt.Fatalf("after %s: %q with %q before the caret, want %q and %q", name, l.String(), l.Before(), left+right, left)
			}
		}
	})
}

func TestWhatIsTyped(t *testing.T) {
	l := New(nil)
	l.Paste("nvda\r\ncalls\té世\x1b\x00\u00a0x")
	if got := l.String(); got != "nvda calls  x" {
		t.Errorf("%q", got)
	}
	l.Paste(strings.Repeat("y", 2*most))
	if got := l.String(); len(got) != most || !strings.HasPrefix(got, "nvda calls  xy") {
		t.Errorf("%d letters", len(got))
	}
	for _, name := range []string{"ctrl+v", "tab", "ctrl+n", "ctrl+p", "f1"} { // the machine's clipboard and suggestions are not the line's
		before := l.String()
		k := press(strings.Replace(strings.Replace(name, "tab", "left", 1), "f1", "left", 1))
		switch name {
		case "tab":
			k = tea.KeyPressMsg{Code: tea.KeyTab}
		case "f1":
			k = tea.KeyPressMsg{Code: tea.KeyF1}
		}
		if l.Key(k) || l.String() != before {
			t.Errorf("%s is taken", name)
		}
	}
	if l.Leaves(press("backspace")) {
		t.Error("a line with text is left")
	}
	l.Set("")
	if !l.Leaves(press("backspace")) || l.Leaves(press("left")) {
		t.Error("an empty line is not left by backspace alone")
	}
}

// The caret is always in, and as many cells are written as there are.
func TestLineIsShown(t *testing.T) {
	themes, err := paint.NewThemes(nil)
	if err != nil {
		t.Fatal(err)
	}
	th := themes.Theme(paint.Mono, false, paint.NoColours)
	shown := func(l *Line, width, room int, wrong *Range) (string, int) {
		var p paint.Pen
		p.Line(th, paint.OnPlain, width)
		caret := l.Show(&p, room, wrong)
		return p.End(), caret
	}
	rapid.Check(t, func(rt *rapid.T) {
		l := New(nil)
		l.Set(rapid.StringMatching(`[a-z]{0,40}`).Draw(rt, "text"))
		l.caret = rapid.IntRange(0, len(l.text)).Draw(rt, "caret")
		room := rapid.IntRange(-2, 20).Draw(rt, "room")
		var wrong *Range
		if rapid.Bool().Draw(rt, "is wrong") {
			wrong = &Range{rapid.IntRange(-1, 45).Draw(rt, "from"), rapid.IntRange(-1, 45).Draw(rt, "to"), paint.Wrong}
		}
		line, caret := shown(&l, 30, room, wrong)
		if caret < 0 || caret >= max(room, 1) {
			rt.Fatalf("the caret is at %d in %d cells", caret, room)
		}
		text := strings.TrimRight(strip(line), " ")
		if !strings.HasSuffix(l.String()[:min(len(l.Before())+max(room, 1), len(l.String()))], text) && !strings.Contains(l.String(), text) || len(text) > max(room, 1) {
			rt.Fatalf("%q shows %q in %d", l.String(), text, room)
		}
	})
	l := New(nil)
	l.Set("prem>=25x")
	line, _ := shown(&l, 20, 15, &Range{6, 9, paint.Wrong})
	if want := "\x1b[0mprem>=\x1b[0;4m25x"; !strings.HasPrefix(line, want) {
		t.Errorf("%q", line)
	}
	l.Set("prem>=")
	line, _ = shown(&l, 20, 15, &Range{6, 6, paint.Wrong})
	if want := "\x1b[0mprem>=\x1b[0;4m \x1b[0m"; !strings.HasPrefix(line, want) {
		t.Errorf("%q", line)
	}
}

// strip takes the attributes off a line.
func strip(line string) string {
	for {
		from := strings.IndexByte(line, 0x1b)
		if from < 0 {
			return line
		}
		to := strings.IndexByte(line[from:], 'm')
		line = line[:from] + line[from+to+1:]
	}
}

func TestCompletionGoesRound(t *testing.T) {
	find := func(text string) ([]string, int) {
		if text == "sort p" {
			return []string{"premium", "price"}, 5
		}
		return nil, 0
	}
	l := New(nil)
	l.Set("sort p rest")
	l.caret = 6
	for _, want := range []string{"sort premium rest", "sort price rest", "sort premium rest"} {
		if l.Complete(1, find); l.String() != want || !l.Offers() {
			t.Errorf("%q, want %q", l.String(), want)
		}
	}
	if l.Complete(-1, find); l.Before() != "sort price" {
		t.Errorf("%q is before the caret", l.Before())
	}
	l.Key(press("x"))
	if l.Offers() {
		t.Error("it offers what is typed over")
	}
	l.Set("nothing")
	if l.Complete(1, find); l.String() != "nothing" || l.Offers() {
		t.Errorf("%q", l.String())
	}
}
