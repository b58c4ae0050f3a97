package rules

import (
	"encoding/json"
	"fmt"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/tape"

	"pgregory.net/rapid"
)

var (
	day    = model.MakeDate(2026, 11, 23)
	start  = day.At(10, 0).UnixMilli()
	nan    = float32(model.Unknown)
	symbol = [...]string{"O:NVDA261218C00180000", "O:NVDA261218P00170000", "O:SPY261218C00655000"}
)

// rig is a tape and a Watch that reads it row by row.
type rig struct {
	t      rapid.TB
	tape   *tape.Writer
	ids    []model.ContractID
	watch  *Watch
	at     Moment
	events []Event
	last   map[model.Identity]uint64
}

func newRig(t rapid.TB, rules ...Written) *rig {
	t.Helper()
	r := &rig{t: t, tape: tape.New(tape.Options{}), at: Moment{Now: start}, last: map[model.Identity]uint64{}}
	for _, s := range symbol {
		id, err := r.tape.Registry.Intern(s)
		if err != nil {
			t.Fatal(err)
		}
		r.ids = append(r.ids, id)
	}
	r.restart(rules...)
	return r
}

// restart begins a run with rules, as after a crash.
func (r *rig) restart(rules ...Written) {
	r.t.Helper()
	r.watch = NewWatch(&r.tape.Tape, Options{Control: true})
	r.watch.Set(parsed(r.t, rules...))
}

func parsed(t rapid.TB, list ...Written) []*Rule {
	t.Helper()
	var rules []*Rule
	for _, w := range list {
		r, err := Parse(w, testEnv())
		if err == nil {
			err = r.Beside(rules)
		}
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, r)
	}
	return rules
}

func testEnv() filter.Env { return filter.Env{Now: func() int64 { return start }} }

// bar is a window of a second, so many seconds after the start, at 10 dollars.
func (r *rig) bar(contract int, second float64, size uint32) model.Row {
	return model.Row{
		Kind: model.KindBar, Contract: r.ids[contract], Start: start + int64(second*1000), Span: model.Second, Size: size,
		Vwap: 10, Open: 10, High: 10, Low: 10, Close: 10, Premium: float64(size) * 1000, Prints: 1,
		DayVolume: 5000, Spot: 180, OpenInterest: 1000, IV: 0.4, Delta: 0.5, Bid: 9.9, Ask: 10, QuoteAge: 500,
		Side: model.SideAsk, Certainty: model.CertaintySure,
	}
}

// put appends a version of a window and has the rules asked, as a second after
// its end unless the market is further.
func (r *rig) put(row model.Row) []Event {
	r.t.Helper()
	if before, ok := r.last[row.Identity()]; ok {
		row.Replaces = uint32(r.tape.Next() - before)
		row.Revision++
	}
	r.at.Now = max(r.at.Now, row.End()+1000+r.at.Delayed)
	seq := r.tape.Append(row)
	r.last[row.Identity()] = seq
	r.tape.Publish()
	r.watch.At(r.at)
	r.watch.Row(row, seq)
	return r.drain()
}

// wait lets market time pass.
func (r *rig) wait(seconds float64) []Event {
	r.at.Now += int64(seconds * 1000)
	r.watch.At(r.at)
	return r.drain()
}

// drain gives what happened but for what no rule took.
func (r *rig) drain() (out []Event) {
	for _, e := range r.watch.Drain() {
		if e.Kind != Unmatched {
			out = append(out, e)
		}
		r.events = append(r.events, e)
	}
	return out
}

// said writes events short: "fired whales", "held whales cooldown".
func said(events []Event) (out []string) {
	for _, e := range events {
		text := e.Kind.String() + " " + e.Rule.Name
		if e.Kind == Held {
			text += " " + e.Reason.String()
		}
		if e.Kind == Digest {
			text += fmt.Sprintf(" +%d $%.0f", e.More, e.Premium)
		}
		out = append(out, text)
	}
	return out
}

// crash begins a new run with what the one before left on disk. The tape is read
// again from its first row on if it is still there, as after a reconnect of a
// face; else a new one begins.
func (r *rig) crash(keepTape bool, rules ...Written) (again []Event) {
	r.t.Helper()
	content, err := json.Marshal(r.watch.State())
	if err != nil {
		r.t.Fatal(err)
	}
	var state State
	if err := json.Unmarshal(content, &state); err != nil {
		r.t.Fatal(err)
	}
	if !keepTape {
		r.tape, r.last = tape.New(tape.Options{}), map[model.Identity]uint64{}
		for i, s := range symbol {
			if r.ids[i], err = r.tape.Registry.Intern(s); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	r.restart(rules...)
	r.watch.Restore(state)
	r.watch.At(r.at)
	for seq := range r.tape.Next() {
		row, ok := r.tape.At(seq)
		if !ok {
			r.t.Fatal("the tape has lost a row")
		}
		r.watch.Row(row, seq)
	}
	return r.drain()
}
