package rest

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"optflow/feed/source"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// server answers by its fields at once and writes down what was asked.
type server struct {
	symbols []string
	fail    func(what string) error // nil answers
	volume  int64                   // of each contract today
	quoted  bool
	quotes  []model.Quote // by time
	lots    int64         // of open interest by date
	bars    []model.Bar
	now     func() int64
	asked   []string
}

func (s *server) ask(what string, detail ...any) error {
	s.asked = append(s.asked, strings.TrimSpace(what+" "+fmt.Sprintln(detail...)))
	if s.fail != nil {
		return s.fail(what)
	}
	return nil
}

func (s *server) snapshot(symbol string) model.Snapshot {
	nan := model.Unknown
	one := model.Snapshot{
		Symbol: symbol, Shares: 100, Read: s.now(), LastTrade: nan, OpenInterest: 1, IV: nan, Delta: nan, Gamma: nan, Theta: nan, Vega: nan,
		Spot: 150, SpotUpdated: s.now(), HasQuote: s.quoted, Quote: model.Quote{Bid: 1, Ask: 2, Updated: s.now(), Read: s.now()},
	}
	if s.volume > 0 {
		one.HasDay, one.DayVolume, one.DayVwap, one.DayUpdated = true, s.volume, 2, s.now()
	}
	return one
}

func (s *server) ChainNames(name string) []string   { return []string{name, "I:" + name} }
func (s *server) ListingNames(name string) []string { return []string{name} }
func (s *server) IndexName(name string) string      { return "I:" + strings.TrimPrefix(name, "I:") }

func (s *server) Chain(_ context.Context, underlying string, f source.ChainFilter) (page source.ChainPage, err error) {
	for _, symbol := range s.symbols {
		if c, err := model.ParseContract(symbol); err != nil || c.Root != strings.TrimPrefix(underlying, "I:") || f.StrikeFrom > c.StrikePrice() || f.StrikeTo != 0 && f.StrikeTo < c.StrikePrice() {
			continue
		}
		if page.Snapshots = append(page.Snapshots, s.snapshot(symbol)); len(page.Snapshots) == cmp.Or(f.Limit, len(s.symbols)) {
			break
		}
	}
	return page, s.ask("chain", underlying)
}

func (s *server) ChainNext(context.Context, string) (source.ChainPage, error) {
	return source.ChainPage{}, s.ask("more of a chain")
}

func (s *server) Contract(_ context.Context, _, symbol string) (model.Snapshot, error) {
	return s.snapshot(symbol), s.ask("spot")
}

func (s *server) Unified(_ context.Context, symbols []string) (found []model.Snapshot, _ map[string]string, err error) {
	for _, symbol := range symbols {
		found = append(found, s.snapshot(symbol))
	}
	return found, nil, s.ask("quotes", len(symbols))
}

func (s *server) Contracts(_ context.Context, underlying string, f source.ChainFilter) (page source.ListingPage, err error) {
	for _, symbol := range s.symbols {
		if c, err := model.ParseContract(symbol); err == nil && c.Root == underlying {
			page.Listings = append(page.Listings, source.Listing{Symbol: symbol, Underlying: underlying, Shares: 100})
		}
	}
	return page, s.ask("listing", underlying)
}

func (s *server) ContractsNext(context.Context, string) (source.ListingPage, error) {
	return source.ListingPage{}, s.ask("more of a listing")
}

func (s *server) Aggs(_ context.Context, symbol string, _ model.Span, from, to int64) ([]model.Bar, bool, error) {
	return slices.Clone(s.bars), true, s.ask("bars", symbol)
}

func (s *server) Quotes(context.Context, string, int64, int) (source.QuotePage, error) {
	return source.QuotePage{Quotes: s.quotes}, s.ask("quotes by time")
}

func (s *server) QuotesNext(context.Context, string) (source.QuotePage, error) {
	return source.QuotePage{}, s.ask("more quotes by time")
}

func (s *server) SpotAt(_ context.Context, underlying string, _ int64) (float64, error) {
	return 149, s.ask("past spot", underlying)
}

func (s *server) Interest(_ context.Context, symbol string, session model.Date) (int64, error) {
	return s.lots, s.ask("interest", symbol, session)
}

func (s *server) MarketStatus(context.Context) (source.MarketStatus, error) {
	return source.MarketStatus{Market: "open"}, s.ask("status")
}

func (s *server) Upcoming(context.Context) ([]source.Holiday, error) {
	return nil, s.ask("upcoming")
}

