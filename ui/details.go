package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// dayWait is how long a contract's day may take to come.
const dayWait = 20 * time.Second

// details is the pane that shows one contract: its day, and the row it was
// opened from.
type details struct {
	open  bool
	large bool // over the whole table
	id    model.ContractID

	handle  uint32 // of the burst it was opened from
	hasRow  bool
	row     model.Row
	windows []model.Row
	twins   []burst.Twin
	marks   model.Marks

	acct    model.Account
	hasAcct bool

	bars    []model.Bar
	loading bool
	trouble string // why there are no bars
	gen     int    // of the request: an answer to an older one is dropped

	line   int // of the row that was selected when it opened
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

// openRow opens the details of the tape's selected row.
func (m *Model) openRow() tea.Cmd {
	if !m.table.has {
		return nil
	}
	id := m.table.selected
	if id&gapBit != 0 {
		m.notices.answer(paint.Dim, "a gap line joins several contracts; open a row of one of them")
		return nil
	}
	chosen, ok := m.table.chosen()
	if !ok {
		return nil
	}
	row, marks := *chosen.row, chosen.marks
	cmd := m.openDetails(row.Contract)
	d := &m.details
	d.handle, d.hasRow, d.row, d.marks = id, true, row, marks
	if b := m.bursts.Get(id); b != nil && b.Row.Start == row.Start && !changedRow(&row, &b.Row) {
		d.windows, _ = m.bursts.Windows(id, nil)
		d.twins = m.bursts.Twins(id, nil)
	}
	return cmd
}

// openDetails shows a contract and asks for its day.
func (m *Model) openDetails(id model.ContractID) tea.Cmd {
	d := &m.details
	line := d.line
	if !d.open {
		line = m.selectedLine()
	}
	*d = details{open: true, large: d.large, id: id, gen: d.gen, drawn: d.drawn, line: line}
	if a := m.heldAccount(id); a != nil {
		d.acct, d.hasAcct = *a, true
	}
	m.views.soon()
	m.resize()
	return tea.Batch(m.readDay(), m.observe())
}

// heldAccount is a contract's account as last read, nil if it was not.
func (m *Model) heldAccount(id model.ContractID) *model.Account {
	for i := range m.views.accounts {
		if a := &m.views.accounts[i]; a.Contract == id {
			return a
		}
	}
	return nil
}

// readDay asks for the bars of the contract shown: one request.
func (m *Model) readDay() tea.Cmd {
	d := &m.details
	d.gen++
	d.stale = true
	if m.opt.Feed == nil {
		d.trouble = "there is no feed to read the day from"
		return nil
	}
	d.loading, d.trouble = true, ""
	parent, feed, gen, id := m.ctx, m.opt.Feed, d.gen, d.id
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, dayWait)
		defer cancel()
		bars, err := feed.Day(ctx, id)
		return dayMsg{gen, bars, err}
	}
}

// gotDay takes a contract's day over, unless another one was asked for since.
func (m *Model) gotDay(msg dayMsg) {
	d := &m.details
	if msg.gen != d.gen || !d.open {
		return
	}
	d.loading, d.stale, m.dirty = false, true, true
	if msg.err != nil {
		d.trouble = msg.err.Error()
		return
	}
	d.trouble, d.bars = "", msg.bars
}

// account takes the contract's account out of a copy.
func (d *details) account(list []model.Account) {
	for i := range list {
		if list[i].Contract == d.id {
			d.acct, d.hasAcct, d.stale = list[i], true, true
			return
		}
	}
}

// followRow brings the row up to date while it is still the one that it was.
func (m *Model) followRow() {
	d := &m.details
	if !d.hasRow || m.table.frozen {
		return
	}
	b := m.bursts.Get(d.handle)
	if b == nil || b.Row.Contract != d.id || b.Row.Start != d.row.Start {
		return
	}
	if changedRow(&d.row, &b.Row) {
		d.row, d.stale = b.Row, true
		d.windows, _ = m.bursts.Windows(d.handle, d.windows[:0])
		d.twins = m.bursts.Twins(d.handle, d.twins[:0])
		d.marks = model.MarksOf(&d.row, m.opt.Tape.Contracts.At(d.id), m.opt.Rules)
	}
}

// changedRow reports whether a burst says something new. What is unknown is
// never equal, so rows are not simply compared.
func changedRow(a, b *model.Row) bool {
	return a.Size != b.Size || a.Premium != b.Premium || a.Span != b.Span || a.DayVolume != b.DayVolume || a.Revision != b.Revision ||
		a.Side != b.Side || a.Certainty != b.Certainty || a.Flags != b.Flags || a.Replaces != b.Replaces
}

// closeDetails closes the pane.
func (m *Model) closeDetails() {
	d := &m.details
	if !d.open {
		return
	}
	line := d.line
	*d = details{gen: d.gen + 1, drawn: d.drawn}
	m.views.soon()
	switch m.views.at {
	case viewTape:
		m.table.line = line
	case viewContracts:
		m.views.contracts.line = line
	}
	m.resize()
}

// selectedLine is the screen line of the row behind the pane, to which closing
// brings it back.
func (m *Model) selectedLine() int {
	if m.views.at == viewContracts {
		return m.views.contracts.line
	}
	return m.table.line
}

// detailsDo carries an action out that the pane takes for itself. The others go
// on to the view behind it, and the pane follows the selection there.
func (m *Model) detailsDo(a keys.Action) (tea.Cmd, bool) {
	d := &m.details
	switch a {
	case keys.Escape, keys.Close:
		m.closeDetails()
	case keys.Poll:
		return m.readDay(), true
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
	case keys.NextMark:
		return m.neighbour(1), true
	case keys.PreviousMark:
		return m.neighbour(-1), true
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

// neighbour opens the details of the next marked row behind the pane.
func (m *Model) neighbour(by int) tea.Cmd {
	switch m.views.at {
	case viewTape:
		m.mark(by)
		if id := m.table.selected; m.table.has && id&gapBit == 0 && id != m.details.handle {
			return m.openRow()
		}
	case viewContracts:
		m.viewMark(by)
		if l := m.views.contracts.current(); l != nil && l.Contract != m.details.id {
			return m.openDetails(l.Contract)
		}
	}
	return nil
}

// detailsHeight is how many of the table's lines the pane takes.
func (m *Model) detailsHeight(lines int) int {
	switch {
	case !m.details.open:
		return 0
	case m.details.large:
		return lines - 1
	}
	return min(max(lines*2/3, 10), lines-1, 26)
}
