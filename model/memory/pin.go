package memory

import "optflow/model"

// Pin is a contract that stands above the tape, with its open interest as of two
// trading dates, for the change of it; a date of 0 is none.
type Pin struct {
	Contract string // as Massive writes it
	Date     model.Date
	Interest uint32
	Before   model.Date // the trading date noted before Date
	Earlier  uint32     // the open interest of then
}

// Pins are the pinned contracts, in the order in which they were pinned.
type Pins []Pin

// Note takes the open interest as of a trading date and reports whether that is
// news.
func (p *Pin) Note(d model.Date, interest uint32) bool {
	switch {
	case interest == model.UnknownCount || d < p.Date || d == p.Date && interest == p.Interest:
		return false
	case d > p.Date && p.Date != 0:
		p.Before, p.Earlier = p.Date, p.Interest
	}
	p.Date, p.Interest = d, interest
	return true
}

// Recorded takes the open interest as of a date that was recorded, if that says
// more than was noted.
func (p *Pin) Recorded(d model.Date, interest uint32) {
	switch {
	case p.Date == 0 || d > p.Date:
		p.Note(d, interest)
	case d < p.Date && d > p.Before:
		p.Before, p.Earlier = d, interest
	}
}

// AsOf is the open interest as of the newest trading date before a given one.
func (p *Pin) AsOf(d model.Date) (of model.Date, interest uint32, known bool) {
	if p.Date != 0 && p.Date < d {
		return p.Date, p.Interest, true
	}
	return p.Before, p.Earlier, p.Before != 0 && p.Before < d
}

// Past is what is known of the sessions that were recorded.
type Past struct {
	Volumes  *model.RecordedVolumes
	Interest map[string]Interest // by contract symbol, the latest before today
}

// Interest is the open interest of a contract as it was known on a date.
type Interest struct {
	Date model.Date
	Lots uint32
}
