package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/format"
)

// view is what fills the middle of the screen.
type view uint8

// The views, in the order in which `v` goes through them.
const (
	viewTape view = iota
	viewContracts
	viewTickers
	viewHeat
	viewCount
)

var viewNames = [viewCount]string{"Tape", "Contracts", "Tickers", "Heat map"}

const (
	// observeEvery is how often the accounts are read while a view shows them.
	observeEvery = 500 * time.Millisecond
	// observeWait is how long an answer may take before it is asked for anew.
	observeWait = 5 * time.Second
)

// views are the views beside the tape: copies of the engine's accounts, read
// while one is open, and where the user is in each.
type views struct {
	at      view
	back    []viewPlace        // where esc goes, the last one first
	within  narrowing          // what Contracts is narrowed to
	ticker  string             // of the heat map
	filters [viewCount]*parsed // each view's own; the tape's is elsewhere
	undos   [viewCount]undo
	frozen  bool
	still   *still // beside the rows while they are

	accounts, spare []model.Account // in use, and room for the next copy
	read            bool            // accounts were read
	asking          bool
	gen             int // of what is asked for: answers to older questions are dropped
	asked           time.Time
	trouble         string // why the accounts cannot be read

	contracts grid[contractLine]
	tickers   grid[tickerLine]
	heat      heatMap
	cells     []contractLine // of the heat map
	tally     viewTally
	joint     int64             // ms: since when the shares of the tape count, 0 not yet
	names     map[string]uint32 // numbers of tickers
}

// viewTally counts what a view shows.
type viewTally struct {
	shown, of, lack int
	lacks           filter.Lack
	premium         float64 // of what is shown
}

// narrowing is what drilling down leaves: a ticker's contracts, or those of a
// cell of its heat map.
type narrowing struct {
	ticker string
	expiry model.Date
	strike int32
	cell   bool
}

func (n *narrowing) takes(c *model.Contract) bool {
	return (n.ticker == "" || c.Underlying == n.ticker) && (!n.cell || c.Expiry == n.expiry && c.Strike == n.strike)
}

// viewPlace is where the user was before drilling down.
type viewPlace struct {
	at        view
	within    narrowing
	contracts gridPlace
}

// accountsMsg is a copy of the accounts, or of the one that the details show.
type accountsMsg struct {
	gen  int
	list []model.Account
	one  bool
	err  error
}

func newViews(zone *format.Zone, volumes *model.Volumes) views {
	v := views{names: make(map[string]uint32)}
	v.contracts = grid[contractLine]{columns: contractColumns(&cell{zone: zone}), fixed: 3, sort: 4, cursor: 4, name: func(l *contractLine) uint32 { return uint32(l.Contract) }}
	v.tickers = grid[tickerLine]{columns: tickerColumns(zone, volumes != nil), fixed: 1, sort: 4, cursor: 4, name: func(l *tickerLine) uint32 { return l.name }}
	return v
}

// number gives a ticker its number.
func (v *views) number(ticker string) uint32 {
	n, ok := v.names[ticker]
	if !ok {
		n = uint32(len(v.names))
		v.names[ticker] = n
	}
	return n
}

// observe asks the engine for what is on screen, if it is time to: nothing is
// copied while neither a view nor the details are open.
func (m *Model) observe() tea.Cmd {
	v := &m.views
	all := (v.at == viewContracts || v.at == viewHeat) && !v.frozen
	if m.opt.Feed == nil || v.asking || !all && !m.detailsAsk() || m.wall().Sub(v.asked) < observeEvery {
		return nil
	}
	v.asking, v.asked = true, m.wall()
	parent, feed, gen := m.ctx, m.opt.Feed, v.gen
	into, only := v.spare, []model.ContractID(nil)
	if !all {
		into, only = nil, []model.ContractID{m.details.id}
	}
	v.spare = nil
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, observeWait)
		defer cancel()
		list, err := feed.Observe(ctx, into, only...)
		return accountsMsg{gen, list, !all, err}
	}
}

// detailsAsk reports whether the details want the account of their contract: of
// a frozen picture they want it once.
func (m *Model) detailsAsk() bool {
	return m.details.open && !(m.frozen() && m.details.hasAcct)
}

// soon makes the next frame ask: another view, another contract.
func (v *views) soon() {
	v.gen++
	v.asked = time.Time{}
}

