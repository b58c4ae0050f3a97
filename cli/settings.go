package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/termsafe"
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

func configCommand(c *console) *cobra.Command {
	var start bool
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings in force and where each came from; --init writes a config file",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if start {
				return initConfig(c, cmd)
			}
			s, _, err := screenSettings(cmd)
			if err != nil {
				return err
			}
			c.warn(s)
			return s.WriteTable(c.out)
		},
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().BoolVar(&start, "init", false, "write a config file with every setting explained, unless there is one")
	return cmd
}

// initConfig writes a config file that explains itself.
func initConfig(c *console, cmd *cobra.Command) error {
	path, err := config.Init(config.FromProcess(cmd.Flags()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s written; every setting is in it as a comment\n", termsafe.String(path, 1000))
	return err
}
