package tail

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// matching is a filter made of a function.
type matching func(*model.Burst, *model.Contract) model.Truth

func (m matching) Match(r *model.Burst, c *model.Contract, _ int64) model.Truth { return m(r, c) }

func TestFloorHidesSmallRowsButNoGaps(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	m.tape.Append(unknownRow(id, sampleStart, 1, 24_999))
	m.tape.Append(unknownRow(id, sampleStart+1000, 2, 25_000))
	m.tape.Append(gapRow(id, sampleStart+2000, 3))
	out, err := m.run(Options{Format: JSON})
	if err != nil {
		t.Fatal(err)
	}
	if got := sizes(t, out); !equal(got, 2, 3) {
		t.Errorf("sizes %v, want the row at the floor and the gap", got)
	}
	everything := *model.DefaultRules()
	everything.Floor = 0
	out, _ = m.run(Options{Format: JSON, Rules: &everything})
	if got := sizes(t, out); !equal(got, 1, 2, 3) {
		t.Errorf("without a floor: sizes %v", got)
	}
}

func TestCorrectionOfAPrintedRowIsPrinted(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	first := m.tape.Append(unknownRow(id, sampleStart, 10, 30_000))
	under := m.tape.Append(unknownRow(id, sampleStart+1000, 20, 1_000))
	seq := under
	next := func(of uint64, start int64, size uint32, premium float64, revision uint16) uint64 {
		r := unknownRow(id, start, size, premium)
		r.Revision, r.Replaces = revision, uint32(seq+1-of)
		seq = m.tape.Append(r)
		return seq
	}
	first = next(first, sampleStart, 11, 20_000, 1)  // falls under the floor
	under = next(under, sampleStart+1000, 21, 2, 1)  // stays under it
	_ = next(first, sampleStart, 12, 21_000, 2)      // and changes once more
	_ = next(under, sampleStart+1000, 22, 99_000, 2) // crosses it late
	out, err := m.run(Options{Format: JSON})
	if err != nil {
		t.Fatal(err)
	}
	if got := sizes(t, out); !equal(got, 10, 11, 12, 22) {
		t.Errorf("sizes %v, want 10 and its corrections, and 22 once over the floor", got)
	}
}

func TestFilterJudgesRowsAndGaps(t *testing.T) {
	m := newHandmade(t)
	a, b := m.contract(nvda), m.contract("O:SPY261218P00650000")
	for _, id := range []model.ContractID{a, b} {
		m.tape.Append(unknownRow(id, sampleStart, uint32(10+id), 30_000))
		m.tape.Append(gapRow(id, sampleStart, uint32(20+id)))
	}
	byTicker := matching(func(_ *model.Burst, c *model.Contract) model.Truth { return model.TruthOf(c.Underlying == "NVDA") })
	out, _ := m.run(Options{Format: JSON, Filter: byTicker})
	if got := sizes(t, out); !equal(got, 10, 20) {
		t.Errorf("by ticker: sizes %v, want NVDA's row and gap", got)
	}
	byPrice := matching(func(r *model.Burst, _ *model.Contract) model.Truth {
		if r.Kind == model.KindGap {
			return model.Unknowable
		}
		return model.False
	})
	out, _ = m.run(Options{Format: JSON, Filter: byPrice})
	if got := sizes(t, out); !equal(got, 20, 21) {
		t.Errorf("by price: sizes %v, want the gaps, which may hide such rows", got)
	}
}

func TestCountEndsTheRun(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	for i := range 10 {
		m.tape.Append(unknownRow(id, sampleStart+int64(i)*1000, uint32(i), 30_000))
	}
	var out bytes.Buffer
	m.tape.Publish()
	if err := Run(context.Background(), Options{Market: market.Open{Tape: &m.tape.Tape}, Out: &out, Format: CSV, Count: 3}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "\n"); got != 4 {
		t.Errorf("%d lines, want the header and 3 rows", got)
	}
}

func TestTimeEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newHandmade(t)
		began := time.Now()
		if err := Run(context.Background(), Options{Market: market.Open{Tape: &m.tape.Tape}, Out: io.Discard, For: 20 * time.Second}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("ended after %v", took)
		}
	})
}

// onSight is a market on which something happens once somebody has seen its state.
type onSight struct {
	market.Open
	then func()
}

func (o *onSight) State() *model.State {
	seen, then := o.Open.State(), o.then
	if o.then = nil; then != nil {
		then()
	}
	return seen
}

// A row of the stream comes after the word that it is Live, however short the time
// between the two, and however soon the run ends.
func TestWordsComeBeforeTheirRows(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	m.tape.SetState(&model.State{Link: model.Polling})
	seen := &onSight{market.Open{Tape: &m.tape.Tape}, func() {
		m.tape.SetState(&model.State{Link: model.Live})
		m.tape.Append(unknownRow(id, sampleStart, 1, 30_000))
		m.tape.Publish()
	}}
	var all bytes.Buffer
	if err := Run(context.Background(), Options{Market: seen, Out: &all, Log: &all, Count: 1}); err != nil {
		t.Fatal(err)
	}
	before, _, printed := strings.Cut(all.String(), "NVDA")
	if !printed || !strings.Contains(before, "optflow: Live\n") {
		t.Errorf("said and printed:\n%s", all.String())
	}
}

