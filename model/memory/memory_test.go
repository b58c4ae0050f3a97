package memory

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model"
)

// What one choice says stays when another one is kept.
func TestChoicesWith(t *testing.T) {
	c := Choices{}.With(Choices{Tickers: []string{"AMD"}}).With(Choices{Theme: "light"}).With(Choices{Sort: "-premium", View: "contracts", Tab: "Big"}).With(Choices{Theme: "mono"})
	if diff := cmp.Diff(Choices{Tickers: []string{"AMD"}, Theme: "mono", Sort: "-premium", View: "contracts", Tab: "Big"}, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPinInterest: the same date twice is no change, an earlier one no news.
func TestPinInterest(t *testing.T) {
	var p Pin
	for i, c := range []struct {
		d    model.Date
		oi   uint32
		news bool
	}{{10, 5, true}, {10, 5, false}, {10, 6, true}, {9, 4, false}, {11, model.UnknownCount, false}, {12, 9, true}} {
		if got := p.Note(c.d, c.oi); got != c.news {
			t.Errorf("%d: news %v", i, got)
		}
	}
	if d, was, ok := p.AsOf(12); !ok || d != 10 || was != 6 {
		t.Errorf("before 12: %d %d %v", d, was, ok)
	}
	if d, was, ok := p.AsOf(13); !ok || d != 12 || was != 9 {
		t.Errorf("before 13: %d %d %v", d, was, ok)
	}
}
