package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/act"
)

const (
	// Below this the screen is a one-line notice.
	leastWidth, leastHeight = 60, 12
	// Sizes beyond this are those of a terminal that lies.
	mostWidth, mostHeight = 500, 200
)

// Model is the screen: it hands what comes in to the page and the pane that it is
// for, carries their effects out, and puts together what they draw. Its state is
// touched in Update only.
type Model struct {
	ctx context.Context // of the program: commands end with it
	opt Options
	*scene

	pages   pageList
	page    page   // in front
	subject string // the ticker last spoken of
	tape    *tapePage
	chain   *contractsPage

	panes    []pane
	pane     pane // has the keys; nil: the page has
	line     *filterLine
	command  *commandLine
	picker   *picker
	messages *messages
	help     *help

	pull     *pull
	desk     desk
	accounts *accounts
	details  details
	totals   totals
	status   status
	notices  notices
	told     told
	looks    looks
	kept     keeping
	clips    clipboards
	exporter exporter
	volumes  volumeNotes

	beat   bool
	beatAt int64     // State.Received at the last beat
	later  []tea.Cmd // commands that a tick gave rise to, for the end of the frame

	interrupted bool
	dirty       bool
	frame       string
	caret       *tea.Cursor
	lines       []string
}

// Init starts waiting for news.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.pull.wait(m.ctx), m.looks.ask()) }

// paint derives the theme in force and has all drawn anew.
func (m *Model) paint() {
	m.th = m.looks.theme()
	m.tape.table.restyle()
	m.details.stale = true
	m.dirty = true
}

// follow shows the rows of these tickers only.
func (m *Model) follow(tickers []string) {
	m.follows.follow(tickers)
	m.accounts.soon()
	m.tape.take(changes{followed: true})
	if m.page != page(m.tape) {
		m.page.take(changes{followed: true})
	}
	m.dirty = true
}

// arrange lays the window out anew.
func (m *Model) arrange() {
	if m.width == 0 {
		return
	}
	for _, p := range m.pages {
		p.arrange()
	}
	m.details.stale = true
	m.resize()
	m.dirty = true
}

// bodyHeight is how many rows the page and the details have together.
func (m *Model) bodyHeight() int {
	foot := 1
	if m.pane != nil {
		foot, _ = m.pane.size()
	}
	return max(m.height-3-foot-totalsHeight(m.height, len(m.page.moment().totals)), 1)
}

// resize tells the pages how many rows fit.
func (m *Model) resize() {
	if m.width == 0 {
		return
	}
	h := m.bodyHeight()
	h = max(h-m.details.lines(h), 1)
	for _, p := range m.pages {
		p.fit(h, m.details.open && p == m.page)
	}
}

// show brings a page to the front, afresh.
func (m *Model) show(p page) {
	m.remember()
	m.details.close()
	m.resize()
	m.page = p
	m.accounts.soon()
	p.arrange()
	p.enter(m.subject)
	m.resize()
}

// remember notes the ticker that the user chose on the page in front.
func (m *Model) remember() {
	if t := m.page.selected().ticker; t != "" {
		m.subject = t
	}
}

// contract is that of the details, else the selected one; nil if there is none.
func (m *Model) contract() *model.Contract {
	if m.details.open {
		return m.contracts.At(m.details.ID)
	}
	return m.page.selected().contract
}

// take takes over what is new on the tape.
func (m *Model) take() {
	if st := m.pull.look(); st != m.st {
		m.adopt(st)
	}
	m.dirty = m.tape.takeRows() || m.dirty
}

// adopt takes over a new state of the feed.
func (m *Model) adopt(st *model.State) {
	old := m.st
	m.st, m.dirty = st, true
	tickers := m.desk.following(st.Tickers)
	if old.Moves != st.Moves {
		m.pull.bursts.Renamed()
	}
	if len(tickers) > 0 && (old.Moves != st.Moves || !slices.Equal(tickers, m.tickers())) {
		m.follow(tickers)
	}
	if old.Plan != st.Plan || len(m.tape.table.layout.Cols) == 0 {
		m.arrange()
	} else if len(old.Totals) != len(st.Totals) {
		m.resize()
	}
	m.page.take(changes{totals: true})
	m.messages.feed(feedSaid(st))
	m.told.tell(&m.notices, st)
}

// tick moves the clock, the ages and the pulse on, once a second of wall time.
func (m *Model) tick() {
	m.pull.ticked = m.wall()
	m.now = m.clock.Now()
	if !m.page.moment().frozen {
		m.tape.table.arrivals.forget(m.pull.ticked)
		m.details.stale = true
	}
	if m.st.Received != m.beatAt && !m.quiet { // it pulses while data comes in
		m.beat, m.beatAt = !m.beat, m.st.Received
	}
	m.dirty = true
	m.tape.tick(m.page == page(m.tape))
	m.watch()
	if m.volumes.note(m.scene) {
		m.later = append(m.later, m.kept.keep(memory.Volumes(m.volumes.volumes.Sessions())))
	}
	if m.tape.pins.note() {
		m.later = append(m.later, m.carry(act.One(act.KeepPins{})))
	}
}

// observe asks the engine for the accounts on screen, if it is time to.
func (m *Model) observe() tea.Cmd {
	switch {
	case m.page.reads():
		return m.accounts.ask(m.ctx, m.wall())
	case m.details.asks():
		return m.accounts.ask(m.ctx, m.wall(), m.details.ID)
	}
	return nil
}

// choices are those that the next run goes on from, as they are now.
func (m *Model) choices() memory.Choices {
	return memory.Choices{Sort: m.tape.list.sortText(), View: strings.ToLower(m.page.name())}
}

// watch tells the feed which contracts are on screen.
func (m *Model) watch() {
	ids := m.page.watched(make([]model.ContractID, 0, len(m.desk.watched)+1))
	if m.details.open {
		ids = append(ids, m.details.ID)
	}
	m.desk.watch(append(ids, m.tape.pins.ids...))
}
