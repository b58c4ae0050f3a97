package page

import (
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/paint"
	"optflow/ui/rows"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// Tape shows the bursts of the followed tickers, as the tab in front and the
// line of `/` take them.
type Tape struct {
	*scene.Scene
	Lens    lens.Lens // the line of `/`
	Own     lens.Lens // the filter of the tab in front, while it is changed
	Pull    *Pull
	List    *rows.List
	Table   *rows.Table
	Tabs    tabs
	Find    rows.Finder
	Pins    Pins
	Title   tapeTitle
	columns table.Choice // of the tab in front
	held    *tapeMoment  // beside the rows while they are frozen
	news    []uint32     // rows that came with the last batch
	before  keptLine
	sought  sought
}

// tapeMoment is what stands beside the tape's rows. Frozen, it is as of that
// moment, like the rows; the first line, the clock and the counts of what came
// since go on.
type tapeMoment struct {
	scene.Moment
	seen    uint64 // bursts
	since   int64  // ms: what is older left the tape
	trimmed uint64 // rows missed
}

// NewTape returns the tape, of the rows that are pulled.
func NewTape(s *scene.Scene, p *Pull) *Tape {
	t := &Tape{Scene: s, Pull: p, List: rows.NewList(s.Contracts, s.Follows, s.Rules)}
	t.Table = rows.NewTable(t.List, s.Zone)
	t.Lens, t.Own = lens.New(s, nil, t.refilter), lens.New(s, nil, t.refilterTab)
	t.goBackBy(new(lens.Undo))
	t.Tabs.Scene, t.Tabs.pull = s, p
	t.Pins.Scene, t.Pins.pull = s, p
	t.Find.Scene, t.Find.List, t.Find.Table = s, t.List, t.Table
	s.Saved = func() []filter.Saved { return SavedOf(s.Lists, t.Tabs.each()) }
	t.Table.Fired = func(r *model.Row) bool { return s.Fired.Of(r) }
	t.Table.Hit = func(c *table.Cell) bool { return t.Find.Text != "" && t.Find.Takes(c) }
	return t
}

func (t *Tape) Name() string { return pageTape }

func (t *Tape) Enter(string) {}

// Regroup joins the windows that the tape still has by the present interval and
// rules.
func (t *Tape) Regroup() {
	t.Pull.regroup()
	f, sort, reversed := t.List.Filter, t.List.Sort, t.List.Reversed
	*t.List = *rows.NewList(t.Contracts, t.Follows, t.Rules)
	t.List.Bursts, t.List.Sort, t.List.Reversed = t.Pull.Bursts, sort, reversed
	t.List.Take(f)
	t.Tabs.restart()
	t.Table.Forget()
	t.Table.Frozen = false
	t.Table.Restart()
	t.Reread()
}

// Reread reads what there is already, of bursts that others look at as well.
func (t *Tape) Reread() {
	if t.Pull.look != nil {
		t.Tabs.recount()
		t.List.Rescan()
		t.Table.Settle()
	}
}

// Redock begins anew where the market has, and reports whether it has.
func (t *Tape) Redock() bool {
	if t.Pull.market.Generation() == t.Pull.docked {
		return false
	}
	t.seek()
	t.Pins.release()
	t.Pull.dock()
	if err := t.Pull.lookAt(t.Pull.Interval); err != nil { // which cannot be: others go on as well
		t.Pull.standAlone()
	}
	t.Regroup()
	return true
}

// JoinBy joins the windows by an interval, anew. Where bursts are shared there may
// be no room for others.
func (t *Tape) JoinBy(i burst.Interval) error {
	if err := t.Pull.lookAt(i); err != nil {
		return err
	}
	t.Pull.Interval = i
	t.Regroup()
	t.TakeRows()
	t.Pins.Reread()
	t.List.Rescan()
	t.Table.Settle()
	t.Table.Added = 0 // what is joined anew is not new
	return nil
}

// Take takes other tickers over.
func (t *Tape) Take(c Changes) {
	if c.Alerts {
		t.takeFired()
	}
	if !c.Followed {
		return
	}
	t.Title.Drawn = ""
	t.Lens.Filter = t.Lens.Again()
	t.Tabs.reread()
	t.Tabs.recount()
	t.List.Take(t.Tabs.Taken(t.Lens.Filter))
	t.reselect()
}

// takeFired marks the rows that fired since, and shows them where that is asked
// for.
func (t *Tape) takeFired() {
	t.Table.Restyle()
	if f := t.Tabs.Taken(t.Lens.Filter); f != nil && f.Says("mark") {
		t.refilter()
	}
}

// SayLeft shows the line where the reader left, or takes it away with "".
func (t *Tape) SayLeft(text string) {
	t.List.SayLeft(text)
	t.Table.Settle()
}

// Tick applies filters anew whose answers change with time: by the age of rows
// each second, by dates without a year each day.
func (t *Tape) Tick(shown bool) {
	t.Title.Drawn = "" // its counts move with the clock: in every frame they would be a third of its bytes
	day := model.TradingDate(t.Now)
	stale := t.Tabs.age(day)
	if !shown || t.Table.Frozen {
		return
	}
	f, own := t.Lens.Filter, t.Tabs.Front().Own
	if f != nil && f.Day != day {
		f, stale = t.Lens.Again(), true
	}
	switch {
	case stale:
		t.Lens.Use(f)
	case f != nil && f.Ages || own != nil && own.Ages:
		t.List.Now = t.Now
		t.List.Rescan()
		t.Table.Settle()
	}
}

func (t *Tape) Filter() *lens.Lens { return &t.Lens }

// refilter reads the list anew through another filter.
func (t *Tape) refilter() {
	t.List.Now = t.Clock.Now()
	t.List.Take(t.Tabs.Taken(t.Lens.Filter))
	t.reselect()
}

// reselect reads the list anew, after which the table finds its row again.
func (t *Tape) reselect() {
	frozen := t.Table.Frozen
	if frozen {
		t.Table.Thaw()
	}
	t.List.Rescan()
	t.Table.Settle()
	if frozen { // the picture is another one, and stands still again
		t.Table.Freeze()
		t.hold()
	}
}

// Sort sorts by a column's name, and reports whether there is such a column.
func (t *Tape) Sort(column string) bool {
	id, ok := table.Find(column)
	if ok {
		t.SortBy(id)
	}
	return ok
}

// SortBy sorts by a column; by the same one again it reverses.
func (t *Tape) SortBy(id table.ID) {
	t.Table.Cursor, t.Table.Pick = id, true
	t.List.Reversed = t.List.Sort == id && !t.List.Reversed
	t.List.Sort = id
	t.Table.Restart() // on the first row in the new order
	t.reselect()
	t.Arrange()
}

// freeze freezes the page, or lets it go on.
func (t *Tape) freeze() {
	if !t.Table.Frozen {
		t.Table.Freeze()
		t.hold()
		return
	}
	t.Table.Thaw()
	t.held, t.Tabs.held = nil, nil
	t.Pins.Reread()
	t.List.Rescan()
	t.Table.Added = 0
	t.Table.Settle()
}

// hold keeps what stands beside the rows, which are frozen now.
func (t *Tape) hold() {
	now := t.present()
	now.Frozen = true
	t.held = &now
	t.Tabs.hold()
}

// present is what would stand beside the rows if they were not frozen.
func (t *Tape) present() tapeMoment {
	b := t.Pull.Bursts
	return tapeMoment{Moment: t.Live(), seen: b.Counts().Seen, since: b.Since(), trimmed: t.Pull.Missed()}
}

// beside is what stands beside the rows.
func (t *Tape) beside() tapeMoment {
	if t.Table.Frozen && t.held != nil {
		return *t.held
	}
	return t.present()
}

func (t *Tape) Moment() scene.Moment {
	if t.Table.Frozen && t.held != nil {
		return t.held.Moment
	}
	return t.Live()
}

func (t *Tape) Reads() bool { return false }

func (t *Tape) Fit(rows int, details bool) {
	t.before.fit(&t.Table.Line, details)
	t.Table.Read(details)
	if h := max(rows-t.Pins.Lines(), 1); h != t.Table.Height {
		t.Table.Height = h
		t.Table.Settle()
	}
}

func (t *Tape) Arrange() {
	t.Title.Drawn = ""
	t.Table.Layout = table.Arrange(t.Width, t.columns, table.Gone(t.State.Plan), t.Table.Cursor, t.List.Sort)
	t.Table.Restyle()
}

func (t *Tape) Draw(out []string) []string {
	out = append(out, t.Title.draw(t))
	out = append(out, t.Table.Header(&t.Pen, t.Theme, t.Width))
	out = t.Pins.draw(&t.Table.Layout, out)
	from := len(out)
	out = t.Table.Render(&t.Pen, t.Theme, t.Width, out)
	if t.List.Ord.Len() == 0 {
		head, more := whyEmpty(t)
		t.SayEmpty(out[from:], head, more)
	}
	return out
}

func (t *Tape) Matching() []paint.Piece { return taken(t.List.Tally(), "", "") }

// Badge says that the tape stands still and what came in meanwhile.
func (t *Tape) Badge() []paint.Piece {
	switch added := t.Table.Added; {
	case t.Table.Following:
		return nil
	case t.Table.Frozen && added > 0:
		return []paint.Piece{paint.Strong.Piece(format.Count(int64(added)) + " new"), paint.Accent.Piece(" " + t.Key(keys.Freeze))}
	case t.Table.Frozen:
		return []paint.Piece{paint.Dim.Piece("frozen"), paint.Accent.Piece(" " + t.Key(keys.Freeze))}
	case added > 0:
		return []paint.Piece{paint.Strong.Piece(format.Count(int64(added)) + " new"), paint.Accent.Piece(" ↑ " + t.Key(keys.Newest))}
	case t.List.FollowsNewest():
		return []paint.Piece{paint.Dim.Piece("holding"), paint.Accent.Piece(" ↑ " + t.Key(keys.Newest))}
	}
	return nil
}

func (t *Tape) Selected() Selection {
	s := Selection{Ticker: t.Table.Underlying(), Handle: t.Table.Selected}
	row, ok := t.Table.Chosen()
	g, gap := t.List.GapLines[s.Handle]
	switch {
	case ok:
		s.Contract, s.Burst, s.Row, s.Marks = row.Contract, true, *row.Row, row.Marks
	case gap && t.Table.Has:
		s.Gaps = func() []tail.Line { return t.List.GapsOf(&g) }
	case t.Table.Has:
		s.Without = "this row left the tape while it was frozen"
	default:
		s.Without = "there is no row here"
	}
	return s
}

func (t *Tape) Watched(ids []model.ContractID) []model.ContractID {
	for _, r := range t.Table.Visible {
		if r.ID&rows.GapBit != 0 {
			continue
		}
		if b := t.Pull.Bursts.Get(r.ID); b != nil {
			ids = append(ids, b.Row.Contract)
		}
	}
	return ids
}
