package followup

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"optflow/model"
	"optflow/model/ledger"
	"optflow/model/market"
	"optflow/model/rules"
	"optflow/model/tape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const symbol = "O:NVDA261218C00180000"

// day is a Monday in session; its 16:00 is the close.
var day = model.MakeDate(2026, 11, 23)

func at(hour, minute int) int64 { return day.At(hour, minute).UnixMilli() }

// stand is a market whose quotes and spots follow from the time, and a hand on
// that.
type stand struct {
	market.Seat
	t       *testing.T
	mu      sync.Mutex // over now and asked, where the keeper runs beside the test
	now     int64
	tape    *tape.Writer
	holds   bool
	said    []string
	dir     string
	asked   []string
	quotes  func(at int64) (model.Quote, error)
	morning model.Interest
	err     error // of all questions
	keeper  *Keeper
}

func newStand(t *testing.T) *stand {
	s := &stand{t: t, now: at(10, 0), tape: tape.New(tape.Options{}), holds: true, dir: filepath.Join(t.TempDir(), "ledger"), morning: model.Interest{Lots: -1, Volume: -1}}
	s.quotes = func(at int64) (model.Quote, error) {
		bid := 4 + float64((at/60_000)%60)/100 // dearer by a cent a minute
		return model.Quote{Bid: bid, Ask: bid + 0.1, Updated: at - 500}, nil
	}
	s.open()
	return s
}

func (s *stand) Now() int64 { return s.now }

func (s *stand) spot(at int64) float64 { return 178 + float64(at-s.t0())/60_000/100 }

func (s *stand) t0() int64 { return at(10, 0) }

func (s *stand) snapshot(at int64) (model.Snapshot, error) {
	q, err := s.quotes(at)
	q.Read = at
	return model.Snapshot{Symbol: symbol, Read: at, Quote: q, HasQuote: q.Ask > 0, Spot: s.spot(at), SpotUpdated: at}, errors.Join(err, s.err)
}

func (s *stand) ask(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, what)
}

// questions are how many there were.
func (s *stand) questions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func (s *stand) Snapshots(_ context.Context, symbols []string) ([]model.Snapshot, error) {
	s.ask("now " + strings.Join(symbols, ","))
	s.mu.Lock()
	now := s.now
	s.mu.Unlock()
	one, err := s.snapshot(now)
	if err != nil {
		return nil, err
	}
	return []model.Snapshot{one}, nil
}

func (s *stand) AsOf(_ context.Context, symbol string, at int64) (model.Snapshot, error) {
	s.ask("past " + symbol)
	return s.snapshot(at)
}

func (s *stand) Interest(_ context.Context, symbol string, session model.Date) (model.Interest, error) {
	s.ask("morning " + session.String())
	return s.morning, s.err
}

func (s *stand) Aside() {}
func (s *stand) Leave() {}

// open begins a run.
func (s *stand) open() {
	s.keeper = New(Options{
		Market: market.Open{Tape: &s.tape.Tape, Time: s, Sit: func() market.Seat { return s }}, Dir: s.dir,
		Holds: func() bool { return s.holds }, Trouble: func(text string) { s.said = append(s.said, text) },
	})
	s.keeper.seat = s
}

// turn has the keeper look until it is done for now.
func (s *stand) turn() {
	s.t.Helper()
	s.tape.SetState(&model.State{Totals: []model.Totals{{Underlying: "NVDA", Spot: s.spot(s.now), SpotTime: s.now}}})
	s.keeper.turn(s.t.Context())
}

// until lets time pass, looking each second as the keeper's clock would have it.
func (s *stand) until(ms int64) {
	for s.now < ms {
		s.now = min(ms, max(s.now+1000, min(s.keeper.next, ms)))
		s.turn()
	}
}

var rule = &rules.Rule{Name: "nvda asks", Version: "0123456789abcdef"}

// event is one of the rules, about a call at the ask.
func (s *stand) event(kind rules.Kind, id string, of *rules.Rule) rules.Event {
	c, err := model.ParseContract(symbol)
	if err != nil {
		s.t.Fatal(err)
	}
	return rules.Event{
		Kind: kind, ID: id, Rule: of, At: s.now, Contract: &c, Date: day, First: s.now - 2_000,
		Row: model.Burst{Row: model.Row{
			Kind: model.KindBurst, Start: s.now - 2_000, Span: model.Second, Size: 100, Vwap: 4.1, Premium: 41_000, Side: model.SideAsk,
			Certainty: model.CertaintySure, DayVolume: 500, OpenInterest: 1_000, IV: 0.4, Delta: 0.5,
		}},
	}
}

