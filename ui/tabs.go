package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/memory"
	"optflow/ui/paint"
)

// DefaultTabs are the tabs of who has none of their own. What has no rank yet
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

// firstTab is the name of the tab of a first start: nothing is left out in it.
const firstTab = "All"

// tabsMost is how many tabs there may be: one bit of a mask each.
const tabsMost = 32

// tab is a tab with what it keeps while others are in front.
type tab struct {
	memory.Tab
	saved  bool              // from the screen, not from the settings
	own    *parsed           // its filter; nil takes all
	wrong  *filter.Error     // why it cannot be read; no row is shown then
	hidden [columnCount]bool // its columns
	line   *parsed           // the line of `/`, while the tab is not in front
	undo   undo              // and what it was before
	sort   columnID
	back   bool // sorted the other way round

	count int // rows that its own filter takes
	rung  int // rows that came in since the tab was last in front, with Bell

	label string // as printed last, and from what
	shown tabLook
}

// tabs are the tabs and which is in front.
type tabs struct {
	all   []tab
	at    int
	masks []uint32 // by handle: the tabs whose own filter takes the row
	told  []uint32 // by handle: the tabs in which it has been, for a burst rings once
	bell  bell
	live  bool // what comes now is news; before, it is what the tape held at start
}

func (t *tabs) front() *tab { return &t.all[t.at] }

// openTabs sets the tabs up. A tab that cannot be understood is there, with what
// is wrong with it.
func (m *Model) openTabs(own, saved memory.Tabs, at string) {
	if len(own) == 0 {
		own = DefaultTabs()
	}
	t := &m.tabs
	t.all = nil
	for _, o := range own {
		m.addTab(o, false)
	}
	for _, s := range saved {
		m.addTab(s, true)
	}
	find := func(name string) int {
		return slices.IndexFunc(t.all, func(t tab) bool { return strings.EqualFold(t.Name, name) })
	}
	if t.at = find(at); t.at < 0 {
		t.at = max(find(firstTab), 0)
	}
	front := t.front()
	m.hidden = front.hidden
	m.list.sort, m.list.reversed = front.sort, front.back
}

// addTab adds a tab, in the place of one of the same name, and returns where.
func (m *Model) addTab(o memory.Tab, saved bool) int {
	t := tab{Tab: o, saved: saved}
	m.readTab(&t)
	i := slices.IndexFunc(m.tabs.all, func(x tab) bool { return strings.EqualFold(x.Name, o.Name) })
	switch {
	case i >= 0:
		m.tabs.all[i] = t
	case len(m.tabs.all) < tabsMost:
		i = len(m.tabs.all)
		m.tabs.all = append(m.tabs.all, t)
	}
	return i
}

