package backtest

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/ledger"
)

// After is a time after a hit.
type After struct {
	Name string        // "5m", or "close"
	By   time.Duration // 0: at the close
}

// mostAfter is how long after a hit may be asked for: a session.
const mostAfter = 24 * time.Hour

// ParseAfter reads "5m,30m,close".
func ParseAfter(text string) (all []After, err error) {
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		a := After{Name: word}
		if word != string(ledger.AtClose) {
			if a.By, err = time.ParseDuration(word); err != nil || a.By <= 0 || a.By > mostAfter {
				return nil, fmt.Errorf("%q is neither a time such as 5m nor close", word)
			}
		}
		if slices.ContainsFunc(all, func(b After) bool { return a.By == b.By }) {
			return nil, fmt.Errorf("%q stands there twice", word)
		}
		all = append(all, a)
	}
	if len(all) == 0 {
		return nil, errors.New("no time is named")
	}
	return all, nil
}

// Later is the underlying some time after a hit.
type Later struct {
	After
	At     int64   // ms: when that was, 0 never
	Spot   float64 // dollars, NaN unknown
	Change float64 // against the spot of the hit: 0.01 is 1 %; NaN unknown
	Why    string  // the spot is not known
}

// of is what there is of a hit some time after it.
func (a After) of(h *Hit, r *run) Later {
	l := Later{After: a, Spot: math.NaN(), Change: math.NaN()}
	closes, trades := r.closes(h)
	switch {
	case a.By == 0 && !trades:
		l.Why = "no session by the calendar"
	case a.By == 0:
		l.At = closes
	default:
		l.At = h.At + a.By.Milliseconds()
	}
	switch {
	case l.Why != "":
	case trades && (l.At > closes || l.At <= h.At):
		l.Why = ledger.LostClosed
	case l.At > r.session.Until+ledger.Within:
		l.Why = "the recording ends before"
	default:
		l.Spot, l.Why = r.spots.at(h.Contract.Underlying, l.At)
	}
	if l.Why == "" && h.Spot > 0 {
		l.Change = l.Spot/h.Spot - 1
	}
	return l
}

// closes is when that which was hit stops trading on the day.
func (r *run) closes(h *Hit) (int64, bool) {
	if h.Contract.Symbol != "" {
		return r.o.Calendar.Closes(h.Contract, h.Date)
	}
	hours, ok := r.o.Calendar.Hours(h.Date)
	return hours.Close, ok
}

// spots are the prices of underlyings that REST stated, each at its own time.
type spots map[string]*series

type series struct {
	seen   []spot
	sorted bool
	late   bool // one was late beside real-time options
}

type spot struct {
	at    int64 // ms
	price float64
}

// add notes what a snapshot says of an underlying.
func (s spots) add(underlying string, of *model.Snapshot) {
	if !(of.Spot > 0) {
		return
	}
	all := s[underlying]
	if all == nil {
		all = &series{}
		s[underlying] = all
	}
	if of.SpotDelayed {
		all.late = true
		return
	}
	one := spot{of.SpotUpdated, of.Spot}
	if one.at <= 0 {
		one.at = of.Read
	}
	if n := len(all.seen); n == 0 || all.seen[n-1] != one {
		all.seen, all.sorted = append(all.seen, one), false
	}
}

// at is the price nearest to a time, or why there is none to reckon with: it must
// be of the minute around it, as in the ledger.
func (s spots) at(underlying string, ms int64) (price float64, why string) {
	all := s[underlying]
	switch {
	case all == nil:
		return math.NaN(), "no spot"
	case len(all.seen) == 0:
		return math.NaN(), "spot late"
	}
	if !all.sorted {
		slices.SortStableFunc(all.seen, func(a, b spot) int { return cmp.Compare(a.at, b.at) })
		all.sorted = true
	}
	i, _ := slices.BinarySearchFunc(all.seen, ms, func(one spot, at int64) int { return cmp.Compare(one.at, at) })
	best := all.seen[max(i-1, 0)]
	if i < len(all.seen) && all.seen[i].at-ms < ms-best.at {
		best = all.seen[i]
	}
	if off := max(best.at-ms, ms-best.at); off > ledger.Within {
		return math.NaN(), fmt.Sprintf("no spot within a minute of %s", time.UnixMilli(ms).In(model.NewYork).Format(time.TimeOnly))
	}
	return best.price, ""
}