// notes are the sentences said.
type notes []string

func (n *notes) Note(text string) { *n = append(*n, text) }

// at is the clock of a bench.
type at struct{ *Moment }

func (a at) At(time.Time) int64   { return a.Market }
func (a at) Set(int64, time.Time) {}

// bench is a desk with a server, and with a hand on the time.
type bench struct {
	*Desk
	m       Moment
	server  server
	notes   notes
	plan    model.Plan
	carried []bool
	rows    *tape.Writer
}

// newBench is at 11:00 of a day in session, with 40 contracts of SPY listed.
func newBench(tickers ...string) *bench {
	start := time.Date(2026, 11, 25, 11, 0, 0, 0, model.NewYork)
	b := &bench{m: Moment{Now: start, Market: start.UnixMilli(), Event: start.UnixMilli(), Span: model.Second}}
	for n := range 40 {
		b.server.symbols = append(b.server.symbols, fmt.Sprintf("O:SPY261218C%08d", (100+n)*1000))
	}
	b.server.now = func() int64 { return b.m.Market }
	b.rows = tape.New(tape.Options{})
	accounts := book.New(b.rows, book.Options{Span: model.Second})
	b.Desk = New(Options{
		Source: &b.server, Book: accounts, Registry: b.rows.Registry, Clock: at{&b.m}, Notes: &b.notes, Log: slog.New(slog.DiscardHandler),
		Rand: rand.New(rand.NewPCG(1, 2)), Plan: &b.plan, Count: &model.Counters{}, PollInterval: 5 * time.Second, EnrichInterval: 30 * time.Second,
		Floor:   func(string) float64 { return 25_000 },
		Watched: func(into []model.ContractID) ([]model.ContractID, bool) { return into, false },
		Renamed: func() {}, Grown: func() {}, Snapshots: func(_ Moment, carried bool) { b.carried = append(b.carried, carried) },
	})
	b.Calendar.Update(b.m.Market)
	b.facts()
	b.Follow(b.m, tickers)
	return b
}

// facts takes over what the calendar says.
func (b *bench) facts() { b.m.Session, b.m.Day = b.Calendar.Facts(), b.Calendar.Day(b.m.Market) }

// pass lets time pass, schedules each quarter of a second and answers at once.
func (b *bench) pass(d time.Duration) {
	for end := b.m.Now.Add(d); b.m.Now.Before(end); {
		b.m.Now = b.m.Now.Add(250 * time.Millisecond)
		b.m.Market += 250
		b.m.Event = b.m.Market
		b.Calendar.Update(b.m.Market)
		b.facts()
		b.Schedule(b.m)
		b.answer()
	}
}

// answer sends what the budget permits.
func (b *bench) answer() {
	for j := b.Budget.Next(b.m.Now); j != nil; j = b.Budget.Next(b.m.Now) {
		take, err := j.Do(context.Background())
		if b.Standing.Answered(j, err, b.m.Now).Over {
			j.End(b.m, take, err)
		}
	}
}

// count counts what was asked since the last count, by its first word or two.
func (b *bench) count(what string) (n int) {
	for _, a := range b.server.asked {
		if strings.HasPrefix(a, what) {
			n++
		}
	}
	return n
}

func (b *bench) forget() { b.server.asked = nil }

func denies(what string, kind source.ErrorKind) func(string) error {
	return func(asked string) error {
		if asked != what {
			return nil
		}
		return &source.Failure{Kind: kind, Message: "no"}
	}
}

// What a second and a minute of a live and of a polled market ask for.
func TestDeskAsksByTheBudget(t *testing.T) {
	b := newBench("SPY")
	b.server.volume, b.server.quoted = 5, true
	b.m.Polling = true
	b.pass(10 * time.Second)
	if got := strings.Join(b.server.asked[:2], ", "); got != "chain SPY, status" && got != "status, chain SPY" {
		t.Errorf("the start asks %q first", got)
	}
	if b.Contracts() != 40 || !b.plan.Known || b.plan.NoQuotes || b.plan.NoSpots {
		t.Errorf("%d contracts, %+v", b.Contracts(), b.plan)
	}
	if n := b.count("bars"); n != 40 {
		t.Errorf("the past of %d contracts is read, want all", n)
	}
	b.forget()
	b.server.volume = 6
	b.pass(time.Minute)
	if n := b.count("chain"); n < 1 || n > 13 {
		t.Errorf("%d pages in a minute of polling", n)
	}
	b.m.Polling, b.m.Live = false, true
	b.Live(b.m, false)
	b.pass(5 * time.Second)
	b.forget()
	b.pass(time.Minute)
	if chains, spots := b.count("chain"), b.count("spot"); chains != 0 || spots < 11 || spots > 13 {
		t.Errorf("live: %d pages and %d spots in a minute", chains, spots)
	}
	b.forget()
	b.pass(SweepEvery)
	if n := b.count("chain"); n != 1 {
		t.Errorf("live: %d pages in a quarter of an hour", n)
	}
}

