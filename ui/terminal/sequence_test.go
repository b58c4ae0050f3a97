package terminal

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"pgregory.net/rapid"
)

// decoded is what the screen's library makes of bytes, without waiting.
func decoded(bytes string) (events []string) {
	var d uv.EventDecoder
	for len(bytes) > 0 {
		n, event := d.Decode([]byte(bytes))
		switch event := event.(type) {
		case uv.KeyPressEvent:
			events = append(events, "key "+event.String())
		case nil:
		default:
			events = append(events, fmt.Sprintf("%T %v", event, event))
		}
		bytes = bytes[n:]
	}
	return events
}

func onlyKeys(events []string) []string {
	return slices.DeleteFunc(slices.Clone(events), func(e string) bool { return !strings.HasPrefix(e, "key ") })
}

// line is a filter at the end of a line, with a clock of its own.
type line struct {
	f   filter
	now time.Time
	out string
}

// piece comes some time after the one before; an ESC that is held may become a
// key meanwhile, as Input has it.
func (l *line) piece(after time.Duration, bytes string) {
	l.wait(after)
	l.out += string(l.f.take([]byte(bytes), l.now))
}

func (l *line) wait(d time.Duration) {
	l.now = l.now.Add(d)
	if d > escapeWait && l.f.waiting() {
		l.f.out = l.f.out[:0]
		l.f.expire()
		l.out += string(l.f.out)
	}
}

// Answers of terminals, and reports that come unasked.
var answers = []string{
	"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1b]11;rgb:ffff/ffff/ffff\a", "\x1b]10;rgba:0000/0000/0000/ffff\x9c", "\x1b]4;1;rgb:cd/00/00\a",
	"\x1b]52;c;aGVsbG8gZnE=\x1b\\", "\x1b]lq1 title\x1b\\", "\x1b]Licon\x1b\\",
	"\x1b[?2026;2$y", "\x1b[?2027;0$y", "\x1b[4;2$y", "\x1b[?1u", "\x1b[?62;1;4c", "\x1b[>41;390;0c", "\x1b[?12;1R", "\x1b[24;80R", "\x1b[0n", "\x1b[?997;1n",
	"\x1b[48;24;80;384;640t", "\x1b[8;24;80t", "\x1b[>4;2m", "\x1b[I", "\x1b[O",
	"\x1bP>|XTerm(390)\x1b\\", "\x1bP!|7E4B5445\x1b\\", "\x1bP1+r5463=31\x1b\\", "\x1bP0+r\x1b\\", "\x1bP1$r0;1m\x1b\\", "\x1bP1$r q\x1b\\",
	"\x1b_Gi=31;OK\x1b\\", "\x1b^qjf message\x1b\\", "\x1bXqjf string\x1b\\",
	"\x9b?2026;2$y", "\x9d11;rgb:0/0/0\x9c",
}

// Keys as terminals send them, old and new ways.
var keys = []string{
	"j", "q", "Z", "/", "]", "[", "O", "P", "1", " ", "\r", "\t", "\x03", "\x7f", "\x00", "é", "–", "漢", "🙂",
	"\x1b[A", "\x1b[D", "\x1bOA", "\x1bOP", "\x1b[H", "\x1b[4~", "\x1b[5~", "\x1b[15~", "\x1b[24~", "\x1b[Z", "\x1b[1;5A", "\x1b[3;2~", "\x1bO5P", "\x1b[1;2P",
	"\x1b[23$", "\x1b[3^", "\x1b[a", "\x1bOa",
	"\x1b[27u", "\x1b[106;3u", "\x1b[97:65;2u", "\x1b[57364;5:1u", "\x1b[27;5;9~", "\x1b[27;2;65~",
	"\x1bj", "\x1b1", "\x1b\r", "\x1b\x7f", "\x1bé", "\x1b\x1b[A", "\x1b\x1bOA",
	"\x1b[<0;10;5M", "\x1b[<64;120;30m", "\x1b[M !!", "\x1b[M\xe0\xe1\xff",
}

func TestWholeSequencesPassAsTheyAre(t *testing.T) {
	for _, s := range slices.Concat(answers, keys) {
		var l line
		l.piece(0, s)
		l.wait(time.Hour)
		if l.out != s {
			t.Errorf("%q became %q", s, l.out)
		}
	}
}