// read is the ledger as it is on the disk.
func (s *stand) read() (*ledger.Ledger, ledger.Skipped) {
	s.t.Helper()
	book, skipped, err := Read(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	return book, skipped
}

// outcome is what came of an alert at all horizons, in words.
func outcome(f *ledger.Followed) string {
	var b strings.Builder
	for _, h := range ledger.Horizons() {
		r, lost, open := f.Return(h)
		o, _ := f.Hit(h)
		fmt.Fprintf(&b, "%s: %.4f %.4f %s %v %d\n", h, r.Mid, r.Net, lost, open, o)
	}
	return b.String()
}

// What fires is written with the quote at which a follower could have entered, and
// each mark with the one at that time.
func TestFollowsAlerts(t *testing.T) {
	s := newStand(t)
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule), s.event(rules.Held, "b", rule)})
	s.turn()
	s.until((day + 1).At(16, 5).UnixMilli())
	book, skipped := s.read()
	if skipped != (ledger.Skipped{}) || len(book.All()) != 2 {
		t.Fatalf("%d alerts, %+v", len(book.All()), skipped)
	}
	f := book.Of("a")
	if f.Quote == nil || f.Quote.Basis != ledger.Snapshot || f.Quote.Read != s.t0() || f.Quote.Enter(f.Seen) != "" || float64(f.Spot) != 178 {
		t.Errorf("entry: %+v at %+v", f.Alert, f.Quote)
	}
	for h, minutes := range map[ledger.Horizon]int64{ledger.After5m: 5, ledger.After30m: 30, ledger.AtClose: 360, ledger.NextClose: 1800} {
		r, lost, open := f.Return(h)
		q, _ := s.quotes(s.t0() + minutes*60_000)
		entry, _ := s.quotes(s.t0())
		if want := q.Bid/entry.Ask - 1; lost != "" || open || math.Abs(r.Net-want) > 0.01 || r.Basis != ledger.Snapshot {
			t.Errorf("%s: %+v, lost %q, open %v; want %.4f", h, r, lost, open, want)
		}
		if o, why := f.Hit(h); o != ledger.Hit {
			t.Errorf("%s: outcome %d %s", h, o, why)
		}
	}
	if n := len(s.said); n != 0 {
		t.Errorf("said %q", s.said)
	}
	info, err := os.Stat(filepath.Join(s.dir, "2026-11.jsonl"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, mode %v", err, info.Mode())
	}
}

// Being off selects nothing: marks that were missed are filled with what was in
// force then, and come to the same.
func TestBeingOffChangesNothing(t *testing.T) {
	on, off := newStand(t), newStand(t)
	end := (day + 1).At(16, 5).UnixMilli()
	for _, s := range []*stand{on, off} {
		s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
		s.turn()
	}
	on.until(end)
	off.keeper.files.close()
	off.now = end
	off.open()
	for range 20 {
		off.now += 61_000
		off.turn()
	}
	a, _ := on.read()
	b, _ := off.read()
	if got, want := outcome(b.Of("a")), outcome(a.Of("a")); got != want {
		t.Errorf("off:\n%s\non:\n%s", got, want)
	}
	if r, _, _ := b.Of("a").Return(ledger.After30m); r.Basis != ledger.RestQuote {
		t.Errorf("%+v", r)
	}
	asked := len(off.asked)
	off.open() // and again, with nothing left to do
	off.turn()
	if len(off.asked) != asked {
		t.Errorf("asked again: %q", off.asked[asked:])
	}
}

// A plan without quotes by time loses what was missed, and says so; what is not
// answered is asked for again, and not for ever.
func TestWhatCannotBeHadIsLost(t *testing.T) {
	for _, c := range []struct {
		err  error
		lost string
		asks int
	}{{market.ErrNotInPlan, "no quotes by time in the plan", 1}, {errors.New("no answer"), "not answered", triesMost}} {
		s := newStand(t)
		s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
		s.turn()
		s.err, s.now = c.err, at(10, 7)
		for range 10 {
			s.turn()
			s.now += 61_000
		}
		book, _ := s.read()
		if _, lost, open := book.Of("a").Return(ledger.After5m); lost != c.lost || open {
			t.Errorf("%v: lost %q, open %v", c.err, lost, open)
		}
		n := 0
		for _, a := range s.asked {
			if strings.HasPrefix(a, "past") {
				n++
			}
		}
		if n != c.asks {
			t.Errorf("%v: asked %d times, want %d: %q", c.err, n, c.asks, s.asked)
		}
	}
	s := newStand(t) // a quote that is none
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
	s.turn()
	s.quotes = func(int64) (model.Quote, error) { return model.Quote{}, nil }
	s.until(at(10, 6))
	book, _ := s.read()
	if _, lost, _ := book.Of("a").Return(ledger.After5m); lost != "no quote" {
		t.Errorf("lost %q", lost)
	}
	if o, _ := book.Of("a").Hit(ledger.After5m); o != ledger.Hit {
		t.Errorf("without a quote the spot tells all the same: %d", o)
	}
}

