package page

import (
	"fmt"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// day is what the pages of the day have in common. Their rows are copies of the
// engine's accounts or totals, which all change at once.
type day struct {
	*scene.Scene
	lens     Lens
	accounts *Accounts
	held     *scene.Moment // what was frozen, nil while nothing is
	tally    tally
	before   keptLine
}

// tally counts what a page shows.
type tally struct {
	shown, of, lack int
	lacks           filter.Lack
	premium         float64 // of what is shown
}

// newDay prepares a page whose rows are read anew by load.
func newDay(s *scene.Scene, a *Accounts, senseless func(string) string, load func()) day {
	return day{Scene: s, accounts: a, lens: NewLens(s, senseless, load)}
}

// takes counts a row and asks the filter.
func (t *tally) takes(f *scene.Filter, r *model.Burst, c *model.Contract, now int64) bool {
	t.of++
	if f != nil {
		switch f.Match(r, c, now) {
		case model.False:
			return false
		case model.Unknowable:
			t.lack++
			t.lacks |= f.Lacks(r, c, now)
			return false
		}
	}
	t.shown++
	return true
}

func (d *day) Filter() *Lens { return &d.lens }

func (d *day) Badge() []paint.Piece { return nil }

func (d *day) Reads() bool { return false }

func (d *day) Watched(ids []model.ContractID) []model.ContractID { return ids }

func (d *day) Moment() scene.Moment {
	if d.held != nil {
		return *d.held
	}
	return d.Live()
}

// freeze freezes the page, or lets it go on.
func (d *day) freeze() {
	d.accounts.Soon()
	if d.held != nil {
		d.thaw()
		return
	}
	now := d.Live()
	now.Frozen = true
	d.held = &now
}

// thaw goes on.
func (d *day) thaw() {
	d.held = nil
	d.lens.applied()
}

// do is what an action does on all pages of the day.
func (d *day) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Freeze:
		d.freeze()
		return nil, true
	case keys.CopyRow, keys.CopyCommand, keys.Export:
		return act.Tell(paint.Dim, TapeOnly), true
	case keys.Find, keys.FindNext, keys.FindPrevious:
		return act.Tell(paint.Dim, "finding works on the tape; "+d.Key(keys.Filter)+" filters here too"), true
	case keys.Interval:
		return act.Tell(paint.Dim, "the interval joins bursts; only the tape has them"), true
	}
	return nil, false
}

// TapeOnly is said of what only the tape can give away.
const TapeOnly = "only the tape's rows can be copied and exported"

// contractLines are the accounts of followed tickers that a narrowing and the
// filter take.
func (d *day) contractLines(into []table.Contract, within *act.Narrowing) []table.Contract {
	d.tally = tally{}
	all := d.Moment().Totals
	spots := make(map[string]float64, len(all))
	for i := range all {
		spots[all[i].Underlying] = all[i].Spot
	}
	lag, now, f := table.SpotsLag(d.State.Plan), d.Clock.Now(), d.lens.Filter
	var l table.Contract
	for i := range d.accounts.list {
		a := &d.accounts.list[i]
		c := d.Contracts.At(a.Contract)
		if c == nil || a.Day == 0 || !d.Follows.Set[c.Underlying] || !within.Takes(c) {
			continue
		}
		spot, known := spots[c.Underlying]
		if !known {
			spot = model.Unknown
		}
		l = table.Contract{Account: *a, Of: c, Row: model.Burst{Row: a.Row(spot, lag, now)}}
		if !d.tally.takes(f, &l.Row, c, now) {
			continue
		}
		d.tally.premium += a.Premium
		if model.MarksOf(&l.Row.Row, c, d.Rules)&model.MarkUnusual != 0 {
			l.Marks = model.MarkUnusual
		}
		into = append(into, l)
	}
	return into
}

// counted is the count of rows; least, where there may be more.
func (d *day) counted(what string, least bool) []paint.Piece {
	t, sign := &d.tally, ""
	if least {
		sign = "≥"
	}
	if d.lens.Filter == nil {
		return []paint.Piece{paint.Text.Piece(sign + format.Count(int64(t.of))), paint.Dim.Piece(what)}
	}
	out := []paint.Piece{paint.Strong.Piece(sign + format.Count(int64(t.shown))), paint.Dim.Piece(" of " + sign + format.Count(int64(t.of)) + what)}
	if t.lack > 0 {
		lack := "unknown"
		if t.lacks != 0 {
			lack = "lack " + t.lacks.String()
		}
		out = append(out, paint.Warn.Piece(fmt.Sprintf(" (%s %s)", format.Count(int64(t.lack)), lack)))
	}
	return out
}

// whole reports whether the day is read to its end of a ticker, of all for "".
func (d *day) whole(only string) bool {
	all := d.Moment().Totals
	for i := range all {
		if !all[i].Whole && (only == "" || only == all[i].Underlying) {
			return false
		}
	}
	return true
}

// title writes the second line: which page, then what the page says of itself in
// so many cells, the filter, and how many rows that is.
func (d *day) title(name string, right []paint.Piece, middle func(p *paint.Pen, room int)) string {
	p := &d.Pen
	p.Line(d.Theme, paint.OnPlain, d.Width)
	p.Space(1)
	p.Put(paint.Strong, name)
	p.Space(2)
	frozen := 0
	if d.held != nil {
		frozen = paint.Cells(frozenSign) + 2
	}
	middle(p, p.Left()-paint.Width(right)-3-frozen)
	if d.held != nil {
		p.Space(2)
		p.Put(paint.Late, frozenSign)
	}
	if text := d.lens.Text(); text != "" && !d.lens.Edited {
		if room := d.Width - p.Written() - 5 - paint.Width(right) - 2; room >= 8 {
			p.Space(3)
			p.Put(paint.Accent, "/ ")
			p.Put(paint.Text, paint.Clip(text, room))
		}
	}
	if w := paint.Width(right); w+2 <= p.Left() {
		p.To(d.Width - 1 - w)
		for _, r := range right {
			p.Put(r.Ink, r.Text)
		}
	}
	return p.End()
}

// frozenSign says that the rows stand still.
const frozenSign = " frozen "

// orEmpty says in the middle of the rows why there are none; why is asked when
// it is neither the feed nor the filter.
func (d *day) orEmpty(rows []string, why func() (head, more string)) {
	if d.tally.shown > 0 {
		return
	}
	var head, more string
	switch f := d.lens.Filter; {
	case d.accounts.Feed == nil:
		head = "there is no feed to read the day from"
	case d.accounts.trouble != "":
		head = d.accounts.trouble
	case f != nil && d.tally.of > 0:
		head, more = "nothing matches the filter"+f.NeverText(), d.Key(keys.Clear)+" clears it · "+format.Count(int64(d.tally.of))+" without it"
	default:
		head, more = why()
	}
	d.SayEmpty(rows, head, more)
}
