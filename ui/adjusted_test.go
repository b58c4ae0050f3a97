package ui

import (
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/book"
)

// An adjusted contract carries a sign beside its strike at every width, and
// nothing on screen holds its strike against the price of one share.
func TestAdjustedContractsAreMarked(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {120, 30}, {200, 50}} {
		s := newStage(t, size.width, size.height, func(o *Options) { o.Tickers = []string{"SDS"}; o.Rules = model.DefaultRules(); o.Rules.Floor = 0 })
		b := book.New(s.tape, book.Options{})
		var ids []model.ContractID
		for _, symbol := range []string{"O:SDS1261218C00012000", "O:SDS261218C00060000", "O:SDS7261218C00060000"} {
			id, err := s.tape.Registry.Intern(symbol)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		b.Apply(&book.Shares{Contract: ids[0], Shares: 20, More: true})
		b.Apply(&book.Shares{Contract: ids[2], Shares: 10, More: false})
		for _, id := range ids {
			b.Apply(&book.Snapshot{Snapshot: &model.Snapshot{Contract: id, Read: fixtureNow - 2000, Spot: 60, SpotUpdated: fixtureNow - 2000, Delta: 0.5, IV: 0.3, OpenInterest: 700}, Mode: book.ModeEnrich})
			start := fixtureNow / 1000 * 1000
			b.Apply(&book.Bar{Bar: model.Bar{Contract: id, Span: model.Second, Start: start, Volume: 1000, DayVolume: 1000, Open: 2, High: 2, Low: 2, Close: 2, Vwap: 2, DayVwap: 2}})
		}
		s.tape.Publish()
		s.state(func(st *model.State) { st.Tickers = []string{"SDS"} })
		s.frame()
		line := func(strike, premium string) string {
			for _, l := range strings.Split(s.screen(), "\n") {
				if strings.Contains(l, strike) && strings.Contains(l, premium) {
					return l
				}
			}
			t.Errorf("%d wide: no %s of %s in\n%s", size.width, strike, premium, s.screen())
			return ""
		}
		if row := line("12*C", "$200K"); strings.Contains(row, "80.0%") {
			t.Errorf("%d wide: moneyness by the plain spot: %q", size.width, row)
		}
		for _, premium := range []string{"$200K", "$20.0K"} { // a standard contract and a mini
			if row := line("60 C", premium); size.width > 80 && !strings.Contains(row, "0.0%") {
				t.Errorf("%d wide: no moneyness: %q", size.width, row)
			}
		}
	}
}

// The heat map goes by strike, so adjusted contracts are not among its cells, and
// it says how many there are.
func TestHeatMapLeavesAdjustedContractsOut(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) { o.Tickers = []string{"SDS"} })
	for i, symbol := range []string{"O:SDS1261218C00012000", "O:SDS261218C00060000"} {
		s.feed.accounts = append(s.feed.accounts, accountOf(t, s.tape, symbol, i+1))
	}
	s.state(func(st *model.State) { st.Tickers = []string{"SDS"} })
	s.keys("v", "v", "v")
	s.look()
	s.has("1 adjusted not shown", "60")
	for _, line := range strings.Split(s.screen(), "\n")[3:] {
		if strings.HasPrefix(strings.TrimSpace(line), "12 ") {
			t.Errorf("a strike of an adjusted contract: %q", line)
		}
	}
}
