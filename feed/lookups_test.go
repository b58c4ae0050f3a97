package feed

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/rest"
	"optflow/feed/source"
	"optflow/model"
	"optflow/model/side"
)

// large lets one contract trade so many lots at 4.00 in the second before now,
// whose bar is here at once, and returns the second's start.
func (m *market) large(symbol string, size int64) (start int64) {
	m.mu.Lock()
	start = time.Now().UnixMilli()/1000*1000 - 1000
	m.trades = append(m.trades, trade{symbol, start + 500, size})
	m.day[symbol] += size
	b := bar{"A", symbol, start, 1000, size, m.day[symbol], m.price}
	m.mu.Unlock()
	m.server.broadcast([]bar{b})
	return start
}

// sideOf is the latest version of a window's row.
func (r *rig) sideOf(symbol string, start int64) (last model.Row) {
	synctest.Wait()
	for seq := r.tape.First(); seq < r.tape.Next(); seq++ {
		if row, _ := r.tape.At(seq); row.Start == start && row.Kind == model.KindBar && r.tape.Contracts.At(row.Contract).Symbol == symbol {
			last = row
		}
	}
	return last
}

// quoteAge is how long ago a symbol was last read.
func (m *market) quoteAge(symbol string) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.readAt[symbol])
}

// lookups are what was looked up, in order.
func (m *market) lookups() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.lookedUp...)
}

// quiet is a rig that is live while next to nothing trades.
func quiet(t *testing.T) (*rig, *market, []string) {
	symbols := chainSymbols("SPY", 24)
	m := newMarket(symbols...)
	m.perSec = 1
	r := newRig(t, m, nil)
	r.live(time.Second)
	time.Sleep(3 * time.Second)
	return r, m, symbols
}

// Windows of $100k and more are looked up once REST shows their quotes, the
// largest first, two a second; the rows then stand on what was in force.
func TestLookupsLargestFirst(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r, m, symbols := quiet(t)
		var start int64
		for i, size := range []int64{249, 250, 900, 400, 300} { // × 4.00 × 100
			start = m.large(symbols[i], size)
		}
		end := start + 1000
		if row := r.sideOf(symbols[2], start); row.Certainty != model.CertaintyLoose {
			t.Errorf("sure of %+v", row)
		}
		r.await(10*time.Second, "all asked", func(*model.State) bool {
			n := len(m.lookups())
			if since := time.Now().UnixMilli() - end; n > 0 && since < side.SureAfter {
				t.Fatalf("asked %d ms after the window", since)
			} else if most := int64(1 + (since-side.SureAfter)/500); int64(n) > max(most, 0) {
				t.Fatalf("%d asked %d ms after the window", n, since)
			}
			return n >= 4
		})
		time.Sleep(10 * time.Second)
		var want []string
		for _, i := range []int{2, 3, 4, 1} {
			want = append(want, fmt.Sprintf("%s %d", symbols[i], end))
			if row := r.sideOf(symbols[i], start); row.Side != model.SideMid || row.Certainty != model.CertaintySure || row.Revision == 0 || row.Bid != 3.9 {
				t.Errorf("%s: %+v", symbols[i], row)
			}
		}
		if got := m.lookups(); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("looked up\n%q, want\n%q", got, want)
		}
		if c := r.state().Counters; c.Corrections != 0 {
			t.Errorf("%d corrections", c.Corrections)
		}
		r.checkAccounts()
	})
}

// The same bar again asks for nothing; a corrected one is judged anew, and what
// its quotes cannot prove is not asked for twice.
func TestLookupsOfCorrections(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r, m, symbols := quiet(t)
		m.set(func() {
			m.quotes = func(_ string, before int64, _ string) (source.QuotePage, error) {
				return source.QuotePage{Quotes: []model.Quote{{Bid: 3.9, Ask: 4, Updated: before - 500}, {Bid: 3.9, Ask: 4.1, Updated: before - 5000}}}, nil
			}
		})
		start := m.large(symbols[0], 300)
		again := func(size int64) {
			m.server.broadcast([]bar{{"A", symbols[0], start, 1000, size, 400, m.price}})
			time.Sleep(5 * time.Second)
		}
		time.Sleep(5 * time.Second)
		if row := r.sideOf(symbols[0], start); row.Side != model.SideMid || row.Certainty != model.CertaintyLoose {
			t.Errorf("what the quotes do not agree on: %+v", row)
		}
		again(300)
		if n := len(m.lookups()); n != 1 {
			t.Errorf("%d look-ups, one would do", n)
		}
		m.set(func() { m.quotes = nil })
		again(310)
		if n := len(m.lookups()); n != 2 {
			t.Errorf("%d look-ups after a correction", n)
		}
		if row := r.sideOf(symbols[0], start); row.Side != model.SideMid || row.Certainty != model.CertaintySure || row.Size != 310 {
			t.Errorf("corrected: %+v", row)
		}
	})
}

