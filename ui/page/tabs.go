package page

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/memory"
	"optflow/model/ticker"
	"optflow/ui/lens"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// DefaultTabs are the tabs of a user who has set none. What has no rank yet
// passes the first: at the start of a session it would be empty otherwise.
func DefaultTabs() memory.Tabs {
	return memory.Tabs{
		{Name: "Top 5%", Filter: "top<=5% or prem>=1m or not has(top)"},
		{Name: "All"},
		{Name: "Big", Filter: "prem>=1m abs(delta)<0.9"},
		{Name: "Unusual", Filter: "unusual"},
		{Name: "0DTE", Filter: "0dte"},
	}
}

// SavedOf are the lists and tabs that @name may stand for. Of two with one name it
// is the list.
func SavedOf(lists []ticker.Named, tabs memory.Tabs) (all []filter.Saved) {
	for _, l := range lists {
		all = append(all, filter.Saved{Name: l.Name, Tickers: l.Tickers})
	}
	for _, t := range tabs {
		all = append(all, filter.Saved{Name: t.Name, Filter: t.Filter})
	}
	return all
}

// firstTab is the name of the tab of a first start: nothing is left out in it.
const firstTab = "All"

// tabsMost is how many tabs there may be: one bit of a mask each.
const tabsMost = 32

// tab is a tab with what it keeps while others are in front.
type tab struct {
	memory.Tab
	base    *memory.Tab   // as the settings have it; nil of one that was saved on the screen
	Own     *scene.Filter // its filter; nil takes all
	wrong   *filter.Error // why it cannot be read; no row is shown then
	garbled bool          // because of its filter
	columns table.Choice
	line    *scene.Filter // the line of `/`, while the tab is not in front
	undo    *lens.Undo    // and what it was before
	sort    table.ID
	back    bool // sorted the other way round

	Count int // rows that its own filter takes
	Rung  int // rows that came in since the tab was last in front, with Bell

	label string // as printed last, and from what
	shown tabLook
}

// tabs are the tabs of the tape and which is in front.
type tabs struct {
	*scene.Scene
	pull   *Pull
	Chosen table.Choice // the columns of a tab that does not choose
	file   bool         // the config file has tabs

	All   []tab
	At    int
	held  []int    // rows that each takes in a frozen picture, nil while nothing is
	masks []uint32 // by handle: the tabs whose own filter takes the row
	told  []uint32 // by handle: the tabs in which it has been, for a burst rings once
	live  bool     // what comes now is news; before, it is what the tape held at start
}

// Front is the tab in front.
func (t *tabs) Front() *tab { return &t.All[t.At] }

// open sets the tabs up. A tab that cannot be understood is there, with what is
// wrong with it.
func (t *tabs) open(own, saved memory.Tabs, at string) {
	t.All, t.file = nil, len(own) > 0
	if !t.file {
		own = DefaultTabs()
	}
	for _, o := range own {
		t.add(o, &o)
	}
	for _, s := range saved {
		t.restore(s)
	}
	t.reread() // one may speak of another that comes after it
	if t.At = t.named(at); t.At < 0 {
		t.At = max(t.named(firstTab), 0)
	}
}

// restore adds a tab that was kept. One that stands for a tab of the settings
// takes its place, unless the config file says something else by now.
func (t *tabs) restore(s memory.Tab) {
	of, was := s.Of, s.Was
	s.Of, s.Was = "", ""
	i := slices.IndexFunc(t.All, func(x tab) bool { return of != "" && x.base != nil && strings.EqualFold(x.base.Name, of) })
	switch {
	case i < 0:
		t.add(s, nil)
	case was == "" || was == t.All[i].base.String():
		t.All[i].Tab = s
		t.read(&t.All[i])
	}
}

// named is where a tab is, -1 where there is none of that name.
func (t *tabs) named(name string) int {
	return slices.IndexFunc(t.All, func(t tab) bool { return strings.EqualFold(t.Name, name) })
}

// add adds a tab, in the place of one of the same name, and returns where; -1
// when there are too many.
func (t *tabs) add(o memory.Tab, base *memory.Tab) int {
	x := tab{Tab: o, base: base}
	t.read(&x)
	i := t.named(o.Name)
	switch {
	case i >= 0:
		if base == nil {
			x.base = t.All[i].base
		}
		t.All[i] = x
	case len(t.All) < tabsMost:
		i = len(t.All)
		t.All = append(t.All, x)
	}
	return i
}

