// Package details shows one contract below the rows of a page: its day as a chart,
// its account, and why a row of it carries what it carries. They follow the page's
// cursor.
package details

import (
	"time"

	"optflow/model"
	"optflow/model/burst"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/rows"
	"optflow/ui/scene"
)

const (
	// DayWait is how long a contract's day may take to come.
	DayWait = 20 * time.Second
	// RestTime is how long the cursor rests before a day is asked for: keys held
	// down repeat some thirty times a second, and steps by hand are slower.
	RestTime = 300 * time.Millisecond
)

// Details show what the cursor of a page is on: a contract, and the row of it. They
// stand below the rows of the page, whose keys go on working.
type Details struct {
	*scene.Scene
	Pull     *page.Pull
	Accounts *page.Accounts
	Pins     *page.Pins
	Rest     time.Duration
	page     page.Page // behind them

	Open    bool
	Large   bool // over the whole page
	of      page.Selection
	frozen  bool        // the picture is
	windows []model.Row // of the row, oldest first; none once they are forgotten
	twins   []burst.Twin

	acct    model.Account
	hasAcct bool

	days    days
	day     *day
	loading bool
	trouble string // why the day was not read
	gen     int    // of the request: an answer to an older one is dropped

	Facts scene.Scroll
	Stale bool // what was drawn is
	drawn []string
}

// DayMsg is a contract's day, or why there is none.
type DayMsg struct {
	Gen  int
	Bars []model.Bar
	Err  error
}

// Show opens them.
func (d *Details) Show() {
	d.forget()
	d.Open = true
}

// Close closes them.
func (d *Details) Close() {
	if d.Open {
		d.forget()
		d.Open, d.Large = false, false
	}
}

// Redock closes them and forgets all days: their contracts have other numbers.
func (d *Details) Redock() {
	d.Close()
	d.days = nil
}

func (d *Details) forget() {
	d.gen++
	d.page, d.of, d.windows, d.twins = nil, page.Selection{}, d.windows[:0], d.twins[:0]
	d.acct, d.hasAcct = model.Account{}, false
	d.day, d.loading, d.trouble = nil, false, ""
	d.Facts, d.Stale = scene.NewScroll(), true
	d.Accounts.Soon()
}

// Contract is the one shown, nil if it is none.
func (d *Details) Contract() *model.Contract {
	if !d.Open {
		return nil
	}
	return d.of.Contract
}

// Follow shows what the cursor of a page is on now, and reports whether that is
// something else than before. The day of another contract is asked for once the
// cursor rests.
func (d *Details) Follow(p page.Page) (out []act.Effect, moved bool) {
	s, frozen := p.Selected(), p.Moment().Frozen
	was := d.of
	d.Stale = d.Stale || frozen != d.frozen
	d.of, d.frozen = s, frozen
	switch {
	case d.page != p, number(was.Contract) != number(s.Contract), was.Burst != s.Burst, was.Without != s.Without, was.Handle != s.Handle, was.Row.Start != s.Row.Start:
		moved = true
	case s.Burst && rows.ChangedRow(&was.Row, &s.Row):
		d.Stale = true
		d.readRow()
		return nil, false
	default:
		return nil, false
	}
	first := d.page == nil
	d.page, d.Stale, d.Facts = p, true, scene.NewScroll()
	d.readRow()
	if !first && number(was.Contract) == number(s.Contract) {
		return nil, true
	}
	d.gen++
	d.acct, d.hasAcct = model.Account{}, false
	d.day, d.loading, d.trouble = nil, false, ""
	switch {
	case s.Contract == nil:
		return act.One(act.LeaveDay{}), true
	case s.Account != nil:
		d.acct, d.hasAcct = *s.Account, true
	default:
		d.Accounts.Soon()
	}
	if known := d.days.of(s.Contract.ID); known.fresh(d.Now) {
		d.day = known
		return act.One(act.LeaveDay{}), true
	}
	return d.readDay(d.Rest), true
}

