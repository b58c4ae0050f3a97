package ui

import (
	"optflow/model"
	"optflow/ui/scene"
)

// volumeNotes notes the tickers' volume at the marks of the day, for later
// sessions to be compared with. What is simulated is not noted: it is no
// market's volume.
type volumeNotes struct {
	volumes *model.Volumes // nil: nothing is compared
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