// A plan without chains: contracts are found by listing, and chains asked for
// again after a minute.
func TestDeskWithoutChains(t *testing.T) {
	b := newBench("SPY")
	b.server.fail = denies("chain", source.ErrorNotEntitled)
	b.m.Polling = true
	b.pass(5 * time.Second)
	if !b.plan.NoSnapshots || !slices.Equal(b.carried, []bool{false}) || len(b.notes) != 1 || !strings.HasPrefix(b.notes[0], "no snapshots: ") {
		t.Fatalf("%+v, %v, %q", b.plan, b.carried, b.notes)
	}
	b.Discover(b.m)
	b.forget()
	b.pass(10 * time.Second)
	if b.count("listing SPY") != 1 || b.count("chain") != 0 || b.rows.Contracts.Len() != 40 {
		t.Errorf("asked %q, %d contracts", b.server.asked, b.rows.Contracts.Len())
	}
	b.server.fail = nil
	b.pass(time.Minute)
	if b.plan.NoSnapshots || !slices.Equal(b.carried, []bool{false, true}) {
		t.Errorf("a plan that was mended: %+v, %v", b.plan, b.carried)
	}
}

// Whoever is followed no more is asked about no more; another spelling is the
// same ticker.
func TestDeskFollows(t *testing.T) {
	b := newBench("SPY", "spy ", "QQQ")
	if got := strings.Join(b.Following.Tickers, " "); got != "QQQ SPY" {
		t.Fatalf("follows %q", got)
	}
	b.Follow(b.m, []string{"QQQ"})
	b.m.Polling = true
	b.pass(time.Minute)
	if n := b.count("chain SPY"); n != 0 {
		t.Errorf("%d pages of a ticker that is not followed", n)
	}
	if n := b.count("chain QQQ"); n != 1 || !slices.Contains(b.notes, "QQQ has no options here") {
		t.Errorf("%d pages of a ticker without options, %q", n, b.notes)
	}
}

// Gaps are filled only while the plan has bars, and the past that was denied is
// wanted again.
func TestDeskHistoryIsWantedAgain(t *testing.T) {
	b := newBench("SPY")
	b.server.volume = 5
	b.server.fail = denies("bars", source.ErrorNotEntitled)
	b.pass(5 * time.Second)
	if n := b.count("bars"); n == 0 || n > 10 {
		t.Errorf("asked %d times for what the plan does not have", n)
	}
	b.server.fail = nil
	b.forget()
	b.pass(time.Minute)
	if n := b.count("bars"); n < 30 {
		t.Errorf("%d contracts read once the plan has bars", n)
	}
}

// A ticker that falls silent while others flow is polled if REST has newer bars.
func TestDeskFeelsPulses(t *testing.T) {
	b := newBench("SPY")
	b.server.volume = 5
	b.m.Live = true
	b.pass(5 * time.Second)
	feel := func() {
		b.m.Heard = b.m.Now
		b.Pulses.Feel(b.m)
	}
	feel()
	b.pass(pulseUsual)
	b.forget()
	feel()
	b.answer()
	if b.Pulses.Silent() != "" || b.count("bars") != 1 {
		t.Fatalf("quiet is called silent: %q, asked %q", b.Pulses.Silent(), b.server.asked)
	}
	b.server.bars = []model.Bar{{Span: model.Second, Start: b.m.Market}}
	b.pass(pulseUsual)
	feel()
	b.answer()
	if b.Pulses.Silent() != "nothing of SPY, polled" {
		t.Errorf("%q", b.Pulses.Silent())
	}
	b.forget()
	b.pass(coldEvery)
	if b.count("chain SPY") == 0 {
		t.Error("a silent ticker is not polled")
	}
}