// observed takes a copy of the accounts over.
func (m *Model) observed(msg accountsMsg) {
	v := &m.views
	v.asking = false
	switch {
	case msg.gen != v.gen:
		if !msg.one {
			v.spare = msg.list
		}
		return
	case msg.err != nil:
		v.trouble = msg.err.Error()
	case msg.one:
		v.trouble = ""
		m.details.account(msg.list)
	default:
		v.trouble, v.read = "", true
		v.spare, v.accounts = v.accounts, msg.list
		m.details.account(msg.list)
		m.loadView()
	}
	m.dirty = true
}

// loadView reads what is shown anew from what is held.
func (m *Model) loadView() {
	v := &m.views
	switch v.at {
	case viewContracts:
		v.contracts.rows = m.contractLines(v.contracts.rows[:0], &v.within)
		v.contracts.sorted()
	case viewTickers:
		m.tickerLines()
		v.tickers.sorted()
	case viewHeat:
		if tickers := m.list.tickers(); len(tickers) > 0 && !slices.Contains(tickers, v.ticker) {
			v.ticker = tickers[0]
		}
		v.cells = m.contractLines(v.cells[:0], &narrowing{ticker: v.ticker})
		v.heat.load(v.cells)
	}
	m.dirty = true
}

// contractLines are the accounts of followed tickers that a narrowing and the
// view's filter take.
func (m *Model) contractLines(into []contractLine, within *narrowing) []contractLine {
	v := &m.views
	v.tally = viewTally{}
	all := m.totalsShown()
	spots := make(map[string]float64, len(all))
	for i := range all {
		spots[all[i].Underlying] = all[i].Spot
	}
	lag, now, f := spotsLag(m.st.Plan), m.opt.Clock.Now(), v.filters[v.at]
	var l contractLine
	for i := range v.accounts {
		a := &v.accounts[i]
		c := m.opt.Tape.Contracts.At(a.Contract)
		if c == nil || a.Day == 0 || !m.list.followed[c.Underlying] || !within.takes(c) {
			continue
		}
		spot, known := spots[c.Underlying]
		if !known {
			spot = model.Unknown
		}
		l = contractLine{Account: *a, contract: c, row: dayRow(a, spot, lag, now)}
		if !v.tally.takes(f, &l.row, c, now) {
			continue
		}
		v.tally.premium += a.Premium
		if model.MarksOf(&l.row, c, m.opt.Rules)&model.MarkUnusual != 0 {
			l.marks = model.MarkUnusual
		}
		into = append(into, l)
	}
	return into
}

// takes counts a row and asks the filter.
func (t *viewTally) takes(f *parsed, r *model.Row, c *model.Contract, now int64) bool {
	t.of++
	if f != nil {
		switch f.Match(r, c, now) {
		case model.False:
			return false
		case model.Unknowable:
			t.lack++
			t.lacks |= f.Lacks(r, c, now)
			return false
		}
	}
	t.shown++
	return true
}

// tickerLines are the totals of the followed tickers that the filter takes.
func (m *Model) tickerLines() {
	v := &m.views
	v.tally = viewTally{}
	all := m.totalsShown()
	v.joint = 0
	joint := 0.0
	for i := range all {
		if m.list.followed[all[i].Underlying] {
			joint += all[i].Joint
		}
	}
	nan := float32(model.Unknown)
	rows := v.tickers.rows[:0]
	for _, t := range all {
		if !m.list.followed[t.Underlying] {
			continue
		}
		l := tickerLine{Totals: t, name: v.number(t.Underlying), share: model.Unknown, against: model.Unknown}
		if t.JointSince > 0 && joint > 0 {
			l.share, v.joint = t.Joint/joint, t.JointSince
		}
		if m.volumes != nil && t.Whole {
			l.against, l.sessions = m.volumes.Against(t.Underlying, m.dataTime(), t.CallVolume+t.PutVolume)
		}
		l.row = model.Row{
			Kind: model.KindBurst, Start: m.now, Premium: t.CallPremium + t.PutPremium, DayVolume: lots(t.CallVolume + t.PutVolume),
			Spot: float32(t.Spot), Vwap: nan, Prints: nan, IV: nan, Delta: nan, Bid: nan, Ask: nan, OpenInterest: model.UnknownCount, QuoteAge: model.NoQuote,
		}
		if v.tally.takes(v.filters[viewTickers], &l.row, &model.Contract{Underlying: t.Underlying, Root: t.Underlying}, m.now) {
			v.tally.premium += l.row.Premium
			rows = append(rows, l)
		}
	}
	v.tickers.rows = rows
}

// loadTotals takes new totals over where a view shows them.
func (m *Model) loadTotals() {
	if m.views.at == viewTickers && !m.views.frozen {
		m.loadView()
	}
}
