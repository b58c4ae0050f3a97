package rules

import (
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// drawWindow draws a window on a crowded stretch of time: few contracts, some
// polled, backfilled or past, premiums about the rules' bounds.
func drawWindow(t *rapid.T, r *rig) model.Row {
	w := r.bar(rapid.IntRange(0, 1).Draw(t, "contract"), float64(rapid.IntRange(0, 90).Draw(t, "second")), uint32(rapid.IntRange(1, 700).Draw(t, "size")))
	w.Side = model.Side(rapid.IntRange(0, int(model.SideBid)).Draw(t, "side"))
	w.Certainty = model.Certainty(rapid.IntRange(0, int(model.CertaintySure)).Draw(t, "certainty"))
	switch rapid.IntRange(0, 9).Draw(t, "sort") {
	case 0:
		w.Source, w.Span = model.SourceREST, model.Span(rapid.SampledFrom([]int{2_000, 5_000, 20_000}).Draw(t, "span"))
	case 1:
		w.Source = model.SourceBackfill
	case 2:
		w.Flags |= model.FlagPast
	case 3:
		w.Span = model.Minute
		w.Start -= w.Start % int64(model.Minute)
	}
	return w
}

// One identity fires at most once for a version of a rule, and so does one
// window, over corrections, reordering, restarts, the tape told again, rules
// loaded again and a change of window. Nothing fires that may not, and what is
// counted is what was said.
func TestFiresAtMostOnce(t *testing.T) {
	lists := [][]Written{
		{{Name: "big", When: "prem>=500k"}, {Name: "asks", When: "prem>=300k side=ask sure", Cooldown: "20s"}, {Name: "max", When: "prem>=200k", Max: "2/h", Late: true}},
		{{Name: "asks", When: "prem>=300k side=ask sure", Cooldown: "20s"}, {Name: "renamed", When: "prem>=500k", To: []string{"bell"}}},
	}
	rapid.Check(t, func(t *rapid.T) {
		r := newRig(t, lists[0]...)
		rules := lists[0]
		seen := map[string]Event{}
		last := map[string]bool{} // revised
		said := map[string]int{}
		take := func(events []Event) {
			for _, e := range events {
				switch e.Kind {
				case Fired, Held:
					said[e.Kind.String()]++
					if was, twice := seen[e.ID]; twice {
						t.Fatalf("%s is %s and was %s at %d", e.ID, e.Kind, was.Kind, was.First-start)
					}
					for _, other := range seen {
						if other.Rule.Version == e.Rule.Version && other.Contract.Symbol == e.Contract.Symbol && other.First < e.Row.End() && e.First < other.Row.End() {
							t.Fatalf("%s fired for %d..%d and for %d..%d", e.Rule.Name, other.First-start, other.Row.End()-start, e.First-start, e.Row.End()-start)
						}
					}
					if e.Row.Flags&model.FlagPast != 0 || e.Row.Source == model.SourceBackfill || e.Row.Size == 0 {
						t.Fatalf("it fired for %+v", e.Row)
					}
					if e.Rule.When.Match(&e.Row, e.Contract, e.At) != model.True {
						t.Fatalf("%s is not true of %+v", e.Rule.When, e.Row)
					}
					seen[e.ID] = e
				case Revised:
					if _, fired := seen[e.ID]; !fired || last[e.ID] {
						t.Fatalf("%s is revised: fired %v, revised before %v", e.ID, fired, last[e.ID])
					}
					last[e.ID] = true
				}
			}
		}
		var rows []model.Row
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 19).Draw(t, "step") {
			case 0:
				take(r.crash(rapid.Bool().Draw(t, "keep the tape"), rules...))
			case 1:
				rules = lists[rapid.IntRange(0, 1).Draw(t, "rules")]
				r.watch.Set(parsed(r.t, rules...))
			case 2:
				take(r.wait(float64(rapid.IntRange(1, 30).Draw(t, "seconds"))))
			case 3:
				r.at.Polling, r.at.PollEvery = !r.at.Polling, 5_000
			case 4, 5, 6:
				if len(rows) > 0 { // a later version of a window
					w := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "which")]
					w.Size = uint32(rapid.IntRange(0, 700).Draw(t, "size"))
					w.Premium = float64(w.Size) * 1000
					w.Certainty = model.Certainty(rapid.IntRange(0, int(model.CertaintySure)).Draw(t, "certainty"))
					take(r.put(w))
					continue
				}
				fallthrough
			default:
				w := drawWindow(t, r)
				rows = append(rows, w)
				take(r.put(w))
			}
		}
		take(r.wait(100))
		r.watch.Flush()
		take(r.drain())
	})
}
