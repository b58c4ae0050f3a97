package ticker

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestRead(t *testing.T) {
	for word, want := range map[string]string{
		"SPY": "SPY", "spy": "SPY", " qqq ": "QQQ", "F": "F", "$SPX": "SPX", "$nvda": "NVDA", "ABCDEF": "ABCDEF",
		"BRK.B": "BRK.B", "brk/b": "BRK.B", "BRK-B": "BRK.B", "BRKB": "BRKB", "CWEN.A": "CWEN.A", "$BF-B": "BF.B", "HEI/A": "HEI.A",
		"I:SPX": "SPX", "i:rui": "I:RUI", "I:MXEF": "I:MXEF", "I:NDX100": "I:NDX100", "MXEF": "MXEF",
	} {
		if got, err := Read(word); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", word, got, err, want)
		}
	}
}

// What is no ticker is refused in words, with what it may stand for.
func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ word, meant string }{
		{"^SPX", "SPX"}, {".SPX", "SPX"}, {"O:SPY", "SPY"}, {"SPXW", "SPX"}, {"ndxp", "NDX"}, {"SPX.X", "SPX"}, {"$SPX.X", "SPX"},
		{"O:SPXW261218C06000000", "SPX"}, {"SPY261218C00600000", "SPY"}, {"O:BRKB1261218C00600000", "BRKB"},
		{"SDS1", "SDS"}, {"AAPL7", "AAPL"}, {"BRK..B", "BRK.B"}, {"BRK.", "BRK"}, {"BRK_B", "BRK.B"}, {`"SPY"`, "SPY"}, {"SPY.US", "SPY"},
		{"#NVDA", "NVDA"}, {"I:.SPX", "SPX"}, {"(SPY)", "SPY"}, {"^SPXW", "SPX"}, {"I:SPXW", "SPX"},
		{"..", ""}, {"", ""}, {".", ""}, {"$", ""}, {"I:", ""}, {"TOOLONGNAME", ""}, {"ＳＰＹ", ""}, {"\x1b[2J", "2J"},
		{strings.Repeat("X", 4000), ""},
	} {
		got, err := Read(tt.word)
		var wrong *Error
		if !errors.As(err, &wrong) {
			t.Errorf("%q was taken as %q, %v", tt.word, got, err)
			continue
		}
		if wrong.Meant != tt.meant {
			t.Errorf("%q: suggests %q, want %q", tt.word, wrong.Meant, tt.meant)
		}
		if text := err.Error(); len(text) > 160 || strings.ContainsFunc(text, unicode.IsControl) || tt.meant != "" && !strings.Contains(text, "did you mean "+tt.meant+"?") {
			t.Errorf("%q: error %q", tt.word, text)
		}
	}
}

func TestList(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"spy, QQQ  nvda;amd", []string{"SPY", "QQQ", "NVDA", "AMD"}},
		{"SPY\r\nQQQ\rNVDA\tAMD", []string{"SPY", "QQQ", "NVDA", "AMD"}},
		{"SPX $SPX I:SPX RUI I:RUI QQQ", []string{"SPX", "I:RUI", "QQQ"}},
		{"BRK.B,BRK/B,BRKB,BRK-B", []string{"BRK.B"}},
		{" , ", nil},
	} {
		if got, err := List(tt.text); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, %v; want %q", tt.text, got, err, tt.want)
		}
	}
	if _, err := List("SPY,^SPX,QQQ"); err == nil || err.Error() != `"^SPX" is no ticker: did you mean SPX?` {
		t.Errorf("a list with a wrong word: %v", err)
	}
}

func TestSame(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"BRK.B", "BRKB", true}, {"BRK/B", "BRK-B", true}, {"I:SPX", "SPX", true}, {"SPY", "SPY", true}, {"SPY", "SPX", false}, {"BRK.A", "BRK.B", false},
	} {
		if Same(tt.a, tt.b) != tt.want {
			t.Errorf("%s and %s: want %t", tt.a, tt.b, tt.want)
		}
	}
}

func TestSpellings(t *testing.T) {
	for name, want := range map[string]string{"BRK/B": "BRKB BRK.B", "BRK.B": "BRKB BRK.B", "I:SPX": "SPX SP.X", "A": "A", "AAPL7": "AAPL7"} {
		if got := strings.Join(Spellings(name), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A suggestion is itself a ticker, whatever the word was.
func FuzzRead(f *testing.F) {
	for _, word := range []string{"SPY", "$SPX", "I:SPX", "^SPX", "..", "BRK/B", "O:SPY261218C00600000", "SPXW", "SPXW6", "\xff.B", "7"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		name, err := Read(word)
		var wrong *Error
		switch {
		case err == nil:
			if again, err := Read(name); err != nil || again != name {
				t.Errorf("%q is %q, which is %q, %v", word, name, again, err)
			}
			if key := Key(name); key == "" || Key(key) != key || Vendor(name) != Bare(name) {
				t.Errorf("%q is %q: key %q, as a vendor's %q", word, name, Key(name), Vendor(name))
			}
		case !errors.As(err, &wrong) || strings.ContainsFunc(err.Error(), unicode.IsControl):
			t.Errorf("%q: error %q", word, err)
		case wrong.Meant != "":
			if name, err := Read(wrong.Meant); err != nil || name != wrong.Meant {
				t.Errorf("%q: suggests %q, which is %q, %v", word, wrong.Meant, name, err)
			}
		}
	})
}