// A person's question is answered in a sentence, whatever becomes of it.
func TestInquiries(t *testing.T) {
	b := newBench("SPY")
	said := make(map[string]string)
	reply := func(name string) func(error) {
		return func(err error) { said[name] = fmt.Sprint(err) }
	}
	b.Inquiries.Ticker("SPY", reply("listed"))
	b.Inquiries.Ticker("NONE", reply("not listed"))
	b.answer()
	b.Standing.Stop()
	b.Inquiries.Ticker("SPY", reply("stopped"))
	b.Standing.Probe()
	b.Inquiries.Ticker("SPY", reply("doubted"))
	b.Standing.Start()
	b.server.fail = denies("listing", source.ErrorBadRequest)
	b.Inquiries.Ticker("SPY", reply("failed"))
	b.m.Now = b.m.Now.Add(time.Second)
	b.answer()
	for what, want := range map[string]string{
		"listed": "<nil>", "not listed": "NONE has no listed options", "stopped": "SPY cannot be looked up: the key is refused",
		"doubted": "SPY cannot be looked up: the key is refused", "failed": "looking up SPY: request: bad request: no",
	} {
		if said[what] != want {
			t.Errorf("%s: %q, want %q", what, said[what], want)
		}
	}
}

// What an answer says of REST, and what becomes of the request.
func TestStanding(t *testing.T) {
	fails := func(kind source.ErrorKind) error { return &source.Failure{Kind: kind, Message: "words"} }
	for name, c := range map[string]struct {
		answers []error
		last    Outcome
		trouble string
	}{
		"data":                         {[]error{nil}, Outcome{Word: Took, Over: true}, ""},
		"no such thing":                {[]error{fails(source.ErrorNotFound)}, Outcome{Word: Works, Over: true}, ""},
		"not in the plan":              {[]error{fails(source.ErrorNotEntitled)}, Outcome{Word: Works, Over: true}, ""},
		"a refused key":                {[]error{fails(source.ErrorUnauthorized)}, Outcome{Word: Refused, Words: "words", Over: true}, ""},
		"too fast":                     {[]error{fails(source.ErrorRateLimited)}, Outcome{}, "REST asks for fewer requests"},
		"one failure is no news":       {[]error{fails(source.ErrorServer)}, Outcome{}, ""},
		"two are":                      {[]error{fails(source.ErrorServer), fails(source.ErrorNetwork)}, Outcome{Word: Away}, TroubleAway},
		"three are none any more":      {[]error{fails(source.ErrorServer), fails(source.ErrorTimeout), context.DeadlineExceeded}, Outcome{}, TroubleAway},
		"the fourth gives up":          {[]error{fails(source.ErrorServer), fails(source.ErrorServer), fails(source.ErrorServer), fails(source.ErrorServer)}, Outcome{Over: true}, TroubleAway},
		"back with data":               {[]error{fails(source.ErrorServer), fails(source.ErrorServer), nil}, Outcome{Word: Took, Back: true, Over: true}, ""},
		"back with a 404":              {[]error{fails(source.ErrorServer), fails(source.ErrorServer), fails(source.ErrorNotFound)}, Outcome{Word: Works, Back: true, Over: true}, ""},
		"haste is over, not an outage": {[]error{fails(source.ErrorRateLimited), nil}, Outcome{Word: Took, Over: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Standing{budget: testBudget()}
			j := &Job{Key: "a"}
			s.budget.Add(j)
			now := budgetStart
			var got Outcome
			for _, err := range c.answers {
				for s.budget.Next(now) == nil {
					now = now.Add(100 * time.Millisecond)
				}
				got = s.Answered(j, err, now)
			}
			if got != c.last || s.Trouble != c.trouble {
				t.Errorf("%+v, %q; want %+v, %q", got, s.Trouble, c.last, c.trouble)
			}
		})
	}
}

// A refused key rests for a time, or until somebody lets it be tried again.
func TestStandingRests(t *testing.T) {
	s := &Standing{budget: testBudget()}
	s.Pause(budgetStart, KeyPause)
	if s.Due(budgetStart.Add(KeyPause - 1)); !s.Off() {
		t.Error("too early")
	}
	if s.Due(budgetStart.Add(KeyPause)); s.Off() {
		t.Error("for ever")
	}
	s.Stop()
	s.Pause(budgetStart, KeyPause)
	if s.Due(budgetStart.Add(time.Hour)); !s.Off() {
		t.Error("stopped, and asked by itself")
	}
	if s.Probe(); s.Off() || !s.refused() {
		t.Error("a probe is not asked, or believed before it is answered")
	}
	if s.Start(); s.Off() || s.refused() {
		t.Error("started, and still refused")
	}
}
