package filter

import (
	"testing"

	"pgregory.net/rapid"
)

// Two filters together take what each of them takes, know what each lacks and
// print as a line that does the same.
func TestBothTakeWhatEachTakes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := parse(t, Print(drawNode(rt, 2))), parse(t, Print(drawNode(rt, 2)))
		both := Both(a, b)
		line := parse(t, both.String())
		r, c := drawRow(rt)
		want := a.Match(r, c, now()).And(b.Match(r, c, now()))
		if got := both.Match(r, c, now()); got != want {
			rt.Fatalf("%s with %s: %v, want %v", a, b, got, want)
		}
		if got := line.Match(r, c, now()); got != want {
			rt.Fatalf("%s printed as %s: %v, want %v", a, line, got, want)
		}
		if lacks := both.Lacks(r, c, now()); (lacks != 0) != (want == Unknown) {
			rt.Fatalf("%s lacks %s and is %v", both, lacks, want)
		}
		if both.Asks() != a.Asks()|b.Asks() {
			rt.Fatalf("%s asks for %s", both, both.Asks())
		}
	})
	f := parse(t, "nvda")
	if Both(nil, f) != f || Both(f, nil) != f || Both(nil, nil) != nil {
		t.Error("nil takes all")
	}
}
