package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
)

// bellPause is the least time between two bells.
const bellPause = 10 * time.Second

// bell is what is to be rung.
type bell struct {
	last time.Time
	due  string // the tab for which the terminal is to ring next, "" none
}

// maskOf is the tabs whose own filter takes a burst.
func (m *Model) maskOf(b *burst.Burst) (mask uint32) {
	if b == nil || !b.Over || b.Row.Kind == model.KindGap {
		return 0
	}
	c := m.opt.Tape.Contracts.At(b.Row.Contract)
	if c == nil || !m.list.isFollowed(b.Row.Contract, c) {
		return 0
	}
	for i := range m.tabs.all {
		t := &m.tabs.all[i]
		if t.wrong == nil && (t.own == nil || t.own.Match(&b.Row, c, m.now) == model.True) {
			mask |= 1 << i
		}
	}
	return mask
}

// grow makes room for a handle.
func (t *tabs) grow(id uint32) {
	if n := int(id) + 1 - len(t.masks); n > 0 {
		t.masks = append(t.masks, make([]uint32, n)...)
		t.told = append(t.told, make([]uint32, n)...)
	}
}

// countTabs counts a change of a burst towards every tab, whatever is in front, and rings
// for what is new.
func (m *Model) countTabs(c burst.Change) {
	t := &m.tabs
	t.grow(c.ID)
	was, mask := t.masks[c.ID], uint32(0)
	if c.Kind != burst.Went {
		b := m.bursts.Get(c.ID)
		if mask = m.maskOf(b); b != nil && b.Row.Is(model.FlagPast) {
			m.setMask(c.ID, was, mask)
			return // history is no news
		}
	}
	m.setMask(c.ID, was, mask)
	if came := mask &^ t.told[c.ID]; came != 0 && t.live {
		m.ring(came)
	}
	if t.told[c.ID] |= mask; c.Kind == burst.Went {
		t.told[c.ID] = 0 // the handle will be another burst's
	}
}

func (m *Model) setMask(id uint32, was, mask uint32) {
	m.tabs.masks[id] = mask
	if was == mask {
		return
	}
	for i := range m.tabs.all {
		switch bit := uint32(1) << i; {
		case mask&^was&bit != 0:
			m.tabs.all[i].count++
		case was&^mask&bit != 0:
			m.tabs.all[i].count--
		}
	}
}

// ring counts a burst on the tabs that ring, and rings.
func (m *Model) ring(came uint32) {
	t := &m.tabs
	for i := range t.all {
		x := &t.all[i]
		if came&(1<<i) == 0 || !x.Bell {
			continue
		}
		if i != t.at || m.blurred {
			x.rung++
		}
		if now := m.wall(); now.Sub(t.bell.last) >= bellPause {
			t.bell.last, t.bell.due = now, x.Name
		}
	}
}

// recount reads every burst anew for every tab, after a change of the tabs, the
// tickers or the interval.
func (m *Model) recount() {
	t := &m.tabs
	clear(t.masks)
	for i := range t.all {
		t.all[i].count = 0
	}
	for id, b := range m.bursts.Newest(burst.ShelfOver) {
		t.grow(id)
		m.setMask(id, 0, m.maskOf(b))
		t.told[id] |= t.masks[id] // what was there before is no news
	}
}

// age applies filters anew whose answers change with time: by the age of rows
// each second, by dates without a year each day.
func (m *Model) age() {
	day := model.TradingDate(m.now)
	aged, stale := false, false
	for i := range m.tabs.all {
		if own := m.tabs.all[i].own; own != nil {
			aged, stale = aged || own.ages, stale || own.day != day
		}
	}
	if stale {
		m.rereadTabs()
	}
	if aged || stale {
		m.recount()
	}
	if m.views.at != viewTape || m.table.frozen {
		return
	}
	f, own := m.filter, m.tabs.front().own
	if f != nil && f.day != day {
		if again, err := m.parse(f.text); err == nil && again != nil {
			f, stale = again, true
		}
	}
	switch {
	case stale:
		m.useFilter(f)
	case f != nil && f.ages || own != nil && own.ages:
		m.list.now = m.now
		m.list.rescan()
		m.table.settle()
	}
}

// ringOut is the bell that is due, as the terminal wants it: BEL, and where the
// terminal is not looked at a notification that says what for.
func (m *Model) ringOut() tea.Cmd {
	name := m.tabs.bell.due
	if name == "" {
		return nil
	}
	m.tabs.bell.due = ""
	text := "\a"
	if m.blurred {
		sim := ""
		if m.st.Sim {
			sim = "SIM "
		}
		text += "\x1b]9;optflow " + sim + plainASCII(name) + "\a"
	}
	return tea.Raw(text)
}

// plainASCII leaves out what a terminal could take for something else.
func plainASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
}
