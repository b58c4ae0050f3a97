package ui

import (
	"context"
	"math"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/market"
	"optflow/model/tape"
	"optflow/ui/page"
)

func (f *fakeFeed) Observe(_ context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	f.observed++
	if f.observe != nil {
		if err := f.observe(); err != nil {
			return nil, err
		}
	}
	into = into[:0]
	for _, a := range f.accounts {
		if len(only) == 0 || a.Contract == only[0] {
			into = append(into, a)
		}
	}
	return into, nil
}

func (f *fakeFeed) Snapshots(context.Context, []string) ([]model.Snapshot, error) { return nil, nil }

func (f *fakeFeed) AsOf(context.Context, string, int64) (model.Snapshot, error) {
	return model.Snapshot{}, market.ErrNotInPlan
}

func (f *fakeFeed) Interest(context.Context, string, model.Date) (model.Interest, error) {
	return model.Interest{}, market.ErrNotInPlan
}

func (f *fakeFeed) Day(_ context.Context, id model.ContractID) ([]model.Bar, error) {
	f.days++
	if f.day == nil {
		return nil, nil
	}
	return f.day(id)
}

// accountOf is a day made by rule.
func accountOf(t testing.TB, tape *tape.Writer, symbol string, i int) model.Account {
	t.Helper()
	id, err := tape.Registry.Intern(symbol)
	if err != nil {
		t.Fatal(err)
	}
	c := tape.Contracts.At(id)
	day := int64(40 + i*i*977%9000)
	if c.Underlying == "NVDA" { // most trades near the spot and soon
		away, weeks := (c.StrikePrice()-178)/14, float64(c.Expiry-model.MakeDate(2026, 11, 27))/7
		day = max(int64(6*float64(day)*math.Exp(-away*away-weeks/5)), 1)
	}
	price := 0.35 + float64(i*37%900)/100
	a := model.Account{
		Contract: id, Date: model.MakeDate(2026, 11, 23), Day: day, Past: day / 4, Exact: day - day/4, Windows: 3 + i*11%200,
		DayVwap: price, DayOpen: price * 0.8, DayHigh: price * 1.2, DayLow: price * 0.7, DayClose: price * 1.1,
		Premium: float64(day) * price * 100, Last: fixtureNow - int64(i*13%4000)*1000,
		OpenInterest: float64(100 + i*i*31%20000), IV: 0.12 + float64(i%40)/100, Delta: 0.05 + float64(i%9)/10,
		Gamma: 0.011, Theta: -0.083, Vega: 0.212,
		Quote: model.Quote{Bid: price, Ask: price + 0.1, BidSize: 12, AskSize: 40, Updated: fixtureNow - 2_300, Read: fixtureNow - 800},
	}
	if c.Type == model.Put {
		a.Delta = -a.Delta
	}
	switch i % 11 {
	case 3: // nothing but volume is known
		a.OpenInterest, a.IV, a.Delta, a.Quote = model.Unknown, model.Unknown, model.Unknown, model.Quote{}
		a.DayOpen, a.DayHigh, a.DayLow, a.DayClose = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	case 5:
		a.Gaps, a.Exact, a.Lost = a.Exact/3, a.Exact-a.Exact/3, 1
	}
	return a
}

// day gives the fixture's contracts accounts, and a chain of NVDA more.
func (s *stage) day() *stage {
	s.t.Helper()
	var symbols []string
	for _, tr := range append(append([]trade{}, picture...), older()[:20]...) {
		symbols = append(symbols, tr.symbol)
	}
	for e := range 14 {
		for k := range 30 {
			if (e*7+k*5)%4 == 0 {
				continue
			}
			c := model.Contract{Root: "NVDA", Underlying: "NVDA", Expiry: model.MakeDate(2026, 11, 27) + model.Date(e*7), Strike: int32(145000 + k*2500), Shares: 100}
			if (e+k)%3 == 0 {
				c.Type = model.Put
			}
			symbols = append(symbols, model.FormatContract(c))
		}
	}
	seen := map[model.ContractID]bool{}
	for i, symbol := range symbols {
		a := accountOf(s.t, s.tape, symbol, i)
		if seen[a.Contract] {
			continue
		}
		seen[a.Contract] = true
		if symbol == picture[0].symbol { // the picture's own numbers
			a.Day, a.Past, a.Exact, a.OpenInterest, a.Gaps, a.Lost, a.DayClose = 3104, 200, 2904, 1840, 0, 0, 4.85
			a.DayVwap, a.Premium, a.Delta, a.IV = 4.52, 3104*452, 0.48, 0.41
			a.DayOpen, a.DayHigh, a.DayLow = 4.20, 5.10, 4.05
			a.Quote = model.Quote{Bid: 4.75, Ask: 4.85, BidSize: 12, AskSize: 40, Updated: fixtureNow - 2_300, Read: fixtureNow - 800}
		}
		s.feed.accounts = append(s.feed.accounts, a)
	}
	s.feed.day = func(model.ContractID) ([]model.Bar, error) { return minuteBars(), nil }
	return s
}

// minuteBars are a morning of a contract.
func minuteBars() (bars []model.Bar) {
	price := 4.2
	for i := range 72 {
		if i%7 == 3 || i%11 == 5 {
			continue
		}
		price += math.Sin(float64(i)/6)/12 + float64(i%5-2)/60
		bars = append(bars, model.Bar{
			Span: model.Minute, Start: at("09:30:00") + int64(i)*60_000, Volume: int64(5 + i*i*13%140), DayVolume: -1,
			Open: price, High: price + 0.03, Low: price - 0.03, Close: price, Vwap: price,
		})
	}
	return bars
}

// look lets the screen ask for what it shows, and gives it the answer.
func (s *stage) look() *stage {
	s.m.accounts.Asked, s.m.accounts.Asking = s.wall.Add(-page.ObserveEvery), false // what a frame asked for was not answered
	if cmd := s.m.observe(); cmd != nil {
		s.deliver(cmd())
	}
	s.m.Now = fixtureNow
	return s
}

// deliver gives the screen a message, or each of a batch of commands' messages.
func (s *stage) deliver(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			if cmd != nil {
				s.deliver(cmd())
			}
		}
	default:
		s.m.Update(msg)
	}
}
