package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
	"optflow/ui/terminal"
)

// look is what the settings say about the looks of the screen, and its keys.
type look struct {
	themes *paint.Themes
	keys   *keys.Map
	ascii  bool
}

// screenSettings are those of a command, with the looks that they ask for.
func screenSettings(cmd *cobra.Command) (s *config.Settings, l look, err error) {
	if s, err = settings(cmd); err == nil {
		l, err = lookOf(s)
	}
	return s, l, err
}

// lookOf checks what the settings say about the screen. Doubts become warnings
// of the settings.
func lookOf(s *config.Settings) (l look, err error) {
	if l.themes, err = themesOf(s); err != nil {
		return l, err
	}
	if l.keys, err = keysOf(s); err != nil {
		return l, err
	}
	l.ascii = asciiOf(s)
	return l, checkColumns(s)
}

// themesOf are the themes to choose from. It checks the one to start with; a
// remembered theme that is gone falls back to auto.
func themesOf(s *config.Settings) (*paint.Themes, error) {
	themes, err := paint.NewThemes(s.Themes)
	if bad, ok := errors.AsType[*paint.ThemeError](err); ok {
		return nil, usageError{s.Wrong("themes."+bad.Key, bad.Value, bad.Problem)}
	}
	if err != nil {
		return nil, err
	}
	if !themes.Has(s.Theme) {
		if s.Source("theme").Kind == config.FromState {
			s.Warnings = append(s.Warnings, "the theme of the last run is not there any more")
			s.Theme = "auto"
			return themes, nil
		}
		return nil, usageError{s.Wrong("theme", s.Theme, "is not there")}
	}
	return themes, nil
}

// keysOf are the keys as the user wants them, with a warning for those that
// older terminals do not send.
func keysOf(s *config.Settings) (*keys.Map, error) {
	table, err := keys.New(s.Keys)
	if bad, ok := errors.AsType[*keys.Error](err); ok {
		return nil, usageError{s.Wrong("keys."+bad.Action, bad.Value, bad.Problem)}
	}
	if err != nil {
		return nil, err
	}
	for _, w := range table.Warnings() {
		s.Warnings = append(s.Warnings, fmt.Sprintf("keys.%s in %s: %s", w.Action, s.Source("keys."+w.Action), w.Text))
	}
	return table, nil
}

func checkColumns(s *config.Settings) error {
	if err := table.Check(s.Columns); err != nil {
		return usageError{s.Wrong("columns", strings.Join(s.Columns, ","), "names no "+err.Error())}
	}
	return nil
}

func asciiOf(s *config.Settings) bool {
	if s.ASCII == "auto" {
		return terminal.ASCII(os.Environ())
	}
	return s.ASCII == "true"
}