// What the engine appends while it stops is printed.
func TestRowsOfTheEndArePrinted(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	stops := 0
	out, err := m.run(Options{Format: JSON, Stop: func() {
		stops++
		m.tape.Append(gapRow(id, sampleStart, 77))
		m.tape.Publish()
	}})
	if err != nil || stops != 1 {
		t.Fatalf("%v, %d stops", err, stops)
	}
	if got := sizes(t, out); !equal(got, 77) {
		t.Errorf("sizes %v, want the settled gap", got)
	}
}

// brokenPipe fails like a pipe whose reader is gone.
type brokenPipe struct{ err error }

func (b brokenPipe) Write([]byte) (int, error) { return 0, b.err }

func TestClosedPipeEndsQuietly(t *testing.T) {
	m := newHandmade(t)
	m.tape.Append(unknownRow(m.contract(nvda), sampleStart, 1, 30_000))
	if _, err := m.run(Options{Out: brokenPipe{syscall.EPIPE}}); err != nil {
		t.Errorf("a closed pipe: %v", err)
	}
	if _, err := m.run(Options{Out: brokenPipe{syscall.ENOSPC}}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
}

func TestRefusalEndsTheRun(t *testing.T) {
	m := newHandmade(t)
	m.tape.Append(unknownRow(m.contract(nvda), sampleStart, 5, 30_000))
	m.tape.SetState(&model.State{Link: model.Stopped, Phase: model.PhaseRefused, Reason: "key refused"})
	m.tape.Publish()
	var out bytes.Buffer
	err := Run(context.Background(), Options{Market: market.Open{Tape: &m.tape.Tape}, Out: &out, Format: JSON})
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "key refused") {
		t.Error(err)
	}
	if got := sizes(t, out.String()); !equal(got, 5) {
		t.Errorf("sizes %v, want what was there before", got)
	}
}

func TestStatesAndNotesAreTold(t *testing.T) {
	m := newHandmade(t)
	m.tape.SetState(&model.State{Link: model.Polling, Reason: "connection lost", Notes: []string{"plan: 15m late"}})
	var log bytes.Buffer
	if _, err := m.run(Options{Log: &log}); err != nil {
		t.Fatal(err)
	}
	if want := "optflow: plan: 15m late\noptflow: Polling: connection lost\n"; log.String() != want {
		t.Errorf("%q, want %q", &log, want)
	}
}

// Who follows another program's market is told each reason for which nothing comes.
func TestEachReasonOfBeingBehindIsTold(t *testing.T) {
	m := newHandmade(t)
	var log bytes.Buffer
	p := newPrinter(Options{Market: market.Open{Tape: &m.tape.Tape}, Log: &log})
	for _, s := range []model.State{
		{Link: model.Behind, Reason: "connecting to the hub"}, {Link: model.Behind, Reason: "reading the day", Read: 1}, {Link: model.Behind, Reason: "reading the day", Read: 2},
		{Link: model.Live}, {Link: model.Polling, Reason: "connection lost"}, {Link: model.Polling, Reason: "next try in 2 s"},
	} {
		m.tape.SetState(&s)
		if err := p.report(); err != nil {
			t.Fatal(err)
		}
	}
	want := "optflow: Behind: connecting to the hub\noptflow: Behind: reading the day\noptflow: Live\noptflow: Polling: connection lost\n"
	if log.String() != want {
		t.Errorf("%q, want %q", &log, want)
	}
}