// The end of the program is no answer: what it interrupts is not given up, and the
// next run asks for it.
func TestTheEndIsNoAnswer(t *testing.T) {
	over, end := context.WithCancel(t.Context())
	end()
	s := newStand(t)
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
	s.turn()
	s.err, s.now = errors.New("no answer"), at(10, 7)
	for range triesMost - 1 {
		s.turn()
		s.now += 61_000
	}
	s.keeper.turn(over)
	s.err, s.now = nil, s.now+61_000
	s.turn()
	book, _ := s.read()
	marks := book.Of("a").Marks
	if i := slices.IndexFunc(marks, func(m ledger.Mark) bool { return m.Horizon == ledger.After5m }); i < 0 || marks[i].Lost != "" || marks[i].Quote == nil {
		t.Errorf("marks %+v", marks)
	}
	s.err, s.now = errors.New("no answer"), (day+1).At(12, 0).UnixMilli()
	s.keeper.turn(over)
	s.err, s.morning, s.now = nil, model.Interest{Lots: 1_450, Volume: 500}, s.now+61_000
	s.turn()
	book, _ = s.read()
	if b, why := book.Of("a").Interest(); why != "" || b.Opened != 50 {
		t.Errorf("the open interest: %+v, %q", b, why)
	}
}

// The next morning's open interest is asked for until it is stated, or the next
// session has begun.
func TestMorning(t *testing.T) {
	s := newStand(t)
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
	s.turn()
	s.until((day + 1).At(7, 30).UnixMilli())
	if n := len(slices.DeleteFunc(slices.Clone(s.asked), func(a string) bool { return a != "morning 2026-11-23" })); n != 4 {
		t.Errorf("asked %d times in 45 minutes", n)
	}
	s.morning = model.Interest{Lots: 1_450, Volume: 500, ByDate: true}
	s.until((day + 1).At(8, 0).UnixMilli())
	book, _ := s.read()
	if b, why := book.Of("a").Interest(); why != "" || b.Opened != 50 || book.Of("a").Morning.Source != "endpoint" {
		t.Errorf("%+v, %q, %+v", b, why, book.Of("a").Morning)
	}
	late := newStand(t)
	late.keeper.Take([]rules.Event{late.event(rules.Fired, "a", rule)})
	late.turn()
	late.now = (day + 1).At(12, 0).UnixMilli()
	late.turn()
	book, _ = late.read()
	if _, why := book.Of("a").Interest(); why == "" || why == "not yet" {
		t.Errorf("after the morning: %q", why)
	}
	slow := newStand(t)
	slow.keeper.Take([]rules.Event{slow.event(rules.Fired, "a", rule)})
	slow.turn()
	slow.now, slow.morning, slow.err = (day+1).At(12, 0).UnixMilli(), s.morning, errors.New("no answer in time")
	slow.turn()
	slow.now, slow.err = slow.now+61_000, nil
	slow.turn()
	book, _ = slow.read()
	if b, why := book.Of("a").Interest(); why != "" || b.Opened != 50 {
		t.Errorf("answered at the second try: %+v, %q", b, why)
	}
}

// Of what matches no rule a part is kept, and followed by spot alone.
func TestControls(t *testing.T) {
	s := newStand(t)
	for i := range 500 {
		e := s.event(rules.Unmatched, fmt.Sprint("c", i), nil)
		e.First -= int64(i) * 1000
		e.Row.Start = e.First
		s.keeper.Take([]rules.Event{e})
	}
	s.turn()
	if len(s.asked) != 0 {
		t.Errorf("asked %q", s.asked)
	}
	s.until(at(10, 6))
	if len(s.asked) != 0 {
		t.Errorf("asked %q for their marks", s.asked)
	}
	book, _ := s.read()
	n := len(book.Controls())
	if n < ledger.Reserved || n > 2*ledger.Reserved {
		t.Errorf("%d controls of 500", n)
	}
	if o, why := book.Of(book.Controls()[0].ID).Hit(ledger.After5m); o != ledger.Hit {
		t.Errorf("outcome %d %s", o, why)
	}
	s.open() // the same again, as after a restart
	for i := range 500 {
		e := s.event(rules.Unmatched, fmt.Sprint("c", i), nil)
		e.First = s.t0() - 2_000 - int64(i)*1000
		e.Row.Start = e.First
		s.keeper.Take([]rules.Event{e})
	}
	s.turn()
	if again, _ := s.read(); len(again.Controls()) != n {
		t.Errorf("%d controls after a restart, %d before", len(again.Controls()), n)
	}
}

