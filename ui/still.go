package ui

import "optflow/model"

// still is what stands beside the rows of a frozen picture: as of the moment of
// freezing, like the rows. The first line, the clock and the counts of what came
// since go on.
type still struct {
	now     int64
	totals  []model.Totals
	seen    uint64 // bursts
	since   int64  // ms: what is older left the tape
	trimmed uint64 // rows missed
	tabs    []int  // rows that each tab takes
}

// live is what would stand there if nothing were frozen.
func (m *Model) live() still {
	return still{now: m.now, totals: m.st.Totals, seen: m.bursts.Counts().Seen, since: m.bursts.Since(), trimmed: m.cursor.Trimmed}
}

// hold keeps it for a picture that is frozen now.
func (m *Model) hold() *still {
	s := m.live()
	for i := range m.tabs.all {
		s.tabs = append(s.tabs, m.tabs.all[i].count)
	}
	return &s
}

// beside is what stands beside the rows of the view shown.
func (m *Model) beside() still {
	switch {
	case m.views.at == viewTape && m.table.frozen && m.still != nil:
		return *m.still
	case m.views.at != viewTape && m.views.frozen && m.views.still != nil:
		return *m.views.still
	}
	return m.live()
}

// frozen reports whether the view shown is.
func (m *Model) frozen() bool {
	if m.views.at == viewTape {
		return m.table.frozen
	}
	return m.views.frozen
}

// totalsShown are the sums of the tickers as the view shown has them.
func (m *Model) totalsShown() []model.Totals { return m.beside().totals }

// tabCount is how many rows a tab takes, as the view shown has it.
func (m *Model) tabCount(i int) int {
	if m.views.at == viewTape && m.table.frozen && m.still != nil && i < len(m.still.tabs) {
		return m.still.tabs[i]
	}
	return m.tabs.all[i].count
}