// The engine keeps the newest notes: as many of them may be new as there are.
func TestEveryNoteIsToldOnce(t *testing.T) {
	m := newHandmade(t)
	var log bytes.Buffer
	p := newPrinter(Options{Market: market.Open{Tape: &m.tape.Tape}, Log: &log})
	notes := strings.Fields("a b c d e f g h i j k l")
	for n := 1; n <= len(notes); n++ {
		m.tape.SetState(&model.State{Notes: notes[max(0, n-8):n]})
		if err := errors.Join(p.report(), p.report()); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.ReplaceAll(log.String(), "optflow: ", ""); got != strings.Join(notes, "\n")+"\n" {
		t.Errorf("told %q", got)
	}
}

func TestSummary(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	m.tape.Append(unknownRow(id, sampleStart, 5, 30_000))
	m.tape.SetState(&model.State{Sim: true, Counters: model.Counters{Events: 9, Rows: 8, Duplicates: 7, Corrections: 6,
		GapRows: 5, Missing: 4, Malformed: 3, DroppedFrames: 2, Held: 11, Reconnects: 1, Polls: 10}})
	var to bytes.Buffer
	if _, err := m.run(Options{Summary: &to, Accounts: func() []model.Account {
		return []model.Account{{Contract: id, Past: 10, Exact: 20, Polled: 5, Gaps: 7, Day: 42}}
	}}); err != nil {
		t.Fatal(err)
	}
	want := `{"v":1,"kind":"summary","sim":true,"printed":1,"events":9,"rows":8,"duplicates":7,"corrections":6,"gaps":5,"missing":4,` +
		`"malformed":3,"dropped":2,"held":11,"reconnects":1,"polls":10,"trimmed":0,"contracts":{"` + nvda + `":{"past":10,"rows":25,"gaps":7,"day":42}}}` + "\n"
	if to.String() != want {
		t.Errorf("got  %swant %s", &to, want)
	}
}

// A reader that is too slow is told what it lost, and the run is an error.
func TestTrimmedRowsAreAnError(t *testing.T) {
	m := newHandmade(t)
	m.tape = tape.New(tape.Options{KeepMillis: 1, KeepRows: 1})
	id := m.contract(nvda)
	for i := range 100_000 {
		m.tape.Append(unknownRow(id, sampleStart+int64(i)*1000, 1, 30_000))
		m.tape.Publish()
	}
	if m.tape.First() == 0 {
		t.Fatal("nothing was trimmed")
	}
	var to bytes.Buffer
	if _, err := m.run(Options{Out: io.Discard, Summary: &to}); !errors.Is(err, ErrTrimmed) {
		t.Errorf("error %v", err)
	}
	var summary struct{ Trimmed uint64 }
	if err := json.Unmarshal(to.Bytes(), &summary); err != nil || summary.Trimmed != m.tape.First() {
		t.Errorf("%v: %d trimmed, want %d", err, summary.Trimmed, m.tape.First())
	}
}

func TestPrintedForgets(t *testing.T) {
	var p printed
	for seq := uint64(0); seq < 1_000_000; seq += 3 {
		p.add(seq)
		p.forget(seq - min(seq, 70_000))
	}
	if len(p.words) > 8_000 {
		t.Errorf("%d words held for 70,000 rows", len(p.words))
	}
	for seq := uint64(950_000); seq < 1_000_000; seq++ {
		if p.has(seq) != (seq%3 == 0) {
			t.Fatalf("has(%d) = %v", seq, p.has(seq))
		}
	}
	if p.has(0) || p.has(2_000_000) {
		t.Error("remembers what it forgot or never knew")
	}
}

func sizes(t testing.TB, out string) []float64 {
	t.Helper()
	var all []float64
	for _, object := range decoded(t, out) {
		all = append(all, object["size"].(float64))
	}
	return all
}

func equal(got []float64, want ...float64) bool { return slices.Equal(got, want) }

// flooded is an output on which more rows come than were just written.
type flooded struct {
	m     *handmade
	id    model.ContractID
	ended bool
	rows  int
}

func (f *flooded) Write(b []byte) (int, error) {
	f.rows += bytes.Count(b, []byte("\n"))
	for i := range readRows / 2 {
		if f.ended {
			break
		}
		f.m.tape.Append(unknownRow(f.id, sampleStart+int64(i)*1000, 1, 30_000))
	}
	f.m.tape.Publish()
	time.Sleep(time.Millisecond)
	return len(b), nil
}

// The time is up, and so is a signal, although there are always rows to print;
// what was there by then is printed.
func TestAnEndDoesNotWaitForRowsToEnd(t *testing.T) {
	for _, signal := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			m := newHandmade(t)
			f := &flooded{m: m, id: m.contract(nvda)}
			m.tape.Append(unknownRow(f.id, sampleStart, 1, 30_000))
			m.tape.Publish()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			o := Options{Market: market.Open{Tape: &m.tape.Tape}, Out: f, Format: JSON, For: 100 * time.Millisecond, Stop: func() { f.ended = true }}
			if signal {
				o.For = 0
				time.AfterFunc(100*time.Millisecond, cancel)
			}
			began := time.Now()
			err := Run(ctx, o)
			if took := time.Since(began); took > 2*time.Second || err != nil {
				t.Errorf("ended after %v with %v", took, err)
			}
			if f.rows < readRows {
				t.Errorf("%d rows printed", f.rows)
			}
		})
	}
}

// Where the market begins anew, so does tail.
func TestMarketBeginsAnew(t *testing.T) {
	first, again := newHandmade(t), newHandmade(t)
	b := &begunAnew{Open: market.Open{Tape: &first.tape.Tape}}
	var out bytes.Buffer
	p := newPrinter(Options{Market: b, Out: &out, Format: CSV})
	first.tape.Append(unknownRow(first.contract(nvda), sampleStart, 1, 30_000))
	first.tape.Publish()
	if err := p.drain(); err != nil {
		t.Fatal(err)
	}
	other := again.contract("O:TSLA261218C00400000")
	again.tape.Append(unknownRow(other, sampleStart, 2, 40_000))
	again.tape.Publish()
	b.Tape, b.n = &again.tape.Tape, 1
	if err := p.drain(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "NVDA") || !strings.Contains(lines[1], "TSLA") {
		t.Errorf("printed %q", lines)
	}
}

// begunAnew is a market that can begin anew, as a recording that goes back.
type begunAnew struct {
	market.Open
	n uint64
}

func (b *begunAnew) Generation() uint64 { return b.n }
