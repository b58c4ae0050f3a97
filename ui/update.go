package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"optflow/model"
)

// lookedUp is the answer to a look-up of a symbol.
type lookedUp struct {
	gen    int
	symbol string
	err    error
}

// remembered is the outcome of keeping the tickers.
type remembered struct{ err error }

// Update is called for every message. It neither waits nor reads or writes
// anything outside.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case frameMsg:
		return m, m.onFrame()
	case tea.WindowSizeMsg:
		m.width, m.height = min(msg.Width, mostWidth), min(msg.Height, mostHeight)
		m.arrange()
		m.dirty = true
	case tea.ColorProfileMsg:
		m.setDepth(depthOf(msg.Profile))
		m.dirty = true
	case tea.KeyPressMsg:
		m.dirty = true
		cmd = m.onKey(msg)
		m.resize()
	case tea.PasteMsg:
		m.dirty = true
		m.paste(msg.Content)
	case lookedUp:
		m.dirty = true
		m.picker.found(msg.gen, msg.symbol, msg.err)
	case remembered:
		if msg.err != nil {
			m.dirty = true
			m.notices.say(inkWarn, "the tickers are not remembered: "+msg.err.Error())
		}
	case tea.ResumeMsg:
		m.dirty = true
	}
	return m, cmd
}

// depthOf is how many colours a profile has.
func depthOf(p colorprofile.Profile) depth {
	switch p {
	case colorprofile.TrueColor:
		return depthTrue
	case colorprofile.ANSI256:
		return depth256
	case colorprofile.ANSI:
		return depth16
	}
	return depthNone
}

// onKey hands a key to what has the focus.
func (m *Model) onKey(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		m.interrupted = true
		return tea.Quit
	}
	m.notices.key()
	switch m.pane {
	case paneFilter:
		m.filterKey(k)
		return nil
	case panePicker:
		return m.pickerKey(k)
	case paneHelp:
		return m.helpKey(k)
	case paneCommand:
		return m.commandKey(k)
	}
	return m.do(tapeKeys[k.String()])
}

// paste types into the line that is being edited.
func (m *Model) paste(text string) {
	switch m.pane {
	case paneFilter:
		m.line.insert(text)
		m.tryFilter()
	case panePicker:
		m.picker.query.insert(text)
		m.picker.search()
	case paneCommand:
		m.command.insert(text)
	}
}

// do carries an action of the tape out.
func (m *Model) do(a action) tea.Cmd {
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
	case actCalls:
		m.setFilter(toggleWord(m.filterText(), "calls", "puts"))
	case actPuts:
		m.setFilter(toggleWord(m.filterText(), "puts", "calls"))
	case actInterval:
		m.regroupBy(m.interval.Next())
	case actFreeze:
		m.freeze()
	case actTickers:
		m.pane = panePicker
		m.picker.start(m.st.Known, m.list.tickers())
	case actHelp:
		m.pane = paneHelp
		m.help.offset = 0
	case actCommand:
		m.pane = paneCommand
		m.command.set("")
	case actPoll:
		m.poll()
	case actRedraw:
		return tea.ClearScreen
	case actSuspend:
		return tea.Suspend
	case actEscape:
		m.escape()
	case actClose, actQuit:
		return tea.Quit
	}
	return nil
}

// escape closes the innermost thing, then follows again.
func (m *Model) escape() {
	switch {
	case m.table.frozen:
		m.freeze()
	case m.table.pick:
		m.table.pick, m.table.cursor = false, m.list.sort
		m.arrange()
	default:
		m.table.newest()
	}
}

// column moves the column cursor over the columns that can have a value.
func (m *Model) column(by int) {
	missing := gone(m.st.Plan)
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
		m.notices.say(inkDim, "no marked row "+where)
	}
}

// regroupBy joins the windows by another interval.
func (m *Model) regroupBy(i model.Interval) {
	m.interval = i
	m.regroup()
	m.pull()
	m.list.rescan()
	m.table.settle()
}

// freeze stands still, or goes on.
func (m *Model) freeze() {
	if m.table.frozen {
		m.table.thaw()
		m.list.rescan()
		m.table.added = 0
		m.table.settle()
		return
	}
	m.table.freeze()
}

// poll asks REST now, and the stream again where it waits for a person.
func (m *Model) poll() {
	if m.opt.Feed == nil {
		return
	}
	switch m.st.Phase {
	case model.PhaseRefused, model.PhaseEvicted, model.PhaseNotEntitled:
		m.opt.Feed.Retake()
		m.notices.say(inkText, "trying again")
	default:
		m.opt.Feed.PollNow()
		m.notices.say(inkText, "polling now")
	}
}

// helpKey scrolls the help and closes it.
func (m *Model) helpKey(k tea.KeyPressMsg) tea.Cmd {
	page := m.height - 2
	lines := len(m.help.lines(m.st.Plan))
	switch k.String() {
	case "esc", "q", "?", "f1", "enter":
		m.pane = paneTape
	case "j", "down":
		m.help.scroll(1, lines, page)
	case "k", "up":
		m.help.scroll(-1, lines, page)
	case "pgdown", "space", "ctrl+f":
		m.help.scroll(page, lines, page)
	case "pgup", "ctrl+b":
		m.help.scroll(-page, lines, page)
	case "ctrl+d":
		m.help.scroll(page/2, lines, page)
	case "ctrl+u":
		m.help.scroll(-page/2, lines, page)
	case "g", "home":
		m.help.offset = 0
	case "G", "end":
		m.help.scroll(lines, lines, page)
	case "ctrl+l":
		return tea.ClearScreen
	case "ctrl+z":
		return tea.Suspend
	}
	return nil
}

// pickerKey hands a key to the ticker picker and does what comes of it.
func (m *Model) pickerKey(k tea.KeyPressMsg) tea.Cmd {
	m.picker.merge(m.st.Known, m.list.tickers())
	switch m.picker.key(k) {
	case pickLeave:
		m.pane, m.picker.open = paneTape, false
	case pickApply:
		m.pane, m.picker.open = paneTape, false
		return m.choose(m.picker.chosen())
	case pickLookup:
		return m.lookUp(m.picker.gen, m.picker.asking)
	}
	return nil
}

// choose follows other tickers, and has them remembered.
func (m *Model) choose(tickers []string) tea.Cmd {
	if slices.Equal(tickers, m.list.tickers()) {
		return nil
	}
	m.wanted = tickers
	m.follow(tickers)
	if m.opt.Feed != nil {
		m.opt.Feed.Follow(slices.Clone(tickers))
	}
	m.notices.say(inkText, "following "+strings.Join(tickers, ", "))
	if m.opt.Remember == nil {
		return nil
	}
	remember := m.opt.Remember
	return func() tea.Msg { return remembered{remember(slices.Clone(tickers))} }
}

// lookUp asks the vendor for a symbol.
func (m *Model) lookUp(gen int, symbol string) tea.Cmd {
	if m.opt.Feed == nil {
		return func() tea.Msg {
			return lookedUp{gen, symbol, fmt.Errorf("%s cannot be looked up without a feed", symbol)}
		}
	}
	ctx, feed := m.ctx, m.opt.Feed
	return func() tea.Msg { return lookedUp{gen, symbol, feed.Lookup(ctx, symbol)} }
}
