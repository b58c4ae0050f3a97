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

	Conn   uint64    // number of the connection
	Heard  time.Time // when the stream last brought data
	Newest int64     // ms: end of its newest window
	Owed   int64     // ms of event time when it went live: it owes nothing older
}

// busy says whether data is to be expected, as Calendar.Busy.
func (m *Moment) busy() bool { return m.Session.Open && !m.Session.Late }

// lastOpen is the end of what can have traded: now, or the last close.
func (m *Moment) lastOpen() int64 {
	if m.Session.Open || m.Session.Closes == 0 {
		return m.Market
	}
	return min(m.Market, m.Session.Closes)
}

// compared is the stretch of event time, in ms, in which windows of the stream
// and of REST are compared: after the stream's newest, and closed long enough
// ago. It is empty when there is nothing to compare.
func (m *Moment) compared(newest int64) (from, to int64) {
	span := int64(m.Span)
	to = (m.Event - closedBefore) / span * span
	return max(newest, m.Owed, to-10*minuteMillis), to
}

// closedBefore is how long ago, in ms, a window has closed that is compared.
const closedBefore = 10_000
