package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/model/tape"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
)

const (
	// batchRows is how many rows are read from the tape at a time.
	batchRows = 1024
	// pullMost is how long one frame takes rows in, beyond the first batch, so
	// that keys are answered while there are millions to come.
	pullMost = 40 * time.Millisecond
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
	paneMessages
	paneCommand
	paneFind
)

// Model is the screen. Its state is touched in Update only.
type Model struct {
	ctx  context.Context // of the program: commands end with it
	opt  Options
	zone *format.Zone
	wall func() time.Time

	width, height int
	depth         paint.Depth
	th            *paint.Theme
	themeName     string            // as chosen, perhaps auto
	lightGround   bool              // the terminal's own ground is light
	began         memory.Choices    // as the run began
	volumes       *model.Volumes    // of earlier sessions and this one; nil where none are kept
	hidden        [columnCount]bool // columns that were not chosen
	pen           paint.Pen

	st      *model.State
	wanted  []string // tickers chosen here that the engine has not confirmed
	cursor  tape.Cursor
	batch   []model.Row
	behind  bool // there was more to read than a frame takes
	changed <-chan struct{}
	framed  time.Time // of the last data frame
	ticked  time.Time // of the last tick
	now     int64     // market time of the last tick, ms
	beat    bool
	beatAt  int64 // State.Received at the last beat

	interval burst.Interval
	bursts   *burst.Set
	list     *list
	table    *table
	still    *still // beside the tape while it is frozen
	filter   *parsed

	pane     pane
	line     filterLine
	undo     undo
	pins     pins
	find     finder
	command  line.Line // of `:`
	picker   picker
	help     help
	messages messages
	keys     *keys.Map
	shown    *keys.Map // the same as the screen prints them
	notices  notices
	news     []uint32 // rows that came with the last batch
	status   status
	totals   totals
	views    views
	details  details
	tabs     tabs
	parts    []part            // room for the second line
	heading  string            // the second line of the tape as it was last drawn, "" when it may say more than other counts
	ends     []part            // and for its end
	chosen   [columnCount]bool // columns left out where a tab does not choose
	watched  []model.ContractID
	notesIn  string // the newest of the state's notes that was shown
	planTold string // the line that said what the plan carries

	keeper    keeper
	later     []tea.Cmd // commands that a tick gave rise to, for the end of the frame
	lost      []string  // kinds of what cannot be kept, which was said
	wasOpen   bool      // the session was, at the last tick
	exporting bool
	blurred   bool // the terminal said that nobody looks at it

	interrupted bool
	dirty       bool
	frame       string
	caret       *tea.Cursor
	lines       []string
}

// Init starts waiting for news.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.wait(), m.askGround()) }

// setDepth derives the theme for a terminal of so many colours.
func (m *Model) setDepth(d paint.Depth) {
	m.depth = d
	m.paint()
}

// regroup joins the windows that the tape still has by the present interval.
func (m *Model) regroup() {
	m.bursts = burst.New(m.opt.Tape.Contracts, burst.Options{
		Interval: m.interval, Rules: m.opt.Rules, MaxRows: m.opt.MaxRows, At: m.opt.Tape.At,
	})
	trimmed := m.cursor.Trimmed
	m.cursor = tape.Cursor{Next: m.opt.Tape.First(), Trimmed: trimmed}
	tickers := m.list.tickers()
	f, sort, reversed := m.list.filter, m.list.sort, m.list.reversed
	*m.list = *newList(m.opt.Tape.Contracts, m.opt.Rules)
	m.list.bursts, m.list.sort, m.list.reversed = m.bursts, sort, reversed
	m.list.take(f)
	m.list.follow(tickers)
	clear(m.tabs.masks)
	clear(m.tabs.told)
	m.tabs.live = false // what is read again is no news
	for i := range m.tabs.all {
		m.tabs.all[i].count = 0
	}
	m.table.forget()
	m.table.has, m.table.following, m.table.frozen, m.table.added = false, m.list.followsNewest(), false, 0
}

// follow shows the rows of these tickers only.
func (m *Model) follow(tickers []string) {
	m.list.follow(tickers)
	m.heading = ""
	if m.filter != nil { // its hints speak of what is followed
		if f, err := m.parse(m.filter.text); err == nil && f != nil {
			m.filter = f
		}
	}
	m.rereadTabs()
	m.recount()
	m.list.take(m.taken())
	m.reselect()
	m.views.soon()
	m.loadView()
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
		m.still = m.hold()
	}
	m.dirty = true
}

// arrange lays the window out anew.
func (m *Model) arrange() {
	if m.width == 0 {
		return
	}
	m.heading = ""
	m.table.layout = arrange(m.width, m.missing(), m.table.cursor, m.list.sort)
	m.table.restyle()
	m.arrangeViews()
	m.resize()
	m.dirty = true
}

// bodyHeight is how many rows the table and the details have together.
func (m *Model) bodyHeight() int {
	foot := 1
	if m.pane == paneFilter || m.pane == paneFind || m.pane == paneCommand {
		foot = 2
	}
	return max(m.height-3-foot-totalsHeight(m.height, len(m.totalsShown())), 1)
}

// resize tells the table how many rows fit.
func (m *Model) resize() {
	if m.width == 0 {
		return
	}
	h := m.bodyHeight()
	h = max(h-m.detailsHeight(h), 1)
	m.resizeViews(h)
	h = max(h-m.pins.height(), 1)
	if h != m.table.height {
		m.table.height = h
		m.table.settle()
	}
}

// tick moves the clock, the ages and the pulse on, once a second of wall time.
func (m *Model) tick() {
	m.ticked = m.wall()
	m.heading = "" // its counts move with the clock: in every frame they would be a third of its bytes
	m.now = m.opt.Clock.Now()
	if !m.frozen() {
		m.table.arrivals.forget(m.ticked)
		m.details.stale = true
	}
	if m.st.Received != m.beatAt && !m.opt.Still { // it pulses while data comes in
		m.beat, m.beatAt = !m.beat, m.st.Received
	}
	m.dirty = true
	m.age()
	m.watch()
	m.noteVolumes()
	m.notePins()
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
	if m.views.at != viewTape {
		ids = ids[:0]
	}
	ids = append(m.viewWatched(ids), m.pins.ids...)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if !slices.Equal(ids, m.watched) {
		m.watched = ids
		m.opt.Feed.Watch(ids)
	}
}
