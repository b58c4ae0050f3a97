package tail

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/market"
	"optflow/model/tape"
)

const (
	readRows   = 1024     // rows read from the tape at once
	flushBytes = 64 << 10 // a batch of lines is written when it is this large
)

// printer carries rows from the tape to the output.
type printer struct {
	o      Options
	spoken bool // as text, which says what is other than before
	cursor tape.Cursor
	tape   *tape.Tape
	docked uint64      // the generation of the market that the tape is of
	seat   market.Seat // nil: there is none
	rows   []model.Row
	alone  model.Burst // a row that is printed as it is
	batch  []byte
	lines  int         // printed so far, without the header
	over   func() bool // the time is up; nil: all that there is is to be printed

	printed printed
	bursts  *burstPrinter // nil: a line a window

	link model.Link // last reported
	why  string     // that was reported of it
	note string     // the newest that was reported
}

func newPrinter(o Options) *printer {
	o.Rules, o.Zone = cmp.Or(o.Rules, model.DefaultRules()), cmp.Or(o.Zone, model.NewYork)
	p := &printer{o: o, spoken: o.Format != JSON && o.Format != CSV}
	if o.Market != nil { // else the rows are handed over
		p.rows = make([]model.Row, readRows)
		p.dock()
	}
	return p
}

// dock begins with the market's rows, or anew with others.
func (p *printer) dock() {
	p.docked, p.tape = p.o.Market.Generation(), p.o.Market.Rows()
	p.cursor = tape.Cursor{Trimmed: p.cursor.Trimmed}
	p.printed = printed{}
	if p.o.Interval != burst.IntervalOff {
		p.bursts = newBurstPrinter(p)
	}
}

// tellRead tells the market how far the rows are read.
func (p *printer) tellRead() {
	if p.seat != nil {
		p.seat.Read(p.docked, p.cursor.Next)
	}
}

// begin prints what comes before the first row.
func (p *printer) begin() error {
	if p.o.Format != CSV {
		return nil
	}
	return p.write(csvHeader(nil, columns))
}

// drain prints all that the tape holds and the cursor has not seen.
func (p *printer) drain() error {
	if p.enough() {
		return errCount
	}
	if p.o.Market.Generation() != p.docked {
		p.dock()
		p.tellRead()
	}
	if from := p.o.Market.State().Present(p.tape.Next()); p.cursor.Next < from { // what was before is not printed
		p.cursor.Next = from
		p.tellRead()
	}
	for p.over == nil || !p.over() { // rows may come faster than they are printed
		n := p.tape.Read(&p.cursor, p.rows)
		if n == 0 {
			break
		}
		p.tellRead()
		if p.over != nil {
			p.tell(p.o.Market.State()) // before the rows of which it is
		}
		first := p.cursor.Next - uint64(n)
		past := uint64(0) // rows of the run before: who tails starts at now
		if recovered := p.o.Market.State().Before; first < recovered {
			past = min(uint64(n), recovered-first)
		}
		for i := int(past); i < n; i++ {
			p.take(&p.rows[i], first+uint64(i))
			if p.enough() {
				return p.flush(errCount)
			}
			if len(p.batch) >= flushBytes {
				if err := p.flush(nil); err != nil {
					return err
				}
			}
		}
	}
	if p.bursts != nil {
		p.bursts.print()
		if p.enough() {
			return p.flush(errCount)
		}
	}
	p.printed.forget(p.tape.First())
	return p.flush(nil)
}

func (p *printer) enough() bool { return p.o.Count > 0 && p.lines >= p.o.Count }

// flush writes the batch and returns then, unless writing fails.
func (p *printer) flush(then error) error {
	batch := p.batch
	p.batch = p.batch[:0]
	if err := p.write(batch); err != nil {
		return err
	}
	return then
}

// take prints one version read from the tape, if it is to be printed.
func (p *printer) take(r *model.Row, seq uint64) {
	if p.bursts != nil && r.Kind != model.KindGap {
		p.bursts.take(r, seq)
		return
	}
	correction := r.Replaces != 0 && p.printed.has(seq-uint64(r.Replaces))
	c := p.tape.Contracts.At(r.Contract)
	p.alone.Row = *r
	if !correction && !p.wanted(&p.alone, c) {
		return
	}
	p.printed.add(seq)
	var was *model.Burst
	if correction && p.spoken {
		if before, held := p.tape.At(seq - uint64(r.Replaces)); held {
			was = &model.Burst{Row: before}
		}
	}
	p.print(&p.alone, was, c, spanName(r.Span))
}

// wanted applies floor and filter to a row. A gap has no premium: no floor can
// hide it, and a filter only if it is false for it, not if it cannot tell.
func (p *printer) wanted(r *model.Burst, c *model.Contract) bool {
	gap := r.Kind == model.KindGap
	if !gap && !(r.Premium >= p.o.Rules.FloorOf(c.Underlying)) {
		return false
	}
	if p.o.Filter == nil {
		return true
	}
	verdict := p.o.Filter.Match(r, c, p.now())
	return verdict == model.True || gap && verdict == model.Unknowable
}

// now is market time in ms.
func (p *printer) now() int64 {
	if clock := p.o.Market.Clock(); clock != nil {
		return clock.Now()
	}
	return p.o.Market.State().Newest
}

// print prints a row, and where it was printed before how it is another one now.
func (p *printer) print(r, was *model.Burst, c *model.Contract, span string) {
	l := line{row: r, contract: c, span: span, marks: model.MarksOf(&r.Row, c, p.o.Rules).String()}
	if was != nil {
		l.was, l.wasMarks = was, model.MarksOf(&was.Row, c, p.o.Rules).String()
	}
	switch p.o.Format {
	case JSON:
		p.batch = jsonLine(p.batch, columns, &l)
	case CSV:
		p.batch = csvLine(p.batch, columns, &l)
	default:
		p.batch = textFormat{p.o.Zone}.line(p.batch, &l)
	}
	p.lines++
}

// report says on the log what changed about the feed, and ends the run when nothing
// more can come.
func (p *printer) report() error {
	state := p.o.Market.State()
	p.tell(state)
	if state.Link == model.Stopped {
		return fmt.Errorf("%w: %s", ErrRefused, state.Why())
	}
	return nil
}

// tell says on the log what changed about the feed, once per change.
func (p *printer) tell(state *model.State) {
	for _, note := range state.Notes[slices.Index(state.Notes, p.note)+1:] { // the oldest go when there are many
		p.say(note)
		p.note = note
	}
	// What is behind for another reason waits for something else.
	other := state.Link != p.link || state.Link == model.Behind && state.Reason != p.why
	if other && state.Link != model.Starting && state.Link != model.Stopped { // which is expected, or an error
		p.link, p.why = state.Link, state.Reason
		p.say(strings.TrimSuffix(linkWords[state.Link]+": "+state.Why(), ": "))
	}
}

var linkWords = [...]string{
	model.Starting: "Starting", model.Live: "Live", model.Polling: "Polling", model.Stopped: "Stopped", model.Behind: "Behind",
}

func (p *printer) say(sentence string) {
	if p.o.Log != nil && sentence != "" {
		_, _ = fmt.Fprintf(p.o.Log, "optflow: %s\n", sentence)
	}
}
