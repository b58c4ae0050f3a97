package filter

import (
	"testing"

	"optflow/model"
)

// mark=! asks whoever knows what fired; where nobody does nothing has.
func TestMarkFired(t *testing.T) {
	c, err := model.ParseContract("O:SPY261218C00500000")
	if err != nil {
		t.Fatal(err)
	}
	hit := &model.Burst{Row: model.Row{Start: 7, Premium: 50_000, OpenInterest: model.UnknownCount}}
	other := &model.Burst{Row: model.Row{Start: 8, Premium: 2_000_000, OpenInterest: model.UnknownCount}}
	fired := func(r *model.Burst) bool { return r.Start == 7 }
	for _, want := range []struct {
		text       string
		fired      func(*model.Burst) bool
		hit, other Truth
	}{
		{"mark=!", fired, True, False}, {"mark=!", nil, False, False}, {"mark!=!", fired, False, True}, {"mark=!,W", fired, True, True},
		{"mark=! calls", fired, True, False}, {"not mark=!", fired, False, True},
	} {
		f, err := Parse(want.text, Env{Fired: want.fired})
		if err != nil {
			t.Errorf("%s: %v", want.text, err)
			continue
		}
		if got, not := f.Match(hit, &c, 0), f.Match(other, &c, 0); got != want.hit || not != want.other {
			t.Errorf("%s: %v and %v, want %v and %v", want.text, got, not, want.hit, want.other)
		}
		if again, err := Parse(f.String(), Env{}); err != nil || again.String() != f.String() {
			t.Errorf("%s prints as %s: %v", want.text, f, err)
		}
	}
}
