package rules

import (
	"fmt"
	"time"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/tape"
)

// Trial is what a rule would have done with what a tape still has.
type Trial struct {
	Fired, Held int
	Since       int64 // ms: start of the first window that could have fired; 0 there was none
	Lacked      int   // bursts that could not be judged
	Lacks       filter.Lack
	Cannot      string // why it cannot be tried; "" it was
	Events      []Event
}

// String is what is said of it: "would have fired 14 times since 09:52 (3 held
// back)".
func (t Trial) String() string {
	if t.Cannot != "" {
		return t.Cannot
	}
	if t.Since == 0 {
		return "nothing has come yet that it could fire for"
	}
	times := "times"
	if t.Fired == 1 {
		times = "time"
	}
	text := fmt.Sprintf("would have fired %d %s since %s", t.Fired, times, time.UnixMilli(t.Since).In(model.NewYork).Format("15:04"))
	if t.Held > 0 {
		text += fmt.Sprintf(" (%d held back)", t.Held)
	}
	if t.Lacked > 0 {
		text += fmt.Sprintf(", %d lacked %s", t.Lacked, t.Lacks)
	}
	return text
}

// trialBatch is how many rows are read at a time.
const trialBatch = 1024

// Try asks a rule of all rows that a tape has, as an Evaluator would have been
// asked when they came. When that was the tape does not say: a row is taken to
// have come when the newest row before it ended. It may take a second for a full
// tape; stop, if any, is asked now and then, and ends it with ok false.
func Try(t *tape.Tape, r *Rule, m Moment, thresholds *model.Rules, stop func() bool) (trial Trial, ok bool) {
	if r.On != OnBurst {
		return Trial{Cannot: "the tape has no sums of earlier moments, so on = \"" + r.On.String() + "\" cannot be tried"}, true
	}
	w := NewWatch(t, Options{Thresholds: thresholds})
	w.Set([]*Rule{r})
	cur := tape.Cursor{Next: t.First()}
	batch := make([]model.Row, trialBatch)
	newest := int64(0)
	for n := 1; n > 0; {
		if stop != nil && stop() {
			return Trial{}, false
		}
		n = t.Read(&cur, batch)
		for i := range batch[:n] {
			row := &batch[i]
			newest = max(newest, row.End())
			m.Now = newest + m.Delayed
			w.At(m)
			w.Row(*row, cur.Next-uint64(n-i))
			if trial.Since == 0 && row.Kind == model.KindBar && w.stands(row, row) != never {
				trial.Since = row.Start
			}
		}
		for _, e := range w.Drain() {
			if e.Kind == Fired || e.Kind == Held {
				trial.Events = append(trial.Events, e)
			}
		}
	}
	stats := w.rules[0].stats
	trial.Fired, trial.Held, trial.Lacked, trial.Lacks = stats.Fired, stats.Held, stats.Lacked, stats.Lacks
	return trial, true
}
