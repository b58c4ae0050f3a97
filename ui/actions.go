package ui

import (
	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// do carries an action of the tape out.
func (m *Model) do(a keys.Action) tea.Cmd {
	if cmd, done := m.viewDo(a); done {
		return cmd
	}
	switch a {
	case keys.Down:
		m.table.move(1)
	case keys.Up:
		m.table.move(-1)
	case keys.PageDown:
		m.table.move(m.table.height)
	case keys.PageUp:
		m.table.move(-m.table.height)
	case keys.HalfDown:
		m.table.move(m.table.height / 2)
	case keys.HalfUp:
		m.table.move(-m.table.height / 2)
	case keys.Newest:
		m.table.newest()
	case keys.Oldest:
		m.table.oldest()
	case keys.Left:
		m.column(-1)
	case keys.Right:
		m.column(1)
	case keys.Sort:
		m.sortBy(m.table.cursor)
	case keys.NextMark:
		m.mark(1)
	case keys.PreviousMark:
		m.mark(-1)
	case keys.Filter:
		m.openFilter()
	case keys.Clear:
		m.setFilter("")
	case keys.Only:
		m.only(false)
	case keys.Hide:
		m.only(true)
	case keys.Undo:
		m.undoFilter()
	case keys.Find:
		m.openFind()
	case keys.FindNext:
		m.findNext(1)
	case keys.FindPrevious:
		m.findNext(-1)
	case keys.Pin:
		m.pin()
	case keys.CopyContract:
		return m.copyContract()
	case keys.CopyRow:
		return m.copyRow()
	case keys.CopyCommand:
		return m.copyCommand()
	case keys.Export:
		return m.exportTo("", false)
	case keys.Calls:
		m.setFilter(filter.Toggle(m.filterText(), "calls", m.opt.Clock.Now))
	case keys.Puts:
		m.setFilter(filter.Toggle(m.filterText(), "puts", m.opt.Clock.Now))
	case keys.Interval:
		m.regroupBy(m.interval.Next())
	case keys.Freeze:
		m.freeze()
	case keys.Tickers:
		m.pane = panePicker
		m.picker.start(m.st.Known, m.list.tickers())
	case keys.Help:
		m.pane = paneHelp
		m.help.open(m.helpLines())
	case keys.Messages:
		m.openMessages()
	case keys.Command:
		m.openCommand("")
	case keys.NextTab:
		return m.nextTab(1)
	case keys.PreviousTab:
		return m.nextTab(-1)
	case keys.Poll:
		m.poll()
	case keys.Escape:
		m.escape()
	case keys.Close:
		return tea.Quit
	case keys.Quit:
		m.interrupted = true
		return tea.Quit
	case keys.Redraw:
		return tea.ClearScreen
	case keys.Suspend:
		return m.suspend()
	}
	return nil
}

// escape closes the innermost thing, then follows again.
func (m *Model) escape() {
	switch {
	case m.table.frozen:
		m.freeze()
	case m.find.text != "":
		m.endFind()
	case m.table.pick:
		m.table.pick, m.table.cursor = false, m.list.sort
		m.arrange()
	default:
		m.table.newest()
	}
}

// column moves the column cursor over the columns that can have a value.
func (m *Model) column(by int) {
	missing := m.missing()
	if !m.table.pick {
		m.table.pick = true // the first key shows where it is
		m.arrange()
		return
	}
	for at := int(m.table.cursor) + by; at >= 0 && at < int(columnCount); at += by {
		if !missing[at] {
			m.table.cursor = columnID(at)
			break
		}
	}
	m.arrange()
}

// sortBy sorts by a column; by the same one again it reverses.
func (m *Model) sortBy(id columnID) {
	m.table.cursor, m.table.pick = id, true
	m.list.reversed = m.list.sort == id && !m.list.reversed
	m.list.sort = id
	m.table.following, m.table.added, m.table.line = m.list.followsNewest(), 0, 0
	m.table.has = false // the first row in the new order
	m.reselect()
	m.arrange()
}

// mark goes to the next marked row in a direction.
func (m *Model) mark(by int) {
	if !m.table.marked(by) {
		where := "below"
		if by < 0 {
			where = "above"
		}
		m.notices.say(paint.Dim, "no marked row "+where)
	}
}

// regroupBy joins the windows by another interval.
func (m *Model) regroupBy(i burst.Interval) {
	m.interval = i
	m.regroup()
	m.pull()
	m.repin()
	m.list.rescan()
	m.table.settle()
}

// freeze stands still, or goes on.
func (m *Model) freeze() {
	if m.table.frozen {
		m.table.thaw()
		m.still = nil
		m.resize()
		m.repin()
		m.list.rescan()
		m.table.added = 0
		m.table.settle()
		return
	}
	m.table.freeze()
	m.still = m.hold()
}

// poll asks REST now, and the stream again where it waits for a person.
func (m *Model) poll() {
	if m.opt.Feed == nil {
		return
	}
	switch m.st.Phase {
	case model.PhaseRefused, model.PhaseEvicted, model.PhaseNotEntitled:
		m.opt.Feed.Retake()
		m.notices.say(paint.Text, "trying again")
	default:
		m.opt.Feed.PollNow()
		m.notices.say(paint.Text, "polling now")
	}
}