// A look-up goes back page after page until it reaches the time before the
// window, but not for ever; a quote that cannot be read proves nothing.
func TestLookupsGoBack(t *testing.T) {
	for _, c := range []struct {
		name      string
		pages     int // until the quote before the window
		malformed int
		asked     int
		certainty model.Certainty
	}{
		{"one page", 1, 0, 1, model.CertaintySure},
		{"three pages", 3, 0, 3, model.CertaintySure},
		{"as many as may be", rest.LookupPages, 0, rest.LookupPages, model.CertaintySure},
		{"more than may be", rest.LookupPages + 1, 0, rest.LookupPages, model.CertaintyFair}, // by readings
		{"unreadable", 1, 1, 1, model.CertaintyFair},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				r, m, symbols := quiet(t)
				var end int64
				m.set(func() {
					m.quotes = func(_ string, before int64, next string) (source.QuotePage, error) {
						page := 0
						if next != "" {
							fmt.Sscanf(next, "page %d", &page)
						} else {
							end = before
						}
						at := end - 10*int64(page+1)
						if page+1 == c.pages {
							at = end - 5000
						}
						return source.QuotePage{
							Quotes: []model.Quote{{Bid: 3.9, Ask: 4.1, Updated: at}}, Malformed: c.malformed, Next: fmt.Sprintf("page %d", page+1),
						}, nil
					}
				})
				start := m.large(symbols[0], 300)
				time.Sleep(10 * time.Second)
				if n := m.count("quotes"); n != c.asked {
					t.Errorf("%d requests, want %d", n, c.asked)
				}
				if row := r.sideOf(symbols[0], start); row.Side != model.SideMid || row.Certainty != c.certainty {
					t.Errorf("%+v", row)
				}
			})
		})
	}
}

// A plan without quotes by time is asked once, and the user is told.
func TestLookupsNotInThePlan(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r, m, symbols := quiet(t)
		m.set(func() {
			m.fail = func(what string) error {
				if what == "quotes" {
					return &source.Failure{Kind: source.ErrorNotEntitled, Status: 403, Message: "not entitled"}
				}
				return nil
			}
		})
		for i := range 5 {
			m.large(symbols[i], 500)
		}
		time.Sleep(10 * time.Second)
		m.large(symbols[6], 500)
		time.Sleep(10 * time.Second)
		if n := m.count("quotes"); n != 1 {
			t.Errorf("asked %d times", n)
		}
		if notes := strings.Join(r.state().Notes, "\n"); !strings.Contains(notes, "no quotes by time, so fewer sides are sure") {
			t.Errorf("notes %q", notes)
		}
	})
}

// In a flood of large windows no more than two a second are asked for, and what
// has waited too long is left.
func TestLookupsAreFew(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, m, symbols := quiet(t)
		began := time.Now()
		for range 100 {
			for _, symbol := range symbols {
				m.large(symbol, 300)
			}
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if n, most := len(m.lookups()), int(2*time.Since(began).Seconds())+1; n > most || n < most/2 {
			t.Errorf("%d look-ups in %v", n, time.Since(began))
		}
		time.Sleep(11 * time.Minute)
		before := len(m.lookups())
		time.Sleep(time.Minute)
		if n := len(m.lookups()); n != before {
			t.Errorf("%d look-ups of what is long past", n-before)
		}
	})
}

// A row over the floor gets a reading after it, which settles it; one under the
// floor waits for its contract's turn.
func TestRowsOverTheFloorAreReadAfter(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r, m, symbols := quiet(t)
		time.Sleep(time.Minute)
		m.set(func() { m.perSec, m.quoteAt = 0, time.Now().UnixMilli() })
		time.Sleep(3 * time.Second)
		over, under := m.large(symbols[0], 70), m.large(symbols[1], 60) // of $25k
		time.Sleep(side.SureAfter*time.Millisecond - 10*time.Millisecond)
		if row := r.sideOf(symbols[0], over); row.Certainty != model.CertaintyLoose {
			t.Errorf("too early: %+v", row)
		}
		r.await(2*time.Second+rest.SettleEvery, "settled", func(*model.State) bool {
			row := r.sideOf(symbols[0], over)
			return row.Certainty == model.CertaintySure && row.Side == model.SideMid
		})
		if row := r.sideOf(symbols[1], under); row.Certainty != model.CertaintyLoose {
			t.Errorf("under the floor: %+v", row)
		}
		if n := len(m.lookups()); n != 0 {
			t.Errorf("%d look-ups", n)
		}
	})
}
