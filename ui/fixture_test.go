package ui

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/clock"
	"optflow/model/market"
	"optflow/model/memory"
	"optflow/model/tape"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/pane"
)

// raced tells that the race detector is on.
var raced bool

// The fixture's moment: Monday 23 November 2026, 10:41:27 in New York.
var fixtureNow = model.MakeDate(2026, 11, 23).At(10, 41).UnixMilli() + 27_000

// nan32 is an unknown value.
var nan32 = float32(math.NaN())

// trade is a row of the fixture, in the terms of the picture.
type trade struct {
	at       string // HH:MM:SS
	symbol   string
	size     uint32
	vwap     float32
	prints   float32
	volume   uint32
	oi       uint32
	spot     float32
	iv       float32
	delta    float32
	side     model.Side
	sure     model.Certainty
	bid, ask float32
}

func known(v float32) float32 {
	if v == 0 {
		return nan32
	}
	return v
}

// at is a time of the fixture's day in ms.
func at(clock string) int64 {
	t, err := time.Parse(time.TimeOnly, clock)
	if err != nil {
		panic(err)
	}
	return model.MakeDate(2026, 11, 23).At(t.Hour(), t.Minute()).UnixMilli() + int64(t.Second())*1000
}

// picture is that of the README.
var picture = []trade{
	{"10:41:26", "O:NVDA261218C00180000", 2310, 4.85, 1, 3104, 1840, 178.21, 0.41, 0.48, model.SideAsk, model.CertaintySure, 4.75, 4.85},
	{"10:41:26", "O:SPY261123P00655000", 3640, 1.13, 31, 96011, 12044, 655.02, 0.12, -0.49, model.SideUnknown, model.CertaintyLoose, 0, 0},
	{"10:41:24", "O:QQQ261124C00598000", 1000, 2.31, 1, 7220, 10551, 597.21, 0.15, 0.47, model.SideMid, model.CertaintySure, 2.29, 2.33},
	{"10:41:24", "O:QQQ261124C00605000", 1000, 0.31, 1, 4806, 9130, 597.21, 0.14, 0.11, model.SideMid, model.CertaintySure, 0.30, 0.32},
	{"10:41:19", "O:NVDA270115P00170000", 402, 4.63, 5, 2911, 2106, 178.19, 0.44, -0.29, model.SideNearBid, model.CertaintyFair, 4.60, 4.80},
	{"10:41:02", "O:NVDA270319C00200000", 3000, 9.80, 2, 3804, 22310, 178.25, 0.43, 0.37, model.SideBid, model.CertaintySure, 9.80, 9.95},
}

// tapeRow makes a bar.
func (tr *trade) tapeRow(t testing.TB, tape *tape.Writer) model.Row {
	t.Helper()
	id, err := tape.Registry.Intern(tr.symbol)
	if err != nil {
		t.Fatal(err)
	}
	volume, oi := tr.volume, tr.oi
	if volume == 0 {
		volume = model.UnknownCount
	}
	if oi == 0 {
		oi = model.UnknownCount
	}
	r := model.Row{
		Start: at(tr.at), Span: model.Second, Contract: id, Size: tr.size, DayVolume: volume, OpenInterest: oi,
		Open: tr.vwap, High: tr.vwap, Low: tr.vwap, Close: tr.vwap, Vwap: tr.vwap, Prints: known(tr.prints),
		Spot: known(tr.spot), IV: known(tr.iv), Delta: known(tr.delta), Bid: known(tr.bid), Ask: known(tr.ask),
		Premium: float64(tr.vwap) * float64(tr.size) * 100, Side: tr.side, Certainty: tr.sure,
		Flags: model.FlagSim, QuoteAge: 800,
	}
	return r
}

