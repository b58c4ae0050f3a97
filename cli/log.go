package cli

import (
	"log/slog"

	"optflow/config"
	"optflow/logs"
	"optflow/model/termsafe"
)

// openLog begins the log that the settings ask for, without the key in it. One
// that cannot be written is a warning: the program does without.
func (a *app) openLog(s *config.Settings) *slog.Logger {
	a.redactor = logs.NewRedactor(s.Key.Reveal())
	if s.LogFile == "" {
		return slog.New(slog.DiscardHandler)
	}
	file, err := logs.Open(s.LogFile)
	if err != nil {
		s.Warnings = append(s.Warnings, warning(err))
		return slog.New(slog.DiscardHandler)
	}
	a.log = logs.New(file, a.redactor)
	a.log.Info("begins", "version", versionText())
	return a.log
}

// warning is an error as a sentence for the screen: paths may hold anything.
func warning(err error) string { return termsafe.String(err.Error(), longestLine) }
