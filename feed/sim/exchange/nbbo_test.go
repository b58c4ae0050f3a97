package exchange

import (
	"slices"
	"testing"
	"time"

	"optflow/feed/sim/basis"
)

// TestTradesMetTheQuotesOfTheHistory holds each trade's NBBO against the history
// of quotes, and asks of each fill at the quote that it changed it.
func TestTradesMetTheQuotesOfTheHistory(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: 11, Start: monday, Rate: 60, Tickers: []string{"TSLA"}, Faults: Faults{LateTrades: true}})
		time.Sleep(4 * time.Minute)
		byContract := map[string][]Trade{}
		for _, tr := range m.Trades("") {
			byContract[tr.Symbol] = append(byContract[tr.Symbol], tr)
		}
		trades, fills, moved := 0, 0, 0
		for symbol, list := range byContract {
			quotes := m.Quotes(symbol, 0, m.Now().UnixMilli())
			for i, q := range quotes {
				if q.Bid < 0 || q.Ask <= q.Bid || q.AskSize < 1 || (q.BidSize < 1) != (q.Bid == 0) {
					t.Fatalf("%s: %+v", symbol, q)
				}
				if i > 0 && (q.SIP <= quotes[i-1].SIP || q.Sequence <= quotes[i-1].Sequence || q.Time < quotes[i-1].Time) {
					t.Fatalf("%s: %+v after %+v", symbol, q, quotes[i-1])
				}
			}
			for _, tr := range list {
				after, same := slices.BinarySearchFunc(quotes, tr.SIP, func(q Quote, sip int64) int { return int(q.SIP - sip) })
				if same || after == 0 {
					t.Fatalf("%s: no quote before %+v", symbol, tr)
				}
				trades++
				met := quotes[after-1]
				if met.Bid != tr.Bid || met.Ask != tr.Ask {
					t.Fatalf("trade %+v, the quote before it is %+v", tr, met)
				}
				if tr.Where >= Inside && tr.Where <= Mid {
					if after < len(quotes) && quotes[after].SIP == tr.SIP+1000 {
						t.Fatalf("%+v changed the quote", tr)
					}
					continue
				}
				if after == len(quotes) {
					t.Fatalf("nothing after the fill %+v", tr)
				}
				left := quotes[after]
				fills++
				if left.SIP != tr.SIP+1000 {
					t.Fatalf("%+v left the quote of %+v", tr, left)
				}
				shown, was, is := met.AskSize, met.Ask, left.Ask
				remains := left.AskSize
				if tr.Where == AtBid || tr.Where == BelowBid {
					shown, was, is, remains = met.BidSize, -met.Bid, -left.Bid, left.BidSize
				}
				switch {
				case is < was:
					t.Fatalf("%+v: the quote came towards the fill: %+v, then %+v", tr, met, left)
				case is > was:
					moved++
					if tr.Size < shown && (tr.Where == AtAsk || tr.Where == AtBid) {
						t.Fatalf("%+v did not exhaust %+v, which became %+v", tr, met, left)
					}
				case tr.Where == AboveAsk || tr.Where == BelowBid:
					t.Fatalf("%+v is beyond the quote, which stays %+v", tr, left)
				case tr.Size < shown && remains != shown-tr.Size || remains == shown:
					t.Fatalf("%+v took from %+v and left %+v", tr, met, left)
				}
			}
		}
		if trades < 50_000 || fills < trades/2 || moved < fills/50 || moved > fills/2 {
			t.Errorf("%d trades, %d fills, %d moves", trades, fills, moved)
		}
		t.Logf("%d trades, %d fills, %d moves", trades, fills, moved)
	})
}

// TestQuotesComeAtTheirPace: busy contracts several times a second, quiet ones
// seldom, and every one whether it trades or not.
func TestQuotesComeAtTheirPace(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := NewMarket(Options{Seed: 11, Start: monday, Rate: 1})
		time.Sleep(2 * time.Minute)
		busiest, quietest, total, n := 0, 1<<30, 0, 0
		for _, symbol := range m.Symbols() {
			now := m.Now().UnixMilli()
			quotes := len(m.Quotes(symbol, now-90_000, now)) - 1
			busiest, quietest = max(busiest, quotes), min(quietest, quotes)
			total += quotes
			n++
		}
		t.Logf("%.2f quotes a second of a contract, %.2f to %.2f", float64(total)/90/float64(n), float64(quietest)/90, float64(busiest)/90)
		if busiest < 3*90 || busiest > 10*90 || quietest < 1 || quietest > 6 {
			t.Errorf("%d to %d quotes of a contract in 90 s", quietest, busiest)
		}
	})
}

// TestHistoryDoesNotDependOnTheClock: the same seed gives the same quotes whatever
// was asked when.
func TestHistoryDoesNotDependOnTheClock(t *testing.T) {
	var lists [2][]Quote
	for i, rest := range []time.Duration{3 * time.Minute, 91 * time.Millisecond} {
		inBubble(t, func(t *testing.T) {
			m := NewMarket(Options{Seed: 9, Start: monday.Add(123 * time.Millisecond), Rate: 100, Tickers: []string{"SPY"}})
			symbols := m.Symbols()
			for j, end := 0, time.Now().Add(3*time.Minute); time.Now().Before(end); j++ {
				time.Sleep(min(rest, time.Until(end)))
				m.Quotes(symbols[j*37%len(symbols)], monday.UnixMilli()-int64(j%7)*basis.Minute, monday.UnixMilli()+int64(j))
			}
			for _, symbol := range append([]string{busy}, symbols[:200]...) {
				lists[i] = append(lists[i], m.Quotes(symbol, 0, monday.Add(3*time.Minute).UnixMilli())...)
			}
		})
	}
	if len(lists[0]) < 10_000 || !slices.Equal(lists[0], lists[1]) {
		t.Errorf("%d and %d quotes, not the same", len(lists[0]), len(lists[1]))
	}
}
