package ledger

import (
	"slices"

	"optflow/model"
	"optflow/model/session"
)

// Horizon is a time after an alert at which it is looked at again.
type Horizon string

// Horizons. Entry is the quote at the seen time, asked for afterwards.
const (
	Entry     Horizon = "entry"
	After5m   Horizon = "5m"
	After30m  Horizon = "30m"
	AtClose   Horizon = "close"
	NextOpen  Horizon = "next open"
	NextClose Horizon = "next close"
	AtExpiry  Horizon = "expiry"
	InMorning Horizon = "morning" // the open interest, a Morning and not a Mark
)

// Horizons are those that figures are given for, in order.
func Horizons() []Horizon {
	return []Horizon{After5m, After30m, AtClose, NextOpen, NextClose, AtExpiry}
}

func (h Horizon) known() bool { return h == Entry || slices.Contains(Horizons(), h) }

// Reasons why there is no mark that follow from the calendar alone.
const (
	LostExpired = "expired"
	LostClosed  = "after the close" // 5 or 30 minutes later nothing trades any more
)

// morningAt is when the open interest of a session is there at the latest, New
// York: OPRA states it about 06:30 (docs.thetadata.us, option_history_open_interest).
const morningHour, morningMinute = 6, 45

// When is the market time in ms at which a horizon is due; why says that it never
// is.
func (f *Followed) When(h Horizon, cal *session.Calendar) (at int64, why string) {
	day := f.date
	next := cal.Next(day)
	last := next // of a ticker, which goes on
	if f.listed {
		last = cal.LastTradingDay(&f.contract)
	}
	switch h {
	case Entry:
		return f.Seen, ""
	case After5m, After30m:
		at = f.Seen + 5*60_000
		if h == After30m {
			at = f.Seen + 30*60_000
		}
		if closes, ok := f.closes(day, cal); !ok || at > closes {
			return 0, LostClosed
		}
		return at, ""
	case AtClose:
		closes, ok := f.closes(day, cal)
		if !ok || closes <= f.Seen {
			return 0, LostClosed
		}
		return closes, ""
	case NextOpen, NextClose:
		if last < next {
			return 0, LostExpired
		}
		if h == NextClose {
			closes, _ := f.closes(next, cal)
			return closes, ""
		}
		hours, _ := cal.Hours(next)
		return hours.Open, ""
	case AtExpiry:
		return f.expires(last, cal)
	case InMorning:
		if !f.listed {
			return 0, "a ticker has no open interest"
		}
		if last <= day {
			return 0, LostExpired
		}
		return next.At(morningHour, morningMinute).UnixMilli(), ""
	}
	return 0, "unknown"
}

// closes is when it stops trading on a day.
func (f *Followed) closes(day model.Date, cal *session.Calendar) (int64, bool) {
	if f.listed {
		return cal.Closes(&f.contract, day)
	}
	hours, ok := cal.Hours(day)
	return hours.Close, ok
}

// expires is when the underlying's price settles it: at the open of the expiry
// for those that are settled by it, else at the close of the last day.
func (f *Followed) expires(last model.Date, cal *session.Calendar) (int64, string) {
	if !f.listed {
		return 0, "a ticker does not expire"
	}
	if f.contract.AMSettled() {
		hours, ok := cal.Hours(cal.Next(last))
		if !ok {
			return 0, "unknown"
		}
		return hours.Open, ""
	}
	closes, ok := cal.Closes(&f.contract, last)
	if !ok {
		return 0, "unknown"
	}
	return closes, ""
}
