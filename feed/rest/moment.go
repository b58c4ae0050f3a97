package rest

import (
	"time"

	"optflow/model"
	"optflow/model/session"
)

// Moment is when something is decided, and what the engine knows then.
type Moment struct {
	Now     time.Time     // for what is asked how often; monotonic
	Market  int64         // ms: market time
	Event   int64         // ms: market time as the stream can know it, behind by its delay
	Session session.Facts // of Market
	Day     model.Date    // whose data counts as today's
	Span    model.Span    // of the tape's windows

	Live    bool // the stream delivers
	Polling bool // REST does the stream's work
	Resting bool // nothing is asked but what a person asks for
}

// busy says whether data is to be expected. Index options that trade on for a
// quarter of an hour are no reason to call silence a fault.
func (m *Moment) busy() bool { return m.Session.Open && !m.Session.Late }