// Without the right to deliver nothing is written; a tab that rings is no rule;
// what turned out wrong is written down.
func TestWhatIsWritten(t *testing.T) {
	s := newStand(t)
	s.holds = false
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "theirs", rule)})
	s.turn()
	if _, err := os.Stat(s.dir); err == nil {
		t.Error("a folder was made")
	}
	s.holds = true
	tab := &rules.Rule{Name: "Big", Version: "1", Over: model.DefaultRules()}
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "tab", tab), s.event(rules.Fired, "a", rule), s.event(rules.Revised, "a", rule), s.event(rules.Digest, "", rule)})
	s.turn()
	book, _ := s.read()
	if len(book.All()) != 1 || book.Of("a").Revised == 0 {
		t.Errorf("%d alerts", len(book.All()))
	}
	s.keeper.Take(make([]rules.Event, queueMost+5))
	if s.keeper.take(); len(s.said) != 1 || !strings.HasPrefix(s.said[0], "5 alerts are not in the ledger") {
		t.Errorf("said %q", s.said)
	}
}

// A line that a crash tore costs itself alone, a disk that is full is said, and a
// file takes no more than 50 MB.
func TestFilesThatBreak(t *testing.T) {
	s := newStand(t)
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
	s.turn()
	s.keeper.files.close()
	path := filepath.Join(s.dir, "2026-11.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, whole[:len(whole)/2]...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, skipped := s.read(); skipped.Torn != 1 {
		t.Errorf("%+v", skipped)
	}
	s.open()
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "b", rule)})
	s.turn()
	if book, skipped := s.read(); len(book.All()) != 2 || skipped.Wrong != 1 || skipped.Torn != 0 {
		t.Errorf("%d alerts, %+v", len(book.All()), skipped)
	}
	s.keeper.files.size = ledger.Most
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "c", rule)})
	s.turn()
	if len(s.said) == 0 || !strings.Contains(s.said[0], "full (50 MB)") {
		t.Errorf("said %q", s.said)
	}
	s.said = nil
	if err := s.keeper.files.file.Close(); err != nil {
		t.Fatal(err)
	}
	s.keeper.files.size = 0
	s.keeper.Take([]rules.Event{s.event(rules.Fired, "d", rule)})
	s.turn()
	if len(s.said) != 1 || !strings.Contains(s.said[0], "cannot be written") {
		t.Errorf("said %q", s.said)
	}
}

// Run wakes when a mark is due, and ends with its context.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t)
		base, began := s.now, time.Now()
		s.keeper.o.Market = market.Open{Tape: &s.tape.Tape, Time: clockFunc(func() int64 { return base + time.Since(began).Milliseconds() }), Sit: func() market.Seat { return s }}
		s.tape.SetState(&model.State{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.keeper.Run(ctx) }()
		s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
		synctest.Wait()
		if n := s.questions(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		s.mu.Lock()
		s.now += 5 * 60_000
		s.mu.Unlock()
		time.Sleep(5*time.Minute + time.Second)
		synctest.Wait()
		if n := s.questions(); n != 2 {
			t.Errorf("asked %d times after five minutes", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// What fires as the program ends is in the ledger, without a quote that nobody had
// the time to ask for, and who waits for that does not wait for ever.
func TestLastWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t)
		s.keeper.o.Market = market.Open{Tape: &s.tape.Tape, Time: s, Sit: func() market.Seat { return s }}
		s.tape.SetState(&model.State{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.keeper.Run(ctx) }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		s.keeper.Take([]rules.Event{s.event(rules.Fired, "a", rule)})
		s.keeper.End()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if book, _ := s.read(); book.Of("a") == nil || s.questions() != 0 {
			t.Errorf("the last alert is %v, asked %d times", book.Of("a"), s.questions())
		}
		began := time.Now()
		New(s.keeper.o).End() // of one that never ran
		if waited := time.Since(began); waited != endTime {
			t.Errorf("waited %v", waited)
		}
	})
}

type clockFunc func() int64

func (f clockFunc) Now() int64 { return f() }