// older are rows before those of the picture, made by rule, so that there is
// something to scroll through.
func older() []trade {
	symbols := []string{
		"O:SPY261123C00656000", "O:SPY261127P00640000", "O:SPY261218C00670000", "O:QQQ261124C00600000",
		"O:QQQ261218P00580000", "O:NVDA261127C00180000", "O:NVDA261127P00175000", "O:NVDA261218C00182500",
		"O:SPY270115P00600000", "O:NVDA280121C00300000",
	}
	sides := []model.Side{model.SideAsk, model.SideBid, model.SideMid, model.SideNearAsk, model.SideNearBid, model.SideAboveAsk, model.SideBelowBid, model.SideUnknown}
	var out []trade
	for i := range 54 {
		second := at("10:40:55") - int64(i)*7_000 - int64(i%5)*1_000
		tr := trade{
			at: time.UnixMilli(second).In(model.NewYork).Format(time.TimeOnly), symbol: symbols[i*7%len(symbols)],
			size: uint32(120 + i*37%900), vwap: 0.85 + float32(i*13%90)/10, prints: float32(1 + i*3%17),
			volume: uint32(900 + i*311), oi: uint32(400 + i*i*17), iv: 0.12 + float32(i%30)/100, delta: 0.1 + float32(i%8)/10,
			side: sides[i%len(sides)], sure: model.Certainty(1 + i%3),
		}
		if tr.side == model.SideUnknown {
			tr.sure = model.CertaintyNone
		}
		switch tr.symbol[2:5] {
		case "SPY":
			tr.spot = 655.10
		case "QQQ":
			tr.spot = 597.30
		case "NVD":
			tr.spot = 178.30
		}
		if tr.symbol[len(tr.symbol)-9] == 'P' {
			tr.delta = -tr.delta
		}
		if i%9 == 4 { // what is unknown must show as unknown
			tr.spot, tr.iv, tr.delta, tr.oi, tr.volume, tr.prints = 0, 0, 0, 0, 0, 0
		}
		out = append(out, tr)
	}
	return out
}

// gapsOf the picture: one outage, nine contracts.
func gapsOf(t testing.TB, tape *tape.Writer) []model.Row {
	t.Helper()
	var out []model.Row
	for i := range 9 {
		c := model.Contract{Root: "SPY", Underlying: "SPY", Expiry: model.MakeDate(2026, 11, 23), Strike: int32(650+i) * 1000, Shares: 100}
		id, err := tape.Registry.Intern(model.FormatContract(c))
		if err != nil {
			t.Fatal(err)
		}
		size := uint32(71)
		if i == 0 {
			size = 72
		}
		from := at("10:40:31") + int64(i%3)*1000
		out = append(out, model.Row{
			Kind: model.KindGap, Contract: id, Start: from, Span: model.Span(at("10:40:44") - from), Size: size, Reason: model.GapLost,
			DayVolume: model.UnknownCount, OpenInterest: model.UnknownCount, Open: nan32, High: nan32, Low: nan32, Close: nan32,
			Vwap: nan32, Prints: nan32, Spot: nan32, IV: nan32, Delta: nan32, Bid: nan32, Ask: nan32, QuoteAge: model.NoQuote,
		})
	}
	return out
}

// fixtureState is the state of the picture.
func fixtureState() *model.State {
	minutes := func(seed int) []float64 {
		out := make([]float64, 60)
		for i := range out {
			out[i] = float64((i*i+seed*i*7)%97+i*3) * 1e4
		}
		return out
	}
	const history = 1<<10 - 1 | 1<<59 // minutes before 09:52, and the running one
	return &model.State{
		Link: model.Live, Phase: model.PhaseLive, Span: model.Second, Sim: true, AutoRefresh: true, Wildcard: true,
		Tickers: []string{"NVDA", "QQQ", "SPY"}, Known: []string{"AAPL", "AMD", "META", "NVDA", "QQQ", "SPX", "SPY", "TSLA"},
		Session: model.Session{Open: true, Text: "simulated market", Date: model.MakeDate(2026, 11, 23)},
		Newest:  fixtureNow - 1_900, Received: fixtureNow - 200, Covers: math.NaN(),
		Counters: model.Counters{LostGaps: 1, LostVolume: 640},
		Totals: []model.Totals{
			{Underlying: "NVDA", Whole: true, Spot: 178.21, CallPremium: 48.2e6, PutPremium: 21.0e6, CallVolume: 60_000, PutVolume: 30_000, Bull: 20.4e6, Bear: 10.8e6, Premium: 76e6, Since: at("09:52:00"), JointSince: at("09:52:00"), Joint: 76e6, Minute: at("10:41:00"), Partial: history, Minutes: minutes(1)},
			{Underlying: "QQQ", Whole: true, Spot: 597.21, CallPremium: 40.1e6, PutPremium: 38.7e6, CallVolume: 50_000, PutVolume: 52_000, Bull: 4e6, Bear: 9e6, Premium: 60e6, Since: at("09:52:00"), JointSince: at("09:52:00"), Joint: 60e6, Minute: at("10:41:00"), Partial: history, Minutes: minutes(3)},
			{Underlying: "SPY", Whole: true, Spot: 655.02, CallPremium: 102e6, PutPremium: 118e6, CallVolume: 400_000, PutVolume: 500_000, Bull: 5e6, Bear: 7e6, Premium: 200e6, Since: at("09:52:00"), JointSince: at("09:52:00"), Joint: 200e6, Minute: at("10:41:00"), Partial: history, Minutes: minutes(5)},
		},
	}
}

