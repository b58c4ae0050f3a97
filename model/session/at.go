package session

import (
	"fmt"
	"time"

	"optflow/model"
)

// Status is what a server says the market does now.
type Status uint8

// Statuses: unknown, and the words of /v1/marketstatus/now.
const (
	StatusUnknown  Status = iota
	StatusOpen            // "open"
	StatusClosed          // "closed"
	StatusExtended        // "extended-hours": of the stocks; options rest
)

// ParseStatus reads the vendor's word; one that is not known says nothing.
func ParseStatus(word string) Status {
	switch word {
	case "open":
		return StatusOpen
	case "closed":
		return StatusClosed
	case "extended-hours":
		return StatusExtended
	}
	return StatusUnknown
}

// Statement is a server's status and the market time in ms at which it was made.
type Statement struct {
	Status Status
	At     int64
}

// Facts are what is known of the session at one time. Times are Unix
// milliseconds.
type Facts struct {
	Open     bool
	Late     bool       // only index options and some ETFs' still trade
	Early    bool       // the day closes early
	Forced   bool       // the server says so, against the calendar
	Date     model.Date // whose data is shown: today from the open on, before it the last session's
	Opens    int64      // of Date's session, 0 when it has none
	Closes   int64      // of Date's session, in the late stretch its end; 0 when it has none
	NextOpen int64      // of the next session to begin
}

// phase is a stretch of the calendar between two changes.
type phase struct {
	day  model.Date
	part uint8
}

const (
	before  uint8 = iota // of a trading day, or a day without trading
	regular              // everything trades
	late                 // index options and some ETFs' trade
	after
)

func (c *Calendar) phase(ms int64) phase {
	p := phase{day: model.TradingDate(ms)}
	hours, trades := c.Hours(p.day)
	switch {
	case !trades || ms < hours.Open:
	case ms < hours.Close:
		p.part = regular
	case ms < hours.Late:
		p.part = late
	default:
		p.part = after
	}
	return p
}

// At tells the session at a market time in ms. The server's last statement goes
// before the calendar: "open" out of hours until it says otherwise (a simulated
// market never closes), "closed" in regular hours until the calendar's next
// change, so that a statement made before the open does not outlive it.
func (c *Calendar) At(ms int64, said Statement) Facts {
	now := c.phase(ms)
	f := Facts{Open: now.part == regular || now.part == late, Late: now.part == late, Date: now.day}
	switch said.Status {
	case StatusOpen:
		// Said in hours it is the calendar's own word and ends with them.
		stated := c.phase(said.At).part
		f.Forced = !f.Open && stated != regular && stated != late
	case StatusClosed, StatusExtended:
		f.Forced = now.part == regular && c.phase(said.At) == now
	}
	if f.Forced {
		f.Open = !f.Open
	}
	if now.part == before && !f.Open {
		f.Date = c.Previous(now.day)
	}
	if hours, trades := c.Hours(f.Date); trades {
		f.Opens, f.Closes, f.Early = hours.Open, hours.Close, hours.Early
		if f.Late {
			f.Closes = hours.Late
		}
	}
	next := now.day
	if hours, trades := c.Hours(next); !trades || ms >= hours.Open {
		next = c.Next(next)
	}
	if hours, trades := c.Hours(next); trades {
		f.NextOpen = hours.Open
	}
	return f
}

// Text says the session in a few words: "open", "open until 13:00 ET", "closed:
// showing Fri 20 Nov, opens Mon 09:30 ET".
func (f Facts) Text() string {
	switch {
	case f.Late:
		return "index options until " + clock(f.Closes)
	case f.Open && f.Early && !f.Forced:
		return "open until " + clock(f.Closes)
	case f.Open:
		return "open"
	case f.NextOpen == 0:
		return "closed: showing " + f.Date.UTC().Format("Mon 2 Jan")
	}
	return fmt.Sprintf("closed: showing %s, opens %s %s", f.Date.UTC().Format("Mon 2 Jan"),
		model.TradingDate(f.NextOpen).Weekday().String()[:3], clock(f.NextOpen))
}

// clock writes a time in ms as exchange time, 09:30 ET.
func clock(ms int64) string {
	return time.UnixMilli(ms).In(model.NewYork).Format("15:04") + " ET"
}

// Session is the facts as the feed's state carries them.
func (f Facts) Session() model.Session {
	return model.Session{Open: f.Open, Text: f.Text(), Date: f.Date, Forced: f.Forced}
}
