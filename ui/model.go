package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
)

const (
	// batchRows is how many rows are read from the tape at a time.
	batchRows = 4096
	// frameRows bounds what one frame takes in, so that keys are answered while
	// a backlog is read.
	frameRows = 16 * batchRows
	// Below this the screen is a one-line notice.
	leastWidth, leastHeight = 60, 12
	// Sizes beyond this are those of a terminal that lies.
	mostWidth, mostHeight = 500, 200
)

// pane is what the keys go to.
type pane uint8

const (
	paneTape pane = iota
	paneFilter
	panePicker
	paneHelp
	paneCommand
)

// Model is the screen. Its state is touched in Update only.
type Model struct {
	ctx  context.Context // of the program: commands end with it
	opt  Options
	zone *timeZone
	wall func() time.Time

	width, height int
	depth         depth
	th            *theme
	pen           pen

	st      *model.State
	wanted  []string // tickers chosen here that the engine has not confirmed
	cursor  model.Cursor
	batch   []model.Row
	behind  bool // there was more to read than a frame takes
	changed <-chan struct{}
	framed  time.Time // of the last data frame
	ticked  time.Time // of the last tick
	now     int64     // market time of the last tick, ms
	beat    bool

	interval model.Interval
	bursts   *model.Bursts
	list     *list
	table    *table
	filter   *parsed

	pane     pane
	line     filterLine
	command  editor
	picker   picker
	help     help
	notices  notices
	status   status
	totals   totals
	pieces   []piece // room for the counts of the second line
	watched  []model.ContractID
	notesIn  string // the newest of the state's notes that was shown
	planTold bool

	interrupted bool
	dirty       bool
	frame       string
	caret       *tea.Cursor
	lines       []string
}

// Init starts waiting for news.
func (m *Model) Init() tea.Cmd { return m.wait() }

// setDepth derives the theme for a terminal of so many colours.
func (m *Model) setDepth(d depth) {
	if m.th != nil && m.depth == d {
		return
	}
	m.depth, m.th = d, newTheme(&dark, d)
	m.table.restyle()
}

// regroup joins the windows that the tape still has by the present interval.
func (m *Model) regroup() {
	m.bursts = model.NewBursts(m.opt.Tape.Contracts, model.BurstOptions{
		Interval: m.interval, Rules: m.opt.Rules, MaxRows: m.opt.MaxRows, At: m.opt.Tape.At,
	})
	trimmed := m.cursor.Trimmed
	m.cursor = model.Cursor{Next: m.opt.Tape.First(), Trimmed: trimmed}
	tickers := m.list.tickers()
	var f matcher
	if m.filter != nil {
		f = m.filter
	}
	sort, reversed := m.list.sort, m.list.reversed
	*m.list = *newList(m.opt.Tape.Contracts, m.opt.Rules)
	m.list.bursts, m.list.filter, m.list.sort, m.list.reversed = m.bursts, f, sort, reversed
	m.list.follow(tickers)
	m.table.forget()
	m.table.has, m.table.following, m.table.frozen, m.table.added = false, m.list.followsNewest(), false, 0
}

// pull takes over what is new on the tape.
func (m *Model) pull() {
	m.changed = m.opt.Tape.Changed() // before looking, so that no news is missed
	if st := m.opt.Tape.State(); st != m.st {
		m.adopt(st)
	}
	news := false
	m.behind = false
	for taken := 0; ; taken += len(m.batch) {
		if taken >= frameRows {
			m.behind = true
			break
		}
		n := m.opt.Tape.Read(&m.cursor, m.batch)
		for i := range n {
			m.bursts.Add(m.batch[i], m.cursor.Next-uint64(n-i))
		}
		news = news || n > 0
		if n < len(m.batch) {
			break
		}
	}
	if news && m.apply() {
		m.dirty = true
	}
}

// apply brings list and table up to date with the bursts and reports whether
// anything in view may have changed.
func (m *Model) apply() (seen bool) {
	changes := m.bursts.Drain()
	if len(changes) == 0 {
		return false
	}
	if m.table.frozen {
		for _, c := range changes {
			m.table.missed(c)
		}
		return true
	}
	for _, c := range changes {
		b := m.bursts.Get(c.ID)
		switch {
		case b.Row.Kind == model.KindGap:
			if c.Kind == model.BurstWent {
				m.list.dropGap(c.ID)
			} else {
				m.list.gap(c.ID)
			}
		case c.Kind == model.BurstWent:
			m.list.drop(c.ID)
			m.table.gone(c.ID)
		default:
			m.table.changed(c.ID)
			if m.list.change(c.ID) {
				m.table.came(c.ID)
			}
		}
	}
	m.list.settle()
	m.table.settle()
	return true
}

