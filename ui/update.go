package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/memory"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// lookedUp is the answer to a look-up of a symbol.
type lookedUp struct {
	gen    int
	symbol string
	err    error
}

// Update is called for every message. It neither waits nor reads or writes
// anything outside.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	if _, is := msg.(frameMsg); is {
		return m, m.onFrame()
	}
	m.heading = ""
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = min(msg.Width, mostWidth), min(msg.Height, mostHeight)
		m.arrange()
		m.dirty = true
	case tea.ColorProfileMsg:
		m.setDepth(paint.DepthOf(msg.Profile))
		m.dirty = true
	case tea.BackgroundColorMsg:
		m.onGround(msg)
	case tea.KeyPressMsg:
		m.dirty = true
		cmd = m.onKey(msg)
		m.resize()
	case tea.MouseWheelMsg:
		m.onWheel(msg)
	case tea.MouseClickMsg:
		m.onClick(msg)
	case tea.FocusMsg:
		m.onFocus(true)
	case tea.BlurMsg:
		m.onFocus(false)
	case tea.PasteMsg:
		m.dirty = true
		cmd = m.paste(msg.Content)
	case lookedUp:
		m.dirty = true
		cmd = m.afterPick(m.picker.found(msg.gen, msg.symbol, msg.err))
	case accountsMsg:
		m.observed(msg)
	case dayMsg:
		m.gotDay(msg)
	case remembered:
		m.onRemembered(msg)
	case exported:
		m.onExported(msg)
	case copied:
		cmd = m.onCopied(msg)
	case continued:
		cmd = putAway(func() {})
	case tea.ResumeMsg:
		m.dirty = true
	}
	return m, cmd
}

// panePlaces are the places of the panes in the key table.
var panePlaces = map[pane]string{
	paneTape: keys.InTape, paneFilter: keys.InFilter, paneFind: keys.InFind, panePicker: keys.InPicker,
	paneHelp: keys.InHelp, paneMessages: keys.InMessages, paneCommand: keys.InCommand,
}

// onKey hands a key to what has the focus.
func (m *Model) onKey(k tea.KeyPressMsg) tea.Cmd {
	a, which := m.keys.Action(panePlaces[m.pane], k)
	if a.Everywhere() {
		return m.do(a)
	}
	m.notices.key()
	switch m.pane {
	case paneFilter:
		return m.filterKey(a, k)
	case paneFind:
		m.findKey(a, k)
		return nil
	case panePicker:
		return m.pickerKey(a, k)
	case paneHelp:
		return m.helpKey(a)
	case paneMessages:
		m.messagesKey(a)
		return nil
	case paneCommand:
		return m.commandKey(a, k)
	}
	return m.onAction(a, which)
}

// onAction does an action of the tape, by the key of a number of those it has.
func (m *Model) onAction(a keys.Action, which int) tea.Cmd {
	if a == keys.Tab {
		return m.toTab(which)
	}
	return m.do(a)
}

// paste types into the line that is being edited.
func (m *Model) paste(text string) tea.Cmd {
	switch m.pane {
	case paneFilter:
		m.line.Paste(text)
		m.tryFilter()
	case paneFind:
		m.find.Paste(text)
		m.seek()
	case panePicker:
		m.picker.merge(m.st.Known, m.list.tickers())
		return m.afterPick(m.picker.pasted(text))
	case paneCommand:
		m.command.Paste(text)
	}
	return nil
}

// pickerKey hands a key to the ticker picker and does what comes of it.
func (m *Model) pickerKey(a keys.Action, k tea.KeyPressMsg) tea.Cmd {
	m.picker.merge(m.st.Known, m.list.tickers())
	return m.afterPick(m.picker.key(a, k))
}

// afterPick does what something in the picker led to.
func (m *Model) afterPick(v verdict) tea.Cmd {
	switch v {
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
	m.notices.say(paint.Text, "following "+strings.Join(tickers, ", "))
	return m.keep(memory.Choices{Tickers: slices.Clone(tickers)})
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
