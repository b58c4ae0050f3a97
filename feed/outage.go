package feed

import "optflow/model"

// outage is a time in which the stream brings nothing.
type outage struct {
	from int64 // ms of event time; 0: there is none
	why  model.GapReason
}

// begin opens it, unless it is open, and gives it a reason if there is one.
func (h *outage) begin(from int64, why model.GapReason) {
	if h.from == 0 {
		h.from = from
	}
	if why != model.GapNone {
		h.why = why
	}
}

// end closes it before the first bars after it: the accounts are to be told.
// From is 0 if there was none.
func (h *outage) end(bars []model.Bar) (from, to int64, why model.GapReason) {
	if h.from == 0 {
		return 0, 0, model.GapNone
	}
	from, to, why = h.from, h.from, h.why
	for i := range bars {
		to = max(to, bars[i].Start)
	}
	if why == model.GapNone {
		why = model.GapLost
	}
	*h = outage{}
	return from, to, why
}
