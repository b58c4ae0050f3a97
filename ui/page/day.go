package page

import (
	"fmt"
	"slices"

	"optflow/model"
	"optflow/model/view"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// day is what the pages of the day have in common. Their rows are copies of the
// engine's accounts or totals, which all change at once.
type day struct {
	*scene.Scene
	lens     lens.Lens
	accounts *Accounts
	held     *scene.Moment // what was frozen, nil while nothing is
	tally    view.Tally
	before   keptLine
	gives    gives
}

// newDay prepares a page whose rows are read anew by load.
func newDay(s *scene.Scene, a *Accounts, senseless func(string) string, load func()) day {
	return day{Scene: s, accounts: a, lens: lens.New(s, senseless, load)}
}

func (d *day) Filter() *lens.Lens { return &d.lens }

func (d *day) Badge() []paint.Piece { return nil }

func (d *day) Reads() bool { return false }

func (d *day) Watched(ids []model.ContractID) []model.ContractID { return ids }

func (d *day) Take(c Changes) {
	if c.Accounts || c.Followed {
		d.lens.Apply()
	}
}

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
	d.lens.Apply()
}

// do is what an action does on all pages of the day.
func (d *day) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Freeze:
		d.freeze()
		return nil, true
	case keys.Export:
		return act.One(act.Export{}), true
	case keys.CopyRow:
		return d.copyRow(), true
	case keys.CopyCommand:
		return d.copyCommand(), true
	case keys.Find, keys.FindNext, keys.FindPrevious:
		return act.Tell(paint.Dim, "finding works on the tape; "+d.Key(keys.Filter)+" filters here too"), true
	case keys.Interval:
		return act.Tell(paint.Dim, "the interval joins bursts; only the tape has them"), true
	}
	return nil, false
}

// of is what the page's rows are made of.
func (d *day) of(now int64) view.Of {
	of := view.Of{
		Contracts: d.Contracts, Follows: d.Follows.Set, Totals: d.Moment().Totals, Rules: d.Rules, SpotsLag: d.State.Plan.SpotsLag(), Now: now,
	}
	if f := d.lens.Filter; f != nil {
		of.Filter = f
	}
	return of
}

// contractLines are the contracts of followed tickers that a narrowing and the
// filter take.
func (d *day) contractLines(into []table.Contract, within *act.Narrowing) []table.Contract {
	of := d.of(d.Clock.Now())
	into, d.tally = of.ContractDays(into, d.accounts.list, within.Takes)
	return into
}

// counted is the count of rows; least, where there may be more.
func (d *day) counted(what string, least bool) []paint.Piece {
	t, sign := &d.tally, ""
	if least {
		sign = "≥"
	}
	if d.lens.Filter == nil {
		return []paint.Piece{paint.Text.Piece(sign + format.Count(int64(t.Of))), paint.Dim.Piece(what)}
	}
	return taken(*t, sign, what)
}

// taken says how many of the rows a filter takes, and of how many it cannot tell.
func taken(t view.Tally, sign, what string) []paint.Piece {
	out := []paint.Piece{paint.Strong.Piece(sign + format.Count(int64(t.Shown))), paint.Dim.Piece(" of " + sign + format.Count(int64(t.Of)) + what)}
	if t.Lack > 0 {
		lack := "unknown"
		if t.Lacks != 0 {
			lack = "lack " + t.Lacks.String()
		}
		out = append(out, paint.Warn.Piece(fmt.Sprintf(" (%s %s)", format.Count(int64(t.Lack)), lack)))
	}
	return out
}

// whole reports whether the day is read to its end of a ticker, of all for "".
func (d *day) whole(only string) bool {
	return !slices.ContainsFunc(d.Moment().Totals, func(t model.Totals) bool {
		return !t.Whole && (only == "" || only == t.Underlying)
	})
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
	if paint.Width(right)+2 <= p.Left() {
		p.Right(right)
	}
	return p.End()
}

// frozenSign says that the rows stand still.
const frozenSign = " frozen "

// orEmpty says in the middle of the rows why there are none; why is asked when
// it is neither the feed nor the filter.
func (d *day) orEmpty(rows []string, why func() (head, more string)) {
	if d.tally.Shown > 0 {
		return
	}
	var head, more string
	switch f := d.lens.Filter; {
	case d.accounts.Feed == nil:
		head = "there is no feed to read the day from"
	case d.accounts.trouble != "":
		head = d.accounts.trouble
	case f != nil && d.tally.Of > 0:
		head, more = "nothing matches the filter"+f.NeverText(), d.Key(keys.Clear)+" clears it · "+format.Count(int64(d.tally.Of))+" without it"
	default:
		head, more = why()
	}
	d.SayEmpty(rows, head, more)
}
