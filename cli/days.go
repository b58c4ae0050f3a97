package cli

import (
	"optflow/config"
	"optflow/model"
	"optflow/ui"
)

// keepDays wires what is kept from one session to the next: volumes and pinned
// contracts. The built-in market is a new one each time, so nothing of it is
// kept. What cannot be read is a warning: the screen does without.
func keepDays(s *config.Settings, m *market, o *ui.Options) {
	if m.builtin != nil {
		return
	}
	sessions := config.SavedVolumes(s.StatePath)
	volumes, err := sessions.Recall()
	if err != nil {
		o.Warnings = append(o.Warnings, warning(err))
	}
	o.Volumes = model.NewVolumes(volumesIn(volumes))
	o.KeepVolumes = func(list []model.SessionVolume) error {
		return sessions.Remember(volumesOut(list))
	}
	pinned := config.SavedPins(s.StatePath)
	pins, err := pinned.Recall()
	if err != nil {
		o.Warnings = append(o.Warnings, warning(err))
	}
	for _, p := range pins {
		o.Pins = append(o.Pins, ui.Pin{Contract: p.Contract, Date: dateOf(p.Date), Interest: p.Interest, Before: dateOf(p.Before), Earlier: p.Earlier})
	}
	o.KeepPins = func(list []ui.Pin) error {
		var pins []config.Pin
		for _, p := range list {
			pins = append(pins, config.Pin{Contract: p.Contract, Date: textOf(p.Date), Interest: p.Interest, Before: textOf(p.Before), Earlier: p.Earlier})
		}
		return pinned.Remember(pins)
	}
}

// dateOf reads a date of a state file, 0 for none.
func dateOf(text string) model.Date {
	d, err := model.ParseDate(text)
	if err != nil {
		return 0
	}
	return d
}

// textOf writes it, "" for none.
func textOf(d model.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// volumesIn leaves out sessions that were noted at other times of day.
func volumesIn(list []config.Volume) (out []model.SessionVolume) {
	for _, v := range list {
		s := model.SessionVolume{Ticker: v.Ticker, Date: dateOf(v.Date)}
		if copy(s.At[:], v.At) == len(v.At) && len(v.At) == len(s.At) {
			out = append(out, s)
		}
	}
	return out
}

func volumesOut(list []model.SessionVolume) (out []config.Volume) {
	for _, s := range list {
		out = append(out, config.Volume{Ticker: s.Ticker, Date: s.Date.String(), At: append([]int64(nil), s.At[:]...)})
	}
	return out
}
