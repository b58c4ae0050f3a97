package ui

import (
	"optflow/model"
	"optflow/model/burst"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// tapePage shows the bursts of the followed tickers, as the tab in front and the
// line of `/` take them.
type tapePage struct {
	*scene
	lens   lens
	pull   *pull
	list   *list
	table  *rowTable
	tabs   tabs
	find   finder
	pins   pins
	title  tapeTitle
	share  sharing
	hidden table.Set   // columns that the tab in front leaves out
	held   *tapeMoment // beside the rows while they are frozen
	news   []uint32    // rows that came with the last batch
	before keptLine
}

// tapeMoment is what stands beside the tape's rows. Frozen, it is as of that
// moment, like the rows; the first line, the clock and the counts of what came
// since go on.
type tapeMoment struct {
	moment
	seen    uint64 // bursts
	since   int64  // ms: what is older left the tape
	trimmed uint64 // rows missed
}

func newTapePage(s *scene, p *pull) *tapePage {
	t := &tapePage{scene: s, pull: p, list: newList(s.contracts, s.follows, s.rules)}
	t.table = newRowTable(t.list, s.zone)
	t.lens = lens{scene: s, applied: t.refilter}
	t.tabs.scene, t.tabs.pull = s, p
	t.pins.scene, t.pins.pull = s, p
	t.find.scene, t.find.list, t.find.table = s, t.list, t.table
	t.table.hit = func(c *table.Cell) bool { return t.find.text != "" && t.find.takes(c) }
	return t
}

func (t *tapePage) name() string { return pageTape }

func (t *tapePage) enter(string) {}

// regroup joins the windows that the tape still has by the present interval and
// rules.
func (t *tapePage) regroup() {
	t.pull.regroup()
	f, sort, reversed := t.list.filter, t.list.sort, t.list.reversed
	*t.list = *newList(t.contracts, t.follows, t.rules)
	t.list.bursts, t.list.sort, t.list.reversed = t.pull.bursts, sort, reversed
	t.list.take(f)
	t.tabs.restart()
	t.table.forget()
	t.table.has, t.table.following, t.table.frozen, t.table.added = false, t.list.followsNewest(), false, 0
}

// joinBy joins the windows by an interval, anew.
func (t *tapePage) joinBy(i burst.Interval) {
	t.pull.interval = i
	t.regroup()
	t.takeRows()
	t.pins.reread()
	t.list.rescan()
	t.table.settle()
}

// take takes other tickers over.
func (t *tapePage) take(c changes) {
	if !c.followed {
		return
	}
	t.title.drawn = ""
	if t.lens.filter != nil { // its hints speak of what is followed
		if f, err := t.parse(t.lens.filter.text); err == nil && f != nil {
			t.lens.filter = f
		}
	}
	t.tabs.reread()
	t.tabs.recount()
	t.list.take(t.tabs.taken(t.lens.filter))
	t.reselect()
}

// takeRows takes over what is new on the tape, and reports whether anything in
// view may have changed.
func (t *tapePage) takeRows() (seen bool) {
	if t.pull.take() {
		seen = t.apply(t.pull.bursts.Drain())
	}
	if t.pins.find() {
		t.pins.reread()
		seen = true
	}
	t.tabs.live = !t.pull.behind
	return seen
}

// apply brings list and table up to date with the bursts.
func (t *tapePage) apply(changes []burst.Change) (seen bool) {
	if len(changes) == 0 {
		return false
	}
	for _, c := range changes {
		t.tabs.take(c)
	}
	if t.table.frozen {
		for _, c := range changes {
			t.table.missed(c)
		}
		return true
	}
	t.news = t.news[:0]
	again := false
	for _, c := range changes {
		b := t.pull.bursts.Get(c.ID)
		if c.Kind == burst.Went {
			again = again || t.pins.went(b)
		} else {
			t.pins.changed(b)
		}
		switch {
		case b.Row.Kind == model.KindGap:
			if c.Kind == burst.Went {
				t.list.dropGap(c.ID)
			} else {
				t.list.gap(c.ID)
			}
		case c.Kind == burst.Went:
			t.list.drop(c.ID)
			t.table.gone(c.ID)
		default:
			t.table.changed(c.ID)
			if t.list.change(c.ID) {
				t.table.came(c.ID)
				t.news = append(t.news, c.ID)
			}
		}
	}
	if again {
		t.pins.reread()
	}
	if !t.quiet {
		t.table.arrivals.note(t.news, t.wall())
	}
	t.list.settle()
	t.table.settle()
	return true
}

// tick applies filters anew whose answers change with time: by the age of rows
// each second, by dates without a year each day.
func (t *tapePage) tick(shown bool) {
	t.title.drawn = "" // its counts move with the clock: in every frame they would be a third of its bytes
	day := model.TradingDate(t.now)
	stale := t.tabs.age(day)
	if !shown || t.table.frozen {
		return
	}
	f, own := t.lens.filter, t.tabs.front().own
	if f != nil && f.day != day {
		if again, err := t.parse(f.text); err == nil && again != nil {
			f, stale = again, true
		}
	}
	switch {
	case stale:
		t.lens.use(f)
	case f != nil && f.ages || own != nil && own.ages:
		t.list.now = t.now
		t.list.rescan()
		t.table.settle()
	}
}

func (t *tapePage) filter() *lens { return &t.lens }

// refilter reads the list anew through another filter.
func (t *tapePage) refilter() {
	t.list.now = t.clock.Now()
	t.list.take(t.tabs.taken(t.lens.filter))
	t.reselect()
}

// reselect reads the list anew, after which the table finds its row again.
func (t *tapePage) reselect() {
	frozen := t.table.frozen
	if frozen {
		t.table.thaw()
	}
	t.list.rescan()
	t.table.settle()
	if frozen { // the picture is another one, and stands still again
		t.table.freeze()
		t.hold()
	}
}

// sort sorts by a column's name, and reports whether there is such a column.
func (t *tapePage) sort(column string) bool {
	id, ok := table.Find(column)
	if ok {
		t.sortBy(id)
	}
	return ok
}

// sortBy sorts by a column; by the same one again it reverses.
func (t *tapePage) sortBy(id table.ID) {
	t.table.cursor, t.table.pick = id, true
	t.list.reversed = t.list.sort == id && !t.list.reversed
	t.list.sort = id
	t.table.following, t.table.added, t.table.line = t.list.followsNewest(), 0, 0
	t.table.has = false // the first row in the new order
	t.reselect()
	t.arrange()
}

// freeze stands still, or goes on.
func (t *tapePage) freeze() {
	if !t.table.frozen {
		t.table.freeze()
		t.hold()
		return
	}
	t.table.thaw()
	t.held, t.tabs.held = nil, nil
	t.pins.reread()
	t.list.rescan()
	t.table.added = 0
	t.table.settle()
}

// hold keeps what stands beside the rows, which are frozen now.
func (t *tapePage) hold() {
	now := t.present()
	now.frozen = true
	t.held = &now
	t.tabs.hold()
}

// present is what would stand beside the rows if they were not frozen.
func (t *tapePage) present() tapeMoment {
	b := t.pull.bursts
	return tapeMoment{moment: t.live(), seen: b.Counts().Seen, since: b.Since(), trimmed: t.pull.cursor.Trimmed}
}

// beside is what stands beside the rows.
func (t *tapePage) beside() tapeMoment {
	if t.table.frozen && t.held != nil {
		return *t.held
	}
	return t.present()
}

func (t *tapePage) moment() moment {
	if t.table.frozen && t.held != nil {
		return t.held.moment
	}
	return t.live()
}

func (t *tapePage) reads() bool { return false }

func (t *tapePage) fit(rows int, details bool) {
	t.before.fit(&t.table.line, details)
	if h := max(rows-t.pins.lines(), 1); h != t.table.height {
		t.table.height = h
		t.table.settle()
	}
}

func (t *tapePage) arrange() {
	t.title.drawn = ""
	t.table.layout = table.Arrange(t.width, t.missing(), t.table.cursor, t.list.sort)
	t.table.restyle()
}

// missing tells which columns are not to be shown: those that can have no value
// and those that were not chosen.
func (t *tapePage) missing() table.Set {
	return table.Gone(t.st.Plan) | t.hidden
}

func (t *tapePage) draw(out []string) []string {
	out = append(out, t.title.draw(t))
	out = append(out, t.table.header(&t.pen, t.th, t.width))
	out = t.pins.draw(&t.table.layout, out)
	from := len(out)
	out = t.table.render(&t.pen, t.th, t.width, out)
	if t.list.ord.Len() == 0 {
		head, more := whyEmpty(t)
		t.sayEmpty(out[from:], head, more)
	}
	return out
}

func (t *tapePage) matching() []paint.Piece { return t.list.matching() }

// badge says that the tape stands still and what came in meanwhile.
func (t *tapePage) badge() []paint.Piece {
	switch added := t.table.added; {
	case t.table.following:
		return nil
	case t.table.frozen && added > 0:
		return []paint.Piece{paint.Strong.Piece(format.Count(int64(added)) + " new"), paint.Accent.Piece(" " + t.key(keys.Freeze))}
	case t.table.frozen:
		return []paint.Piece{paint.Dim.Piece("frozen"), paint.Accent.Piece(" " + t.key(keys.Freeze))}
	case added > 0:
		return []paint.Piece{paint.Strong.Piece(format.Count(int64(added)) + " new"), paint.Accent.Piece(" ↑ " + t.key(keys.Newest))}
	case t.list.followsNewest():
		return []paint.Piece{paint.Dim.Piece("holding"), paint.Accent.Piece(" ↑ " + t.key(keys.Newest))}
	}
	return nil
}

func (t *tapePage) selected() picked {
	s := picked{ticker: t.table.underlying()}
	if row, ok := t.table.chosen(); ok {
		s.contract, s.burst, s.handle = row.Contract, true, t.table.selected
	}
	return s
}

func (t *tapePage) watched(ids []model.ContractID) []model.ContractID {
	for _, r := range t.table.visible {
		if r.ID&gapBit != 0 {
			continue
		}
		if b := t.pull.bursts.Get(r.ID); b != nil {
			ids = append(ids, b.Row.Contract)
		}
	}
	return ids
}