// stage is a screen with a tape that a test writes to.
type stage struct {
	t     testing.TB
	tape  *tape.Writer
	clock *clock.Clock
	feed  *fakeFeed
	m     *Model
	wall  time.Time
}

// fakeFeed notes what the screen asks for.
type fakeFeed struct {
	followed [][]string
	polls    int
	retakes  int
	spans    []model.Span
	auto     []bool
	watched  []model.ContractID
	known    []string
	left     int
	lookup   func(symbol string) error
	accounts []model.Account
	observed int
	observe  func() error
	days     int
	day      func(id model.ContractID) ([]model.Bar, error)
}

func (f *fakeFeed) Follow(t []string)            { f.followed = append(f.followed, t) }
func (f *fakeFeed) Window(s model.Span)          { f.spans = append(f.spans, s) }
func (f *fakeFeed) AutoRefresh(on bool)          { f.auto = append(f.auto, on) }
func (f *fakeFeed) PollNow()                     { f.polls++ }
func (f *fakeFeed) Watch(ids []model.ContractID) { f.watched = ids }
func (f *fakeFeed) Read(uint64, uint64)          {}

func (f *fakeFeed) Leave()          { f.left++ }
func (f *fakeFeed) Aside()          {}
func (f *fakeFeed) Retake()         { f.retakes++ }
func (f *fakeFeed) Know(s []string) { f.known = append(f.known, s...) }
func (f *fakeFeed) Lookup(_ context.Context, s string) error {
	if f.lookup == nil {
		return nil
	}
	return f.lookup(s)
}

// fakeMemory is what earlier runs left, and what this one keeps.
type fakeMemory struct {
	memory.Remembered
	kept []memory.Item
	err  error // of Keep
}

func (f *fakeMemory) Recall() (memory.Remembered, []error) { return f.Remembered, nil }

func (f *fakeMemory) Keep(item memory.Item) error {
	f.kept = append(f.kept, item)
	return f.err
}

// keptOf are the items of one kind that were kept.
func keptOf[T memory.Item](f *fakeMemory) (all []T) {
	for _, item := range f.kept {
		if x, is := item.(T); is {
			all = append(all, x)
		}
	}
	return all
}

// remembering gives a screen a memory.
func remembering(f *fakeMemory) func(*Options) { return func(o *Options) { o.Memory = f } }

// chosenBefore gives it the choices of an earlier run.
func chosenBefore(c memory.Choices) func(*Options) {
	return remembering(&fakeMemory{Remembered: memory.Remembered{Choices: c}})
}

