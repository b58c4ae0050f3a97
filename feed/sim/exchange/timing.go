package exchange

import (
	"optflow/feed/sim/basis"
	"optflow/model"
)

// timing is where a market stands in time.
type timing struct {
	calendar  basis.DayCount
	startDate model.Date // the date of live
	startDay  int64      // its midnight
	PastFrom  int64      // the past's first ms
	live      int64      // the first ms of the log, a whole minute

	frontier int64 // all trades executed before it are known; a whole second
	Day      model.Date
	dayStart int64
	dayEnd   int64
}

// newTiming is that of a market which goes live at a whole minute.
func newTiming(live int64) *timing {
	t := &timing{live: live, frontier: live}
	t.setDay(model.TradingDate(live))
	t.startDate, t.startDay = t.Day, t.dayStart
	t.PastFrom = pastSpan(live, t.dayStart)
	t.calendar = basis.NewDayCount(t.Day)
	return t
}

func (t *timing) setDay(d model.Date) {
	t.Day, t.dayStart, t.dayEnd = d, basis.StartOfDay(d), basis.StartOfDay(d+1)
}

// dayOf is the trading date of a market time and that date's midnight.
func (t *timing) dayOf(ms int64) (model.Date, int64) {
	if ms >= t.dayStart && ms < t.dayEnd {
		return t.Day, t.dayStart
	}
	day := model.TradingDate(ms)
	return day, basis.StartOfDay(day)
}