// adopt takes over a new state of the feed.
func (m *Model) adopt(st *model.State) {
	old := m.st
	m.st, m.dirty = st, true
	tickers := st.Tickers
	if m.wanted != nil && slices.Equal(m.wanted, tickers) {
		m.wanted = nil
	}
	if m.wanted != nil {
		tickers = m.wanted
	}
	if len(tickers) > 0 && !slices.Equal(tickers, m.list.tickers()) {
		m.follow(tickers)
	}
	if old.Plan != st.Plan || len(m.table.layout.cols) == 0 {
		m.arrange()
	} else if len(old.Totals) != len(st.Totals) {
		m.resize()
	}
	m.tell(st)
}

// tell says once what the plan carries, and each new note of the engine.
func (m *Model) tell(st *model.State) {
	if st.Plan.Known && !st.Sim && !m.planTold {
		m.planTold = true
		m.notices.say(inkText, planLine(st.Plan))
	}
	if n := len(st.Notes); n > 0 && st.Notes[n-1] != m.notesIn {
		from := slices.Index(st.Notes, m.notesIn) + 1
		for _, note := range st.Notes[from:] {
			m.notices.say(inkWarn, note)
		}
		m.notesIn = st.Notes[n-1]
	}
}

// follow shows the rows of these tickers only.
func (m *Model) follow(tickers []string) {
	m.list.follow(tickers)
	m.reselect()
}

// reselect reads the list anew, after which the table finds its row again.
func (m *Model) reselect() {
	frozen := m.table.frozen
	if frozen {
		m.table.thaw()
	}
	m.list.rescan()
	m.table.settle()
	if frozen { // the picture is another one, and stands still again
		m.table.freeze()
	}
	m.dirty = true
}

// arrange lays the window out anew.
func (m *Model) arrange() {
	if m.width == 0 {
		return
	}
	m.table.layout = arrange(m.width, gone(m.st.Plan), m.table.cursor)
	m.table.restyle()
	m.resize()
	m.dirty = true
}

// resize tells the table how many rows fit.
func (m *Model) resize() {
	if m.width == 0 {
		return
	}
	foot := 1
	if m.pane == paneFilter {
		foot = 2
	}
	h := max(m.height-3-foot-totalsHeight(m.height, len(m.st.Totals)), 1)
	if h != m.table.height {
		m.table.height = h
		m.table.settle()
	}
}

// tick moves the clock, the ages and the pulse on, once a second of wall time.
func (m *Model) tick() {
	m.now = m.opt.Clock.Now()
	m.beat = !m.beat
	m.dirty = true
	if m.filter != nil && m.filter.ages {
		m.list.now = m.now
		if !m.table.frozen {
			m.list.rescan()
			m.table.settle()
		}
	}
	m.watch()
}

// watch tells the feed which contracts are on screen, when they are others.
func (m *Model) watch() {
	if m.opt.Feed == nil {
		return
	}
	ids := make([]model.ContractID, 0, len(m.table.visible))
	for _, r := range m.table.visible {
		if r.id&gapBit != 0 {
			continue
		}
		if b := m.bursts.Get(r.id); b != nil {
			ids = append(ids, b.Row.Contract)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if !slices.Equal(ids, m.watched) {
		m.watched = ids
		m.opt.Feed.Watch(ids)
	}
}

// planLine is what a plan carries, and what that means for the screen.
func planLine(p model.Plan) string {
	if p.NoWebSocket && p.NoSnapshots {
		return "This plan carries no options flow: neither WebSocket nor snapshots. Without a key the simulated market shows."
	}
	text := "plan: real time"
	if p.Delayed > 0 {
		text = "plan: " + interval(p.Delayed) + " late"
	}
	for _, lack := range []struct {
		is   bool
		text string
	}{
		{p.NoWebSocket, "no WebSocket: polled"},
		{p.NoSnapshots, "no snapshots: OI, IV and side unknown"},
		{p.NoQuotes && !p.NoSnapshots, "no quotes: side unknown"},
		{p.NoSpots, "no stock prices: OTM% unknown"},
		{p.SpotDelayed && !p.NoSpots, "stock prices are late: OTM% unknown"},
	} {
		if lack.is {
			text += " · " + lack.text
		}
	}
	return text
}
