package ui

import (
	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/ui/paint"
)

// do carries an action of the tape out.
func (m *Model) do(a action) tea.Cmd {
	if cmd, done := m.viewDo(a); done {
		return cmd
	}
	switch a {
	case actDown:
		m.table.move(1)
	case actUp:
		m.table.move(-1)
	case actPageDown:
		m.table.move(m.table.height)
	case actPageUp:
		m.table.move(-m.table.height)
	case actHalfDown:
		m.table.move(m.table.height / 2)
	case actHalfUp:
		m.table.move(-m.table.height / 2)
	case actNewest:
		m.table.newest()
	case actOldest:
		m.table.oldest()
	case actLeft:
		m.column(-1)
	case actRight:
		m.column(1)
	case actSort:
		m.sortBy(m.table.cursor)
	case actNextMark:
		m.mark(1)
	case actPreviousMark:
		m.mark(-1)
	case actFilter:
		m.openFilter()
	case actClear:
		m.setFilter("")
	case actOnly:
		m.only(false)
	case actHide:
		m.only(true)
	case actUndo:
		m.undoFilter()
	case actFind:
		m.openFind()
	case actFindNext:
		m.findNext(1)
	case actFindPrevious:
		m.findNext(-1)
	case actPin:
		m.pin()
	case actCopyContract:
		return m.copyContract()
	case actCopyRow:
		return m.copyRow()
	case actCopyCommand:
		return m.copyCommand()
	case actExport:
		return m.exportTo("", false)
	case actCalls:
		m.setFilter(filter.Toggle(m.filterText(), "calls", m.opt.Clock.Now))
	case actPuts:
		m.setFilter(filter.Toggle(m.filterText(), "puts", m.opt.Clock.Now))
	case actInterval:
		m.regroupBy(m.interval.Next())
	case actFreeze:
		m.freeze()
	case actTickers:
		m.pane = panePicker
		m.picker.start(m.st.Known, m.list.tickers())
	case actHelp:
		m.pane = paneHelp
		m.help.open(m.helpLines())
	case actMessages:
		m.openMessages()
	case actCommand:
		m.openCommand("")
	case actNextTab:
		return m.nextTab(1)
	case actPreviousTab:
		return m.nextTab(-1)
	case actPoll:
		m.poll()
	case actEscape:
		m.escape()
	case actClose:
		return tea.Quit
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
