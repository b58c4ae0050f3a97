package ui

import (
	"time"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
)

// dayWait is how long a contract's day may take to come.
const dayWait = 20 * time.Second

// details show one contract: its day, and the row it was opened from. They stand
// below the rows of a page, whose keys go on working.
type details struct {
	*scene
	pull     *pull
	accounts *accounts
	pins     *pins
	page     page // behind them

	open  bool
	large bool // over the whole page
	act.Detail

	acct    model.Account
	hasAcct bool

	bars    []model.Bar
	loading bool
	trouble string // why there are no bars
	gen     int    // of the request: an answer to an older one is dropped

	offset int
	stale  bool // what was drawn is
	drawn  []string
	facts  int // lines of facts, of which so many are visible
	fit    int
}

// dayMsg is a contract's day, or why there is none.
type dayMsg struct {
	gen  int
	bars []model.Bar
	err  error
}

// show shows a contract behind a page and asks for its day.
func (d *details) show(what act.Detail, behind page) []act.Effect {
	d.reset()
	d.open, d.page, d.Detail = true, behind, what
	if a := d.accounts.of(d.ID); a != nil {
		d.acct, d.hasAcct = *a, true
	}
	return d.readDay()
}

// reset forgets the contract.
func (d *details) reset() {
	*d = details{scene: d.scene, pull: d.pull, accounts: d.accounts, pins: d.pins, large: d.large, gen: d.gen, drawn: d.drawn}
	d.accounts.soon()
}

// close closes them.
func (d *details) close() {
	if d.open {
		d.reset()
		d.large = false
		d.gen++
	}
}

// readDay asks for the bars of the contract shown: one request.
func (d *details) readDay() []act.Effect {
	d.gen++
	d.stale = true
	if d.accounts.feed == nil {
		d.trouble = "there is no feed to read the day from"
		return nil
	}
	d.loading, d.trouble = true, ""
	return act.One(act.ReadDay{Gen: d.gen, ID: d.ID})
}

// got takes a contract's day over, and reports whether it is the one that was
// asked for last.
func (d *details) got(msg dayMsg) bool {
	if msg.gen != d.gen || !d.open {
		return false
	}
	d.loading, d.stale = false, true
	if msg.err != nil {
		d.trouble = msg.err.Error()
		return true
	}
	d.trouble, d.bars = "", msg.bars
	return true
}

// asks reports whether the account of the contract is wanted: of a frozen picture
// once.
func (d *details) asks() bool {
	return d.open && !(d.hasAcct && d.page.moment().frozen)
}

// account takes the contract's account out of a copy.
func (d *details) account(list []model.Account) {
	if !d.open {
		return
	}
	for i := range list {
		if list[i].Contract == d.ID {
			d.acct, d.hasAcct, d.stale = list[i], true, true
			return
		}
	}
}

// followRow brings the row up to date while it is still the one that it was.
func (d *details) followRow() {
	if !d.HasRow || d.page.moment().frozen {
		return
	}
	b := d.pull.bursts.Get(d.Handle)
	if b == nil || b.Row.Contract != d.ID || b.Row.Start != d.Row.Start {
		return
	}
	if changedRow(&d.Row, &b.Row) {
		d.Row, d.stale = b.Row, true
		d.Windows, _ = d.pull.bursts.Windows(d.Handle, d.Windows[:0])
		d.Twins = d.pull.bursts.Twins(d.Handle, d.Twins[:0])
		d.Marks = model.MarksOf(&d.Row, d.contracts.At(d.ID), d.rules)
	}
}

// do carries an action out that the details take for themselves. The others go on
// to the page behind.
func (d *details) do(a keys.Action) ([]act.Effect, bool) {
	if !d.open {
		return nil, false
	}
	switch a {
	case keys.Escape, keys.Close, keys.Open:
		return act.One(act.CloseDetails{}), true
	case keys.Zoom:
		d.large, d.stale = !d.large, true
	case keys.Poll:
		return d.readDay(), true
	case keys.Down:
		d.scroll(1)
	case keys.Up:
		d.scroll(-1)
	case keys.PageDown:
		d.scroll(d.fit)
	case keys.PageUp:
		d.scroll(-d.fit)
	case keys.HalfDown:
		d.scroll(d.fit / 2)
	case keys.HalfUp:
		d.scroll(-d.fit / 2)
	case keys.Newest:
		d.scroll(-d.facts)
	case keys.Oldest:
		d.scroll(d.facts)
	case keys.NextMark, keys.PreviousMark:
		return d.neighbour(a), true
	default:
		return nil, false
	}
	return nil, true
}

// scroll moves the facts.
func (d *details) scroll(by int) {
	d.offset = max(min(d.offset+by, d.facts-d.fit), 0)
	d.stale = true
}

// neighbour shows the next marked row of the page behind.
func (d *details) neighbour(a keys.Action) []act.Effect {
	out, _ := d.page.do(a)
	s := d.page.selected()
	if s.contract == nil || !s.burst && s.contract.ID == d.ID || s.burst && d.HasRow && s.handle == d.Handle {
		return out
	}
	more, _ := d.page.do(keys.Open)
	return append(out, more...)
}

// lines is how many of the page's lines they take.
func (d *details) lines(of int) int {
	switch {
	case !d.open:
		return 0
	case d.large:
		return of - 1
	}
	return min(max(of*2/3, 10), of-1, 26)
}
