package termsafe_test

import (
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"optflow/model/termsafe"

	"github.com/rivo/uniseg"
)

func TestString(t *testing.T) {
	const all = math.MaxInt
	for _, tt := range []struct {
		name, in string
		max      int
		want     string
	}{
		{"clean", "NVDA 180 C", all, "NVDA 180 C"},
		{"empty", "", 10, ""},
		{"cut", "NVDA 180 C", 4, "NVDA"},
		{"no room", "NVDA", 0, ""},
		{"negative room", "né", -1, ""},
		{"colour", "\x1b[31mred\x1b[0m", all, "[31mred[0m"},
		{"title and bell", "\x1b]0;owned\a", all, "]0;owned"},
		{"clipboard, 8 bit", "\u009d52;c;eA==\u009c", all, "52;c;eA=="},
		{"string controls", "\x1bPq\x1b\\ \x1b_a\x1b\\ \u0090\u009f", all, `Pq\ _a\ `},
		{"raw C1 byte", "a\x9bb", all, "a\ufffdb"},
		{"NUL DEL CR BS", "a\x00b\x7fc\rd\be", all, "abcde"},
		{"lines and tabs", "a\r\nb\tc\u2028d\u2029e", all, "a b c d e"},
		{"bidi", "\u202eevil\u202c \u2066x\u2069\u200f", all, "evil x"},
		{"zero width", "a\u200bb\u200dc\ufeffd\u00ade", all, "abcde"},
		{"invalid UTF-8", "a\xffb\xc3", all, "a\ufffdb\ufffd"},
		{"surrogate", "a\xed\xa0\x80b", all, "a\ufffd\ufffd\ufffdb"},
		{"private and unassigned", "a\ue0b0b\u0378", all, "a\ufffdb\ufffd"},
		{"marks", "e" + strings.Repeat("\u0301", 200) + "f", all, "e\u0301\u0301f"},
		{"mark at the start", "\u0301a", all, "a"},
		{"mark after a newline", "a\n\u0301b", all, "a \u0301b"},
		{"accents", "Société Générale – 5 €", all, "Société Générale – 5 €"},
		{"wide", "日本語", 5, "日本"},
		{"wide exact", "日本語", 6, "日本語"},
		{"mark stays with its base", "ae\u0301b", 2, "ae\u0301"},
		{"emoji taken apart", "👩\u200d🚀", all, "👩🚀"},
		{"skin tone", "👍🏻", all, "👍"},
		{"variation selector", "❤\ufe0f", all, "❤"},
		{"long Hangul", "\u1112" + strings.Repeat("\u1161", 50), all, "\u1112\u1161\u1161"},
	} {
		if got := termsafe.String(tt.in, tt.max); got != tt.want {
			t.Errorf("%s: String(%q, %d) = %q, want %q", tt.name, tt.in, tt.max, got, tt.want)
		}
	}
}

func TestCleanTextCostsNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { termsafe.String("NVDA 180 C 18Dec26", 12) }); n != 0 {
		t.Errorf("%v allocations for clean ASCII", n)
	}
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"NVDA", "\x1b]52;c;x\a", "\u202eab", "é\u0301\u0301\u0301", "日本\xff", "🇺🇸👩\u200d🚀", "\u1112\u1161\u11ab"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, max int) {
		got := termsafe.String(s, max)
		if !utf8.ValidString(got) {
			t.Fatalf("%q became invalid: %q", s, got)
		}
		marks := marksLimit
		for _, r := range got {
			if r != utf8.RuneError && !unicode.IsGraphic(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%q kept %U", s, r)
			}
			if marks++; !unicode.Is(unicode.M, r) {
				marks = 0
			}
			if marks > marksLimit {
				t.Fatalf("%q kept %d marks on one base", s, marks)
			}
		}
		if width := uniseg.StringWidth(got); width > max && got != "" {
			t.Fatalf("%q is %d cells wide, asked for %d", got, width, max)
		}
		if again := termsafe.String(got, max); again != got {
			t.Fatalf("%q became %q the second time", got, again)
		}
	})
}

const marksLimit = 2

func BenchmarkClean(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		termsafe.String("O:SPXW260105P06850000", 40)
	}
}