// number is that of a contract, -1 of none.
func number(c *model.Contract) int64 {
	if c == nil {
		return -1
	}
	return int64(c.ID)
}

// readRow reads what the row was joined from, where it is still as it is shown.
func (d *Details) readRow() {
	d.windows, d.twins = d.windows[:0], d.twins[:0]
	if !d.of.Burst {
		return
	}
	b, r := d.Pull.Bursts.Get(d.of.Handle), &d.of.Row
	if b == nil || b.Row.Contract != r.Contract || b.Row.Start != r.Start || rows.ChangedRow(r, &b.Burst) {
		return
	}
	d.windows, _ = d.Pull.Bursts.Windows(d.of.Handle, d.windows)
	d.twins = d.Pull.Bursts.Twins(d.of.Handle, d.twins)
}

// readDay asks for the bars of the contract shown, after a rest: one request.
func (d *Details) readDay(rest time.Duration) []act.Effect {
	c := d.of.Contract
	if c == nil {
		return nil
	}
	d.gen++
	d.Stale = true
	if d.Accounts.Feed == nil {
		d.trouble = "there is no feed to read the day from"
		return nil
	}
	d.loading, d.trouble = true, ""
	return act.One(act.ReadDay{Gen: d.gen, ID: c.ID, Rest: rest})
}

// Got takes a contract's day over, and reports whether it is the one that was
// asked for last.
func (d *Details) Got(msg DayMsg) bool {
	if msg.Gen != d.gen || d.Contract() == nil {
		return false
	}
	d.loading, d.Stale, d.trouble = false, true, ""
	d.day = d.days.add(d.of.Contract.ID)
	if msg.Err != nil {
		d.trouble = msg.Err.Error()
		return true
	}
	d.day.rest, d.day.seen = msg.Bars, d.Now
	return true
}

// Asks reports whether the account of the contract is wanted: of a frozen picture
// once.
func (d *Details) Asks() bool {
	return d.Contract() != nil && d.page != nil && !(d.hasAcct && d.frozen)
}

// Account takes the contract's account out of a copy.
func (d *Details) Account(list []model.Account) {
	c := d.Contract()
	if c == nil {
		return
	}
	for i := range list {
		if list[i].Contract == c.ID {
			d.acct, d.hasAcct, d.Stale = list[i], true, true
			return
		}
	}
}

// Do carries an action out that the details take for themselves. The others go on
// to the page behind.
func (d *Details) Do(a keys.Action) ([]act.Effect, bool) {
	if !d.Open {
		return nil, false
	}
	switch a {
	case keys.Escape, keys.Close:
		return act.One(act.CloseDetails{}), true
	case keys.Zoom:
		d.Large, d.Stale = !d.Large, true
	case keys.Poll:
		if d.of.Contract == nil {
			return nil, false
		}
		return d.readDay(0), true
	case keys.DetailsDown:
		d.Scroll(1)
	case keys.DetailsUp:
		d.Scroll(-1)
	case keys.DetailsPageDown:
		d.scroll(keys.PageDown)
	case keys.DetailsPageUp:
		d.scroll(keys.PageUp)
	default:
		return nil, false
	}
	return nil, true
}

// Scroll moves the facts.
func (d *Details) Scroll(by int) {
	d.Facts.By(by)
	d.Stale = true
}

func (d *Details) scroll(a keys.Action) {
	d.Facts.Do(a)
	d.Stale = true
}

// sentenceLines is what the details take on a page where they can show nothing but
// why.
const sentenceLines = 2

// Lines is how many of the page's lines they take.
func (d *Details) Lines(of int) int {
	switch {
	case !d.Open:
		return 0
	case d.of.Never:
		return min(sentenceLines, of-1)
	case d.Large:
		return of - 1
	}
	return min(max(of*2/3, 10), of-1, 26)
}
