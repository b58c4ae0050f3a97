package cli

import (
	"time"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/ticker"
)

// settings reads all sources for a command.
func settings(cmd *cobra.Command) (*config.Settings, error) {
	return load(config.FromProcess(cmd.Flags()))
}

// scriptSettings reads all sources except what the screen remembers, for a
// command with defaults of its own: what a script prints must not depend on what
// was picked on the screen last time.
func scriptSettings(cmd *cobra.Command, defaults map[string]string) (*config.Settings, error) {
	o := config.FromProcess(cmd.Flags())
	o.Defaults, o.Forget = defaults, true
	return load(o)
}

func load(o config.Options) (*config.Settings, error) {
	s, err := config.Load(o)
	if err != nil {
		return s, usageError{err}
	}
	if err := checkLists(s); err != nil {
		return s, usageError{err}
	}
	return s, nil
}

// rulesOf are the floors and marks that the settings ask for.
func rulesOf(s *config.Settings) *model.Rules {
	rules := *model.DefaultRules()
	rules.Floor, rules.Floors, rules.Whales = s.MinPremium, byKey(s.Floors), byKey(s.Whales)
	return &rules
}

// byKey is a table of amounts by ticker, however that is spelled.
func byKey(amounts map[string]float64) map[string]float64 {
	out := make(map[string]float64, len(amounts))
	for name, dollars := range amounts {
		out[ticker.Key(name)] = dollars
	}
	return out
}

// intervalOf translates the setting, which config has checked.
func intervalOf(s *config.Settings) burst.Interval {
	switch s.Interval {
	case 10 * time.Second:
		return burst.Interval10s
	case time.Minute:
		return burst.Interval1m
	case 5 * time.Minute:
		return burst.Interval5m
	case 30 * time.Minute:
		return burst.Interval30m
	}
	return burst.IntervalOff
}

// zoneOf is the place whose clock is shown.
func zoneOf(s *config.Settings) *time.Location {
	switch s.TimeZone {
	case "local":
		return time.Local
	case "utc":
		return time.UTC
	}
	return model.NewYork
}
