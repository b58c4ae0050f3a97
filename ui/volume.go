package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/scene"
)

// volumeNotes notes the tickers' volume at the marks of the day, for later
// sessions to be compared with. What is simulated is not noted: it is no
// market's volume.
type volumeNotes struct {
	volumes *model.Volumes // nil: nothing is compared
	past    model.Date     // of which the recorded sessions before were asked for
	wasOpen bool           // the session was, at the last tick
	others  bool           // somebody else notes them
}

// note reports whether there is more to keep.
func (v *volumeNotes) note(s *scene.Scene) (noted bool) {
	st := s.State
	open := st.Session.Open || v.wasOpen // the last mark is the close
	v.wasOpen = st.Session.Open
	if v.volumes == nil || v.others || st.Sim || !open || st.Session.Date != model.TradingDate(s.DataTime()) {
		return false
	}
	for i := range st.Totals {
		if t := &st.Totals[i]; t.Whole {
			noted = v.volumes.Note(t.Underlying, s.DataTime(), t.CallVolume+t.PutVolume) || noted
		}
	}
	return noted
}

// ReadPast reads what is known of the sessions recorded before a date, and of the
// open interest of contracts. It is called from goroutines of its own.
type ReadPast func(ctx context.Context, before model.Date, contracts []string) memory.Past

type pastRead struct{ memory.Past }

// readPast reads the recorded sessions once a session, nil where that was done.
func readPast(m *Model) tea.Cmd {
	date := m.State.Session.Date
	if m.opt.Past == nil || m.volumes.volumes == nil || m.State.Sim || date == 0 || date == m.volumes.past {
		return nil
	}
	m.volumes.past = date
	var contracts []string
	for _, pin := range m.tape.Pins.List() {
		contracts = append(contracts, pin.Contract)
	}
	ctx, read := m.ctx, m.opt.Past
	return func() tea.Msg { return pastRead{read(ctx, date, contracts)} }
}

// takePast takes over what was read.
func takePast(m *Model, p pastRead) {
	if p.Volumes != nil {
		m.volumes.volumes.Recorded(p.Volumes)
	}
	m.tape.Pins.Recorded(p.Interest)
}
