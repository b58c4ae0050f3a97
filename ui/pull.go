package ui

import (
	"slices"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/ticker"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// pull takes over what is new on the tape.
func (m *Model) pull() {
	m.changed = m.opt.Tape.Changed() // before looking, so that no news is missed
	if st := m.opt.Tape.State(); st != m.st {
		m.adopt(st)
	}
	news := false
	m.behind = false
	for began := time.Now(); ; {
		if news && time.Since(began) >= pullMost {
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
	m.tabs.live = !m.behind
}

// apply brings list and table up to date with the bursts and reports whether
// anything in view may have changed.
func (m *Model) apply() (seen bool) {
	changes := m.bursts.Drain()
	if len(changes) == 0 {
		return false
	}
	for _, c := range changes {
		m.countTabs(c)
	}
	if m.table.frozen {
		for _, c := range changes {
			m.table.missed(c)
		}
		return true
	}
	m.news = m.news[:0]
	again := false
	for _, c := range changes {
		b := m.bursts.Get(c.ID)
		if c.Kind == burst.Went {
			again = again || m.pins.went(b)
		} else {
			m.pins.changed(b)
		}
		switch {
		case b.Row.Kind == model.KindGap:
			if c.Kind == burst.Went {
				m.list.dropGap(c.ID)
			} else {
				m.list.gap(c.ID)
			}
		case c.Kind == burst.Went:
			m.list.drop(c.ID)
			m.table.gone(c.ID)
		default:
			m.table.changed(c.ID)
			if m.list.change(c.ID) {
				m.table.came(c.ID)
				m.news = append(m.news, c.ID)
			}
		}
	}
	if again {
		m.repin()
	}
	if !m.opt.Still {
		m.table.arrivals.note(m.news, m.wall())
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
	if m.wanted != nil && slices.EqualFunc(m.wanted, tickers, ticker.Same) {
		m.wanted = nil // the engine may know a better spelling
	}
	if m.wanted != nil {
		tickers = m.wanted
	}
	if old.Moves != st.Moves {
		m.bursts.Renamed()
	}
	if len(tickers) > 0 && (old.Moves != st.Moves || !slices.Equal(tickers, m.list.tickers())) {
		m.follow(tickers)
	}
	if old.Plan != st.Plan || len(m.table.layout.cols) == 0 {
		m.arrange()
	} else if len(old.Totals) != len(st.Totals) {
		m.resize()
	}
	m.loadTotals()
	m.messages.feed(m.now, st)
	m.tell(st)
}

// tell says what the plan carries once that is known, and each new note of the engine.
func (m *Model) tell(st *model.State) {
	if text := planLine(st.Plan, st.Received > 0); text != "" && text != m.planTold && (!st.Sim || st.Plan != model.Plan{Known: true}) {
		m.notices.drop(m.planTold) // it turned out to carry less, or more
		m.planTold = text
		m.notices.say(paint.Text, text)
	}
	if n := len(st.Notes); n > 0 && st.Notes[n-1] != m.notesIn {
		from := slices.Index(st.Notes, m.notesIn) + 1
		for _, note := range st.Notes[from:] {
			m.notices.say(paint.Warn, note)
		}
		m.notesIn = st.Notes[n-1]
	}
}

// planLine is what a plan carries, and what that means for the screen. That it is
// real time is not known before the stream was heard.
func planLine(p model.Plan, heard bool) string {
	var parts []string
	switch {
	case !p.Known:
		return ""
	case p.NoWebSocket && p.NoSnapshots:
		return "This plan carries no options flow; without a key the simulated market shows."
	case p.Delayed > 0:
		parts = append(parts, format.Interval(p.Delayed)+" late")
	case heard:
		parts = append(parts, "real time")
	}
	for _, lack := range []struct {
		is   bool
		text string
	}{
		{p.NoWebSocket, "no WebSocket: polled"},
		{p.NoSnapshots, "no snapshots: OI, IV and side unknown"},
		{p.NoQuotes && !p.NoSnapshots, "no quotes: side unknown"},
		{p.NoSpots, "no stock prices: OTM% unknown"},
		{spotsLag(p) && !p.NoSpots, "stock prices are late: OTM% unknown"},
	} {
		if lack.is {
			parts = append(parts, lack.text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "plan: " + strings.Join(parts, " · ")
}
