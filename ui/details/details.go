// Package details shows one contract below the rows of a page: its day as a chart,
// its account, and why a row of it carries what it carries.
package details

import (
	"time"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/rows"
	"optflow/ui/scene"
)

// DayWait is how long a contract's day may take to come.
const DayWait = 20 * time.Second

// Details show one contract: its day, and the row it was opened from. They stand
// below the rows of a page, whose keys go on working.
type Details struct {
	*scene.Scene
	Pull     *page.Pull
	Accounts *page.Accounts
	Pins     *page.Pins
	page     page.Page // behind them

	Open  bool
	Large bool // over the whole page
	act.Detail

	acct    model.Account
	hasAcct bool

	Bars    []model.Bar
	loading bool
	trouble string // why there are no bars
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

// Show shows a contract behind a page and asks for its day.
func (d *Details) Show(what act.Detail, behind page.Page) []act.Effect {
	d.reset()
	d.Open, d.page, d.Detail = true, behind, what
	if a := d.Accounts.Of(d.ID); a != nil {
		d.acct, d.hasAcct = *a, true
	}
	return d.readDay()
}

// reset forgets the contract.
func (d *Details) reset() {
	*d = Details{Scene: d.Scene, Pull: d.Pull, Accounts: d.Accounts, Pins: d.Pins, Large: d.Large, gen: d.gen, drawn: d.drawn, Facts: scene.NewScroll()}
	d.Accounts.Soon()
}

// Close closes them.
func (d *Details) Close() {
	if d.Open {
		d.reset()
		d.Large = false
		d.gen++
	}
}

// readDay asks for the bars of the contract shown: one request.
func (d *Details) readDay() []act.Effect {
	d.gen++
	d.Stale = true
	if d.Accounts.Feed == nil {
		d.trouble = "there is no feed to read the day from"
		return nil
	}
	d.loading, d.trouble = true, ""
	return act.One(act.ReadDay{Gen: d.gen, ID: d.ID})
}

// Got takes a contract's day over, and reports whether it is the one that was
// asked for last.
func (d *Details) Got(msg DayMsg) bool {
	if msg.Gen != d.gen || !d.Open {
		return false
	}
	d.loading, d.Stale = false, true
	if msg.Err != nil {
		d.trouble = msg.Err.Error()
		return true
	}
	d.trouble, d.Bars = "", msg.Bars
	return true
}

// Asks reports whether the account of the contract is wanted: of a frozen picture
// once.
func (d *Details) Asks() bool {
	return d.Open && !(d.hasAcct && d.page.Moment().Frozen)
}

// Account takes the contract's account out of a copy.
func (d *Details) Account(list []model.Account) {
	if !d.Open {
		return
	}
	for i := range list {
		if list[i].Contract == d.ID {
			d.acct, d.hasAcct, d.Stale = list[i], true, true
			return
		}
	}
}

// followRow brings the row up to date while it is still the one that it was.
func (d *Details) followRow() {
	if !d.HasRow || d.page.Moment().Frozen {
		return
	}
	b := d.Pull.Bursts.Get(d.Handle)
	if b == nil || b.Row.Contract != d.ID || b.Row.Start != d.Row.Start {
		return
	}
	if rows.ChangedRow(&d.Row, &b.Burst) {
		d.Row, d.Stale = b.Burst, true
		d.Windows, _ = d.Pull.Bursts.Windows(d.Handle, d.Windows[:0])
		d.Twins = d.Pull.Bursts.Twins(d.Handle, d.Twins[:0])
		d.Marks = model.MarksOf(&d.Row.Row, d.Contracts.At(d.ID), d.Rules)
	}
}

// Do carries an action out that the details take for themselves. The others go on
// to the page behind.
func (d *Details) Do(a keys.Action) ([]act.Effect, bool) {
	if !d.Open {
		return nil, false
	}
	switch a {
	case keys.Escape, keys.Close, keys.Open:
		return act.One(act.CloseDetails{}), true
	case keys.Zoom:
		d.Large, d.Stale = !d.Large, true
	case keys.Poll:
		return d.readDay(), true
	case keys.NextMark, keys.PreviousMark:
		return d.neighbour(a), true
	default:
		if !d.Facts.Do(a) {
			return nil, false
		}
		d.Stale = true
	}
	return nil, true
}

// Scroll moves the facts.
func (d *Details) Scroll(by int) {
	d.Facts.By(by)
	d.Stale = true
}

// neighbour shows the next marked row of the page behind.
func (d *Details) neighbour(a keys.Action) []act.Effect {
	out, _ := d.page.Do(a)
	s := d.page.Selected()
	if s.Contract == nil || !s.Burst && s.Contract.ID == d.ID || s.Burst && d.HasRow && s.Handle == d.Handle {
		return out
	}
	more, _ := d.page.Do(keys.Open)
	return append(out, more...)
}

// Lines is how many of the page's lines they take.
func (d *Details) Lines(of int) int {
	switch {
	case !d.Open:
		return 0
	case d.Large:
		return of - 1
	}
	return min(max(of*2/3, 10), of-1, 26)
}
