package ledger

import (
	"testing"

	"pgregory.net/rapid"
)

func TestInterest(t *testing.T) {
	for name, test := range map[string]struct {
		size           int64
		oi             Number // of the fired day's morning
		m              *Morning
		opened, closed int64
		cannot         string
	}{
		"all of it opened":    {100, 500, &Morning{OI: 600, Volume: 100}, 100, 0, ""},
		"others traded, too":  {100, 500, &Morning{OI: 600, Volume: 140}, 60, 0, ""},
		"it may be others":    {100, 500, &Morning{OI: 550, Volume: 300}, 0, 0, ""},
		"closed":              {100, 500, &Morning{OI: 420, Volume: 110}, 0, 70, ""},
		"more than it can be": {100, 500, &Morning{OI: 900, Volume: 110}, 100, 0, ""},
		"nothing yet":         {100, 500, nil, 0, 0, "not yet"},
		"a gap":               {100, 500, &Morning{OI: 600, Volume: 100, Gap: true}, 0, 0, "the day's volume is not known"},
		"no volume":           {100, 500, &Morning{OI: 600, Volume: None}, 0, 0, "the day's volume is not known"},
		"no open interest":    {100, None, &Morning{OI: 600, Volume: 100}, 0, 0, "no open interest"},
		"too small a volume":  {100, 500, &Morning{OI: 600, Volume: 99}, 0, 0, "the day's volume is less than what fired"},
	} {
		a := fired(func(a *Alert) { a.Size, a.OI = test.size, test.oi })
		f := followed(a)
		f.Morning = test.m
		b, cannot := f.Interest()
		if b.Opened != test.opened || b.Closed != test.closed || cannot != test.cannot {
			t.Errorf("%s: %+v %q", name, b, cannot)
		}
	}
}

// The bound is never above the truth: trades of a day open or close positions on
// either side as they like.
func TestBoundIsNeverAboveTheTruth(t *testing.T) {
	some := 0
	rapid.Check(t, func(t *rapid.T) {
		var size, volume, opened, closed int64
		interest := int64(rapid.IntRange(0, 2000).Draw(t, "interest"))
		before := interest
		for range rapid.IntRange(1, 30).Draw(t, "trades") {
			lots := int64(rapid.IntRange(1, 300).Draw(t, "lots"))
			ours := rapid.IntRange(0, 2).Draw(t, "ours") == 0
			volume += lots
			if ours {
				size += lots
			}
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0: // both sides open
				interest += lots
				if ours {
					opened += lots
				}
			case 1: // both sides close, as far as there is something to close
				if interest >= lots {
					interest -= lots
					if ours {
						closed += lots
					}
				}
			}
		}
		f := followed(fired(func(a *Alert) { a.Size, a.OI = size, Number(before) }))
		f.Morning = &Morning{OI: Number(interest), Volume: Number(volume)}
		b, cannot := f.Interest()
		if cannot != "" || b.Opened > opened || b.Closed > closed {
			t.Fatalf("%+v %q, truly %d opened and %d closed", b, cannot, opened, closed)
		}
		if b.Opened > 0 || b.Closed > 0 {
			some++
		}
	})
	if some == 0 {
		t.Error("nothing was ever told")
	}
}