// readTab reads what a tab says.
func (m *Model) readTab(t *tab) {
	t.own, t.wrong = nil, nil
	fail := func(err error) {
		w := &filter.Error{End: len(t.Filter), Text: err.Error()}
		errors.As(err, &w)
		t.wrong = w
	}
	f, err := m.parse(t.Filter)
	if err != nil {
		fail(err)
	} else {
		t.own = f
	}
	if t.hidden = m.chosen; len(t.Columns) > 0 {
		if t.hidden, err = hiddenBut(t.Columns); err != nil {
			fail(err)
			t.hidden = m.chosen
		}
	}
	t.sort, t.back = colTime, false
	if t.Sort != "" {
		name, back := strings.CutPrefix(t.Sort, "-")
		id, ok := columnNamed(name)
		if !ok {
			fail(fmt.Errorf("sort %q: there is no such column", t.Sort))
			return
		}
		t.sort, t.back = id, back
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

// taken is the filter of the tab in front and the line together; nil takes all.
func (m *Model) taken() *filter.Filter {
	t := m.tabs.front()
	var own, line *filter.Filter
	if t.own != nil {
		own = t.own.Filter
	}
	if m.filter != nil {
		line = m.filter.Filter
	}
	if t.wrong != nil {
		own = nothing
	}
	return filter.Both(own, line)
}

// viewFilter is what the rows shown have in common, in the language of the
// filter: the tab's own filter and the line.
func (m *Model) viewFilter() string {
	if f := m.taken(); f != nil && m.tabs.front().own != nil {
		return f.String()
	}
	if m.filter == nil {
		return ""
	}
	return m.filter.text
}

// toTab brings a tab to the front, as it was left.
func (m *Model) toTab(at int) tea.Cmd {
	if at < 0 || at >= len(m.tabs.all) {
		m.notices.answer(paint.Dim, fmt.Sprintf("there is no tab %d", at+1))
		return nil
	}
	if m.views.at != viewTape { // the tabs are the tape's
		m.show(viewTape)
	}
	if at == m.tabs.at {
		m.tabs.front().rung = 0
		return nil
	}
	from := m.tabs.front()
	from.line, from.undo, from.sort, from.back = m.filter, m.undo, m.list.sort, m.list.reversed
	m.tabs.at = at
	to := m.tabs.front()
	to.rung = 0
	m.filter, m.undo, m.hidden = to.line, to.undo, to.hidden
	m.list.sort, m.list.reversed = to.sort, to.back
	m.table.pick, m.table.cursor = false, to.sort
	m.table.following, m.table.added, m.table.line, m.table.has = m.list.followsNewest(), 0, 0, false
	m.useFilter(m.filter)
	m.arrange()
	return m.keep(memory.Choices{Tab: to.Name})
}

// nextTab goes round the tabs.
func (m *Model) nextTab(by int) tea.Cmd {
	n := len(m.tabs.all)
	return m.toTab((m.tabs.at + by + n) % n)
}

// saveTab makes what is shown a tab: the tab's filter and the line, the sort and
// the columns. One of that name that was saved before is replaced.
func (m *Model) saveTab(name string) (tea.Cmd, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "":
		return nil, errors.New("save: under which name? (save Puts)")
	case paint.Cells(name) > 16:
		return nil, fmt.Errorf("save %q: at most 16 letters", name)
	case m.tabs.front().wrong != nil:
		return nil, errors.New("save: the filter of this tab cannot be read")
	}
	for i := range m.tabs.all {
		if t := &m.tabs.all[i]; strings.EqualFold(t.Name, name) && !t.saved {
			return nil, fmt.Errorf("save %q: there is a tab of that name, which is not from here", name)
		}
	}
	front := m.tabs.front()
	saved := memory.Tab{Name: name, Filter: m.viewFilter(), Columns: front.Columns, Bell: front.Bell}
	if !m.list.followsNewest() {
		saved.Sort = m.sortText()
	}
	at := m.addTab(saved, true)
	if at < 0 {
		return nil, fmt.Errorf("save %q: there are %d tabs already", name, tabsMost)
	}
	if at != m.tabs.at {
		m.filter, m.undo = nil, undo{} // the line is the new tab's own filter now
	}
	m.recount()
	cmd := m.toTab(at)
	if at == m.tabs.at {
		m.filter = nil
		m.useFilter(nil)
	}
	m.notices.answer(paint.Text, "saved as tab "+name)
	return tea.Batch(cmd, m.keepTabs()), nil
}

// forgetTab takes a saved tab away.
func (m *Model) forgetTab(name string) (tea.Cmd, error) {
	name = strings.Join(strings.Fields(name), " ")
	i := slices.IndexFunc(m.tabs.all, func(t tab) bool { return strings.EqualFold(t.Name, name) })
	switch {
	case i < 0:
		return nil, fmt.Errorf("forget %q: there is no such tab", name)
	case !m.tabs.all[i].saved:
		return nil, fmt.Errorf("forget %q: it is not a saved one", name)
	}
	var cmd tea.Cmd
	if i == m.tabs.at {
		cmd = m.toTab(max(i-1, 0))
	}
	m.tabs.all = slices.Delete(m.tabs.all, i, i+1)
	if m.tabs.at > i {
		m.tabs.at--
	}
	m.recount()
	return tea.Batch(cmd, m.keepTabs()), nil
}

// keepTabs has the saved tabs remembered.
func (m *Model) keepTabs() tea.Cmd {
	var saved memory.Tabs
	for _, t := range m.tabs.all {
		if t.saved {
			saved = append(saved, t.Tab)
		}
	}
	return m.keep(saved)
}

// rereadTabs reads the tabs' filters anew, whose hints and dates speak of what
// is followed and of today.
func (m *Model) rereadTabs() {
	day := model.TradingDate(m.opt.Clock.Now())
	for i := range m.tabs.all {
		t := &m.tabs.all[i]
		if f, err := m.parse(t.Filter); err == nil {
			t.own = f
		}
		if t.line != nil && t.line.day != day {
			if f, err := m.parse(t.line.text); err == nil {
				t.line = f
			}
		}
	}
}

// tabNames are the names of all tabs.
func (m *Model) tabNames() (names []string) {
	for i := range m.tabs.all {
		names = append(names, m.tabs.all[i].Name)
	}
	return names
}

// savedNames are those of the tabs saved from the screen.
func (m *Model) savedNames() (names []string) {
	for i := range m.tabs.all {
		if m.tabs.all[i].saved {
			names = append(names, m.tabs.all[i].Name)
		}
	}
	return names
}

// tabCommand goes to a tab by its name or number.
func (m *Model) tabCommand(name string) (tea.Cmd, error) {
	for i := range m.tabs.all {
		if strings.EqualFold(m.tabs.all[i].Name, name) || fmt.Sprint(i+1) == name {
			return m.toTab(i), nil
		}
	}
	return nil, fmt.Errorf("tab %q: there are %s", name, strings.Join(m.tabNames(), ", "))
}
