package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/away"
	"optflow/ui/details"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/pane"
	"optflow/ui/scene"
	"optflow/ui/totals"
)

// Sizes beyond this are those of a terminal that lies.
const mostWidth, mostHeight = 500, 200

// Model is the screen: it hands what comes in to the page and the pane that it is
// for, carries their effects out, and puts together what they draw. Its state is
// touched in Update only.
type Model struct {
	ctx context.Context // of the program: commands end with it
	opt Options
	*scene.Scene

	pages   page.PageList
	page    page.Page // in front
	subject string    // the ticker last spoken of
	tape    *page.Tape
	chain   *page.Contracts

	panes    []pane.Pane
	pane     pane.Pane // has the keys; nil: the page has
	line     *pane.FilterLine
	command  *pane.CommandLine
	picker   *pane.Picker
	messages *pane.Messages
	help     *pane.Help
	ruleBox  *pane.RuleBox

	pull     *page.Pull
	desk     desk
	accounts *page.Accounts
	details  details.Details
	alerts   alerts
	away     *away.Away
	ledger   *page.Ledger
	totals   totals.Strip
	status   status
	notices  notices
	told     told
	looks    looks
	kept     keeping
	clips    clipboards
	exporter exporter
	volumes  volumeNotes
	replay   replay
	calm     calm

	beat   bool
	beatAt int64     // State.Received at the last beat
	later  []tea.Cmd // commands that a tick gave rise to, for the end of the frame

	clicked     clicked
	interrupted bool
	dirty       bool
	frame       string
	caret       *tea.Cursor
	lines       []string
}

// Init starts waiting for news.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.pull.Wait(m.ctx), m.looks.ask()) }

// paint derives the theme in force and has all drawn anew.
func (m *Model) paint() {
	m.Theme = m.looks.theme()
	m.tape.Table.Restyle()
	m.details.Stale = true
	m.dirty = true
}

// follow shows the rows of these tickers only.
func (m *Model) follow(tickers []string) {
	m.Follows.Follow(tickers)
	m.accounts.Soon()
	m.tape.Take(page.Changes{Followed: true})
	if m.page != page.Page(m.tape) {
		m.page.Take(page.Changes{Followed: true})
	}
	m.dirty = true
}

// arrange lays the window out anew.
func (m *Model) arrange() {
	if m.Width == 0 {
		return
	}
	for _, p := range m.pages {
		p.Arrange()
	}
	m.details.Stale = true
	m.resize()
	m.dirty = true
}

// bodyHeight is how many rows the page and the details have together.
func (m *Model) bodyHeight() int {
	foot := 1
	if m.pane != nil {
		foot, _ = m.pane.Size()
	}
	return max(m.Height-3-foot-m.away.Lines()-totals.Lines(m.Height, len(m.page.Moment().Totals)), 1)
}

// resize tells the pages how many rows fit.
func (m *Model) resize() {
	if m.Width == 0 {
		return
	}
	h := m.bodyHeight()
	h = max(h-m.details.Lines(h), 1)
	for _, p := range m.pages {
		p.Fit(h, m.details.Open && p == m.page)
	}
}

// show brings a page to the front, afresh.
func (m *Model) show(p page.Page) {
	m.remember()
	if b, is := p.(page.Beside); is {
		if _, from := m.page.(page.Beside); !from {
			b.Over(m.page.Name())
		}
	}
	m.page = p
	m.accounts.Soon()
	p.Arrange()
	p.Enter(m.subject)
	m.resize()
}

// remember notes the ticker that the user chose on the page in front.
func (m *Model) remember() {
	if t := m.page.Selected().Ticker; t != "" {
		m.subject = t
	}
}

// look tells who comes back what came, has the details show what the cursor is on,
// and asks for what they lack.
func (m *Model) look() tea.Cmd {
	if m.away.Look() {
		m.resize()
		m.dirty = true
	}
	if !m.details.Open {
		return nil
	}
	out, moved := m.details.Follow(m.page)
	m.dirty = m.dirty || m.details.Stale
	if !moved {
		return nil
	}
	m.resize()
	return tea.Batch(m.carry(out), m.observe())
}

// take takes over what is new on the tape.
func (m *Model) take() {
	if m.tape.Redock() { // the contract that the details are of has another number
		m.details.Redock()
		m.accounts.Soon()
		m.dirty = true
	}
	if st := m.pull.Look(); st != m.State {
		m.adopt(st)
	}
	m.dirty = m.tape.TakeRows() || m.dirty
	if m.alerts.look() {
		m.tape.Take(page.Changes{Alerts: true})
		if m.page != page.Page(m.tape) {
			m.page.Take(page.Changes{Alerts: true})
		}
		m.alerts.say(&m.notices)
		m.dirty = true
	}
}

// adopt takes over a new state of the feed.
func (m *Model) adopt(st *model.State) {
	old := m.State
	m.State, m.dirty = st, true
	tickers := m.desk.following(st.Tickers)
	if old.Moves != st.Moves {
		m.pull.Renamed()
	}
	if len(tickers) > 0 && (old.Moves != st.Moves || !slices.Equal(tickers, m.Tickers())) {
		m.follow(tickers)
	}
	if old.Plan != st.Plan || len(m.tape.Table.Layout.Cols) == 0 {
		m.arrange()
	} else if len(old.Totals) != len(st.Totals) {
		m.resize()
	}
	m.page.Take(page.Changes{Totals: true})
	ink, said := feedSaid(st)
	m.messages.Feed(ink, m.told.of(said))
	m.told.tell(&m.notices, st)
}

// tick moves the clock, the ages and the pulse on, once a second of wall time.
func (m *Model) tick() {
	m.pull.Ticked = m.Wall()
	m.Now = m.Clock.Now()
	if !m.page.Moment().Frozen {
		m.tape.Table.Arrivals.Forget(m.pull.Ticked)
		m.details.Stale = true
	}
	if m.State.Received != m.beatAt && !m.Quiet { // it pulses while data comes in
		m.beat, m.beatAt = !m.beat, m.State.Received
	}
	m.dirty = true
	if fills(m) && !m.page.Moment().Frozen && m.calm.hold(m.pull.Ticked) {
		m.page.Do(keys.Freeze)
	}
	m.tape.Tick(m.page == page.Page(m.tape))
	m.away.Tick()
	m.watch()
	if read := readPast(m); read != nil {
		m.later = append(m.later, read)
	}
	if m.volumes.note(m.Scene) {
		m.later = append(m.later, m.kept.keep(memory.Volumes(m.volumes.volumes.Sessions())))
	}
	if m.tape.Pins.Note() {
		m.later = append(m.later, m.carry(act.One(act.KeepPins{})))
	}
}

// observe asks the engine for the accounts on screen, if it is time to.
func (m *Model) observe() tea.Cmd {
	switch {
	case m.page.Reads():
		return m.accounts.Ask(m.ctx, m.Wall())
	case m.details.Asks():
		return m.accounts.Ask(m.ctx, m.Wall(), m.details.Contract().ID)
	}
	return nil
}

// choices are those that the next run goes on from, as they are now.
func (m *Model) choices() memory.Choices {
	return memory.Choices{Sort: m.tape.List.SortText(), View: strings.ToLower(m.page.Name())}
}

// watch tells the feed which contracts are on screen.
func (m *Model) watch() {
	ids := m.page.Watched(make([]model.ContractID, 0, len(m.desk.watched)+1))
	if c := m.details.Contract(); c != nil {
		ids = append(ids, c.ID)
	}
	m.desk.watch(append(ids, m.tape.Pins.Ids...))
}