// newStage opens a screen of a size on an empty tape.
func newStage(t testing.TB, width, height int, change func(*Options)) *stage {
	t.Helper()
	s := &stage{t: t, tape: tape.New(tape.Options{}), clock: clock.New(), feed: &fakeFeed{}, wall: time.UnixMilli(fixtureNow)}
	o := Options{
		Market: market.Open{Tape: &s.tape.Tape, Time: s.clock, Sit: func() market.Seat { return s.feed }}, Interval: burst.Interval10s,
		Tickers: []string{"NVDA", "QQQ", "SPY"}, Version: "test",
		Exports: fakeExports{}, // random keys export, too
	}
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	m, err := New(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	m.Wall, m.details.Rest = func() time.Time { return s.wall }, 0
	m.away.Key(true) // by this wall's time
	s.m = m
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	s.time(fixtureNow)
	return s
}

// time sets the market's time and ticks.
func (s *stage) time(ms int64) {
	s.m.Now = ms
	s.m.beat = true
	s.m.dirty = true
	s.m.pull.Ticked = s.wall
}

// append adds trades, in the order of time.
func (s *stage) append(trades ...trade) {
	s.t.Helper()
	for i := range trades {
		s.tape.Append(trades[i].tapeRow(s.t, s.tape))
	}
	s.tape.Publish()
	s.frame()
}

// frame lets the screen look at the tape without ticking.
func (s *stage) frame() {
	s.m.pull.Ticked = s.wall
	s.m.Update(page.FrameMsg{})
	s.m.tape.Title.Drawn = "" // as if the second were over
	s.m.Now = fixtureNow
}

// state publishes a state.
func (s *stage) state(change func(*model.State)) {
	st := fixtureState()
	if change != nil {
		change(st)
	}
	s.tape.SetState(st)
	s.frame()
}

// fill puts the whole fixture on the tape.
func (s *stage) fill() *stage {
	s.t.Helper()
	s.state(nil)
	s.crowd()
	old := older()
	for i := len(old) - 1; i >= 0; i-- {
		s.tape.Append(old[i].tapeRow(s.t, s.tape))
	}
	for _, g := range gapsOf(s.t, s.tape) {
		s.tape.Append(g)
	}
	for i := len(picture) - 1; i >= 0; i-- {
		s.tape.Append(picture[i].tapeRow(s.t, s.tape))
	}
	s.tape.Publish()
	s.frame()
	return s
}

// crowd puts so many small bursts on the tape that later ones of NVDA, QQQ and
// SPY have a rank; those of SPY's last day have none yet.
func (s *stage) crowd() {
	symbols := []string{"O:NVDA261218C00150000", "O:QQQ261218C00500000", "O:SPY261218P00500000"}
	first := at("10:20:00")
	for i := range 230 * len(symbols) {
		tr := trade{
			at: "10:20:00", symbol: symbols[i%len(symbols)], size: uint32(1 + i*i%49), vwap: float32(1+i%30) / 10,
			prints: 1, side: model.SideMid, sure: model.CertaintySure,
		}
		row := tr.tapeRow(s.t, s.tape)
		row.Start = first + int64(i/len(symbols)/60)*60_000 + int64(i/len(symbols)%60)*1_000
		row.Contract = s.intern(tr.symbol[:len(tr.symbol)-7] + fmt.Sprintf("%07d", 1_000_000+i*500))
		s.tape.Append(row)
	}
}

func (s *stage) intern(symbol string) model.ContractID {
	s.t.Helper()
	id, err := s.tape.Registry.Intern(symbol)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// keys presses keys by name: "j", "space", "ctrl+d".
func (s *stage) keys(names ...string) {
	s.t.Helper()
	for _, n := range names {
		if _, cmd := s.m.Update(press(n)); cmd != nil {
			s.deliver(runSafe(cmd))
		}
	}
}

// typed types text, letter by letter.
func (s *stage) typed(text string) {
	for _, r := range text {
		name := string(r)
		if r == ' ' {
			name = "space"
		}
		s.keys(name)
	}
}

// runSafe runs a command for its message.
func runSafe(cmd tea.Cmd) tea.Msg { return cmd() }

// press makes the message of a key.
func press(name string) tea.KeyPressMsg {
	k, err := keys.Parse(name)
	if err != nil {
		panic(err)
	}
	return k
}

// pageOf is the page of a kind.
func pageOf[P page.Page](m *Model) P {
	for _, p := range m.pages {
		if p, is := p.(P); is {
			return p
		}
	}
	panic("there is no such page")
}

func (m *Model) tickersPage() *page.Tickers { return pageOf[*page.Tickers](m) }

func (m *Model) heatPage() *page.Heat { return pageOf[*page.Heat](m) }

func (m *Model) findLine() *pane.FindLine {
	for _, p := range m.panes {
		if l, is := p.(*pane.FindLine); is {
			return l
		}
	}
	panic("there is no find line")
}
