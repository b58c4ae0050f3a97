package ui

import (
	"optflow/model"
	"optflow/model/memory"
)

// dataTime is the market time that the newest data speaks of: a delayed feed's
// volume is that of some time ago.
func (m *Model) dataTime() int64 { return m.now - m.st.Plan.Delayed }

// noteVolumes notes the tickers' volume at the marks of the day, and has it kept
// for later sessions. What is simulated is not noted: it is no market's volume.
func (m *Model) noteVolumes() {
	v, st := m.volumes, m.st
	open := st.Session.Open || m.wasOpen // the last mark is the close
	m.wasOpen = st.Session.Open
	if v == nil || st.Sim || !open || st.Session.Date != model.TradingDate(m.dataTime()) {
		return
	}
	noted := false
	for i := range st.Totals {
		if t := &st.Totals[i]; t.Whole {
			noted = v.Note(t.Underlying, m.dataTime(), t.CallVolume+t.PutVolume) || noted
		}
	}
	if noted {
		m.later = append(m.later, m.keep(memory.Volumes(v.Sessions())))
	}
}