// read reads what a tab says.
func (t *tabs) read(x *tab) {
	t.readOwn(x)
	fail := func(err error) { x.wrong, x.garbled = &filter.Error{End: len(x.Filter), Text: err.Error()}, false }
	var err error
	if x.columns, err = table.Choose(table.Tape, x.Columns); err != nil {
		fail(err)
	}
	if len(x.columns) == 0 {
		x.columns = t.Chosen
	}
	x.sort, x.back = table.Time, false
	if x.Sort != "" {
		name, back := strings.CutPrefix(x.Sort, "-")
		id, ok := table.Find(name)
		if !ok {
			fail(fmt.Errorf("sort %q: there is no such column", x.Sort))
			return
		}
		x.sort, x.back = id, back
	}
}

// readOwn reads a tab's filter.
func (t *tabs) readOwn(x *tab) {
	f, err := t.ParseOf(x.Name, x.Filter)
	if x.Own, x.wrong, x.garbled = f, nil, err != nil; err != nil {
		x.wrong = &filter.Error{End: len(x.Filter), Text: err.Error()}
		errors.As(err, &x.wrong)
	}
}

// nothing is the filter of a tab that cannot be read.
var nothing = func() *filter.Filter {
	f, err := filter.Parse("size<0", filter.Env{})
	if err != nil {
		panic(err) // it is a constant
	}
	return f
}()

// reread reads the tabs' filters anew, whose hints and dates speak of what is
// followed and of today, and whose names of each other.
func (t *tabs) reread() {
	day := model.TradingDate(t.Clock.Now())
	for i := range t.All {
		x := &t.All[i]
		if x.wrong == nil || x.garbled {
			t.readOwn(x)
		}
		if x.line != nil && x.line.Day != day {
			if f, err := t.Parse(x.line.Text); err == nil {
				x.line = f
			}
		}
	}
}

// each is all of them.
func (t *tabs) each() (all memory.Tabs) {
	for i := range t.All {
		all = append(all, t.All[i].Tab)
	}
	return all
}

// changed reads the tabs anew after one of them, if any speaks of another.
func (t *tabs) changed() {
	if slices.ContainsFunc(t.All, func(x tab) bool { return strings.Contains(x.Filter, "@") }) {
		t.reread()
		t.recount()
	}
}

// free says why a tab cannot have a name, nil that it can.
func (t *tabs) free(name string) error {
	if _, err := ticker.Find(t.Lists, ticker.AtName(name)); err == nil {
		return fmt.Errorf("[lists] has a list of that name: @%s would be either", ticker.AtName(name))
	}
	return nil
}

// Names are the names of all tabs, or of those saved from the screen.
func (t *tabs) Names(saved bool) (names []string) {
	for i := range t.All {
		if t.All[i].base == nil || !saved {
			names = append(names, t.All[i].Name)
		}
	}
	return names
}

// Saved are the tabs that the next run is to have: those saved here, and those of
// the settings that were changed.
func (t *tabs) Saved() (saved memory.Tabs) {
	for _, x := range t.All {
		switch o := x.Tab; {
		case x.base == nil:
			saved = append(saved, o)
		case !o.Same(x.base):
			if o.Of = x.base.Name; t.file {
				o.Was = x.base.String()
			}
			saved = append(saved, o)
		}
	}
	return saved
}

// choose chooses the columns of the tab in front; no name has those of the
// settings.
func (t *tabs) choose(names []string) error {
	front := t.Front()
	c, err := table.Choose(table.Tape, names)
	switch {
	case err != nil:
		return err
	case len(c) > 0:
		front.Columns = nil
		for _, id := range c {
			front.Columns = append(front.Columns, table.Tape[id].Name)
		}
	case front.base != nil:
		front.Columns = front.base.Columns
	default:
		front.Columns = nil
	}
	t.read(front)
	return nil
}

// Taken is the filter of the tab in front and the line together; nil takes all.
func (t *tabs) Taken(line *scene.Filter) *filter.Filter {
	front := t.Front()
	var own, more *filter.Filter
	if front.Own != nil {
		own = front.Own.Filter
	}
	if line != nil {
		more = line.Filter
	}
	if front.wrong != nil {
		own = nothing
	}
	return filter.Both(own, more)
}

// TakenText is what the rows shown have in common, in the language of the
// filter: the tab's own filter and the line.
func (t *tabs) TakenText(line *scene.Filter) string {
	if f := t.Taken(line); f != nil && t.Front().Own != nil {
		return f.String()
	}
	if line == nil {
		return ""
	}
	return line.Text
}

// Step is the tab so many further, round the ends.
func (t *tabs) Step(by int) int {
	n := len(t.All)
	return (t.At + by + n) % n
}