// However a line cuts what a terminal sends, with pauses that are no longer than
// lines make them, it comes out as it went in.
func TestCutsChangeNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var l line
		want := ""
		for range rapid.IntRange(1, 6).Draw(rt, "sequences") {
			s := rapid.SampledFrom(slices.Concat(answers, keys)).Draw(rt, "sequence")
			want += s
			for len(s) > 0 {
				n := rapid.IntRange(1, len(s)).Draw(rt, "piece")
				n = max(n, atLeast(s))
				most := pieceWait
				if l.f.waiting() {
					most = escapeWait
				}
				l.piece(time.Duration(rapid.Int64Range(0, int64(most)).Draw(rt, "pause")), s[:n])
				s = s[n:]
			}
		}
		l.wait(time.Hour)
		if l.out != want {
			rt.Fatalf("%q became %q", want, l.out)
		}
	})
}

// atLeast is how much of a string comes at once. Of those that nobody asks for
// one byte behind the introducer is taken for a key, and so is what has their
// form behind a lone ESC.
func atLeast(s string) int {
	for _, unasked := range []string{"\x1b_", "\x1b^", "\x1bX", "\x1b]l", "\x1b]L"} {
		if strings.HasPrefix(s, unasked) {
			return 4
		}
	}
	return 1
}

// However an answer is cut, however long the pauses, it never becomes keys. An
// ESC may, when nothing follows it for a while; its rest does not.
func TestAnswersNeverBecomeKeys(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var l line
		var want []string
		for range rapid.IntRange(1, 4).Draw(rt, "sequences") {
			s := rapid.SampledFrom(answers).Draw(rt, "answer")
			for len(s) > 0 {
				n := max(rapid.IntRange(1, len(s)).Draw(rt, "piece"), atLeast(s))
				l.wait(rapid.SampledFrom(pauses).Draw(rt, "pause"))
				if l.f.wasKey && s[0] != esc { // what comes now is known by its form, which one byte has not
					n = max(n, min(2, len(s)))
				}
				l.piece(0, s[:n])
				s = s[n:]
			}
			if rapid.Bool().Draw(rt, "key") {
				l.piece(0, "k")
				want = append(want, "key k")
			}
		}
		l.wait(time.Hour)
		got := slices.DeleteFunc(onlyKeys(decoded(l.out)), func(e string) bool { return e == "key esc" })
		if !slices.Equal(got, want) {
			rt.Fatalf("%q: keys %q, want %q", l.out, got, want)
		}
	})
}

var pauses = []time.Duration{0, 10 * time.Millisecond, 60 * time.Millisecond, 200 * time.Millisecond, 3 * time.Second, time.Hour}

// pieces are what comes, each some time after the one before.
type pieces []struct {
	after time.Duration
	bytes string
}

