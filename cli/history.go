package cli

import (
	"optflow/config"
	"optflow/ui"
)

// earlier wires the lines typed in earlier runs to the screen. What cannot be
// read is a warning: the screen does without.
func earlier(s *config.Settings, o *ui.Options) {
	kept := config.SavedHistory(s.StatePath)
	h, err := kept.Recall()
	if err != nil {
		o.Warnings = append(o.Warnings, warning(err))
	}
	o.Earlier = ui.Earlier(h)
	o.KeepEarlier = func(e ui.Earlier) error { return kept.Remember(config.History(e)) }
}