func TestWhatPasses(t *testing.T) {
	const late = time.Minute
	for _, c := range []struct {
		what string
		come pieces
		want string
	}{
		{"a lone ESC is a key after a while", pieces{{0, "\x1b"}}, escapeKey},
		{"two of them are two keys", pieces{{0, "\x1b\x1b"}}, escapeKey + escapeKey},
		{"ESC and a key at once is alt", pieces{{0, "\x1b"}, {0, "j"}}, "\x1bj"},
		{"ESC and a key later is both", pieces{{0, "\x1b"}, {100 * time.Millisecond, "j"}}, escapeKey + "j"},
		{"ESC before an answer", pieces{{0, "\x1b\x1b]11;rgb:0/0/0\a"}}, escapeKey + "\x1b]11;rgb:0/0/0\a"},
		{"ESC before a report", pieces{{0, "\x1b\x1b[?2026;2$y"}}, escapeKey + "\x1b[?2026;2$y"},
		{"what is late is dropped whole, and what follows is not", pieces{{0, "\x1b]11;rg"}, {late, "b:0/0/0\x1b\\j"}}, "j"},
		{"late, in a report", pieces{{0, "\x1b[?2026;"}, {late, "2$yj"}}, "j"},
		{"late, in three pieces", pieces{{0, "\x1b[?2026;"}, {late, "2"}, {late, "$"}, {late, "y"}, {0, "j"}}, "j"},
		{"late, between the bytes of the end", pieces{{0, "\x1b]11;x\x1b"}, {late, "\\"}, {0, "j"}}, "j"},
		{"late, an arrow key", pieces{{0, "\x1b["}, {late, "A"}, {0, "j"}}, "j"},
		{"late, a key of a mouse", pieces{{0, "\x1b[M"}, {late, " !!"}, {0, "j"}}, "j"},
		{"ctrl+c goes through an unfinished answer", pieces{{0, "\x1b]11;rg"}, {0, "\x03"}}, "\x03"},
		{"and an arrow key", pieces{{0, "\x1b]11;rg"}, {0, "\x1b[A"}}, "\x1b[A"},
		{"and the escape key", pieces{{0, "\x1b]11;rg"}, {late, "\x1b"}, {late, "j"}}, escapeKey + "j"},
		{"an answer that was cut off by another", pieces{{0, "\x1b]11;rg\x1b[?2026;2$y"}}, "\x1b[?2026;2$y"},
		{"alt+] is not a beginning for ever", pieces{{0, "\x1b]"}, {late, "q"}, {late, "1"}}, "q1"},
		{"nor alt+P", pieces{{0, "\x1bP"}, {0, "q"}}, "q"},
		{"nor alt+^", pieces{{0, "\x1b^"}, {late, "q"}}, "q"},
		{"a paste passes whatever is in it", pieces{{0, "\x1b[200~a\x1b[?2026;2$y\x1b"}, {late, "]11;\x1b[201"}, {late, "~j"}}, "\x1b[200~a\x1b[?2026;2$y\x1b]11;\x1b[201~j"},
		{"a paste that begins late is one", pieces{{0, "\x1b[20"}, {late, "0~quit\x1b[201~j"}}, "\x1b[200~quit\x1b[201~j"},
		{"a paste whose ESC was taken for a key", pieces{{0, "\x1b"}, {late, "[200~quit\x1b[201~j"}}, escapeKey + "\x1b[200~quit\x1b[201~j"},
		{"longer than anything", pieces{{0, "\x1b]52;c;" + strings.Repeat("QUFB", longest) + "\a"}, {0, "j"}}, "j"},
		{"more parameters than decoders take", pieces{{0, "\x1b[" + strings.Repeat("1;", csiParams) + "1m" + "j"}}, "j"},
		{"letters beyond ASCII in a string", pieces{{0, "\x1b]lnaïve ✜\x1b\\j"}}, "j"},
		{"parameters in no order", pieces{{0, "\x1b[?1$2yj"}}, "j"},
		{"a letter, late", pieces{{0, "\xe2\x80"}, {late, "\x93j"}}, "–j"},
		{"half a letter", pieces{{0, "\xe2\x80j"}}, "j"},
		{"function keys of the Linux console", pieces{{0, "\x1b[["}, {0, "A\x1b[[D\x1b[[E"}}, "\x1bOP\x1bOS\x1b[15~"},
	} {
		var l line
		for _, p := range c.come {
			l.piece(p.after, p.bytes)
		}
		l.wait(late)
		if l.out != c.want {
			t.Errorf("%s: %q, want %q", c.what, l.out, c.want)
		}
	}
}

// Whatever came before, nobody is locked out and nothing grows.
func FuzzFilter(f *testing.F) {
	for _, s := range slices.Concat(answers, keys) {
		f.Add(s, 3, false)
	}
	f.Fuzz(func(t *testing.T, bytes string, every int, slow bool) {
		var l line
		pause := time.Duration(0)
		if slow {
			pause = 2 * pieceWait
		}
		for len(bytes) > 0 {
			n := min(max(every, 1), len(bytes))
			l.piece(pause, bytes[:n])
			bytes = bytes[n:]
			if len(l.f.held) > longest {
				t.Fatalf("%d bytes are held", len(l.f.held))
			}
		}
		if l.f.paste {
			l.piece(0, pasteEnd+pasteEnd) // what is half there, and one
		}
		l.out = ""
		l.piece(0, "\x03\x03\x03\x03") // three may be of a mouse
		if !strings.HasSuffix(l.out, "\x03") {
			t.Fatalf("ctrl+c does not come through: %q", l.out)
		}
		l.out = ""
		l.piece(0, "j")
		if l.out != "j" {
			t.Fatalf("j comes through as %q", l.out)
		}
	})
}
