package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"optflow/cli/hits"
	"optflow/config"
	"optflow/feed/history/backtest"
	"optflow/feed/history/search"
	"optflow/model"
	"optflow/model/alert"
	"optflow/model/rules"
	"optflow/ui/tail"
)

// backtestFlags are the switches of `optflow backtest`.
type backtestFlags struct {
	pastFlags
	filter, rule, after string
}

func backtestCommand(c *console) *cobra.Command {
	var f backtestFlags
	cmd := &cobra.Command{
		Use:   "backtest",
		Short: "Ask a filter or a rule of recorded days, with what was known then",
		Long: "backtest plays recorded days through a filter, or through a rule of your alerts, and prints each hit as it\n" +
			"stood when it matched for the first time, with what was known then. Beside it stands what became of it: its\n" +
			"last version where that differs, and the underlying's price afterwards. Facts, no score: how often something\n" +
			"happened says nothing of how often it will.",
		Example: `  optflow backtest --filter 'nvda calls prem>=1m side=ask' --days 20
  optflow backtest --rule 'nvda asks' --since 2026-11-02 --after 5m,30m,close
  optflow backtest --rule whales --format csv > whales.csv`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return backtestDays(c, cmd, f) },
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.filter, "filter", "", "a `filter`, in the language of the filter line")
	cmd.Flags().StringVar(&f.rule, "rule", "", "the `name` of a rule of your alerts; optflow alerts lists them")
	cmd.Flags().StringVar(&f.after, "after", "5m,30m,close", "when the underlying is looked at again: `times` such as 5m, close")
	_ = cmd.RegisterFlagCompletionFunc("rule", func(cmd *cobra.Command, _ []string, _ string) (names []cobra.Completion, _ cobra.ShellCompDirective) {
		if s, err := settings(cmd); err == nil {
			for i := range s.Alerts.Rules {
				names = append(names, cobra.CompletionWithDesc(s.Alerts.Rules[i].Rule.Name, s.Alerts.Rules[i].Rule.When))
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}) // of a flag that is there
	return cmd
}

// tested is the rule that is asked: one of the settings, or one made of a filter.
func (f *backtestFlags) tested(s *config.Settings) (*rules.Rule, error) {
	now := func() int64 { return time.Now().UnixMilli() }
	env := ruleEnv(s, now)
	switch {
	case f.filter == "" && f.rule == "":
		return nil, usageError{errors.New("backtest wants --filter 'FILTER' or --rule NAME")}
	case f.filter != "" && f.rule != "":
		return nil, usageError{errors.New("--filter and --rule: one of them; a rule has a filter of its own")}
	case f.filter != "":
		q := search.Query{Text: f.filter, Thresholds: env.Rules, Env: env}
		if _, err := q.Parse(model.TradingDate(now())); err != nil {
			return nil, usageError{caret("--filter", f.filter, err)}
		}
		r, err := rules.Ringing(alert.Rule{Name: "filter", When: f.filter, Late: true}, env.Rules, env)
		if wrong, is := errors.AsType[*rules.Error](err); is {
			return nil, usageError{fmt.Errorf("--filter: %s", wrong.Text)}
		}
		return r, err
	}
	list, err := judge(s, now)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range list {
		if strings.EqualFold(list[i].Name, f.rule) {
			return rules.Parse(list[i].Rule, env)
		}
		names = append(names, list[i].Name)
	}
	if len(names) == 0 {
		return nil, usageError{fmt.Errorf("--rule %q: there are no rules; [[alerts]] in the config file has some", f.rule)}
	}
	return nil, usageError{fmt.Errorf("--rule %q: there are %s", f.rule, strings.Join(names, ", "))}
}

// backtestDays asks it of one day after the other.
func backtestDays(c *console, cmd *cobra.Command, f backtestFlags) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	after, err := backtest.ParseAfter(f.after)
	if err != nil {
		return usageError{fmt.Errorf("--after: %w", err)}
	}
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	c.warn(s)
	rule, err := f.tested(s)
	if err != nil {
		return err
	}
	days, err := f.choose(c, s)
	if err != nil {
		return err
	}
	out, err := hits.New(hits.Options{
		Out: c.out, Format: tail.Format(f.format), Rules: rulesOf(s), Zone: zoneOf(s), After: after, Count: f.count,
		Object: rowObject(s),
		Title:  func(e *rules.Event) string { return alertText(&alert.Alert{Row: e.Row, Contract: e.Contract}) },
	})
	if err != nil {
		return err
	}
	test := backtest.New(backtest.Options{Rule: rule, Thresholds: rulesOf(s), After: after})
	shown := c.through(s, "going through "+plural(len(days), "day"), days)
	defer func() { shown.bar.End() }()
	for _, day := range days {
		found, session, err := test.Day(cmd.Context(), day, shown.day)
		shown.over(day)
		shown.rows()
		cancelled := errors.Is(err, context.Canceled)
		if err != nil && !cancelled {
			return fmt.Errorf("going through %s: %w", day.Date, err)
		}
		if bad := out.Session(found, &session); bad != nil {
			return bad
		}
		name := dayName(day.Date)
		if text := (search.Gaps{Lots: session.GapLots, Holes: session.Holes, Older: session.Older}).String(); text != "" {
			c.say(name + ": " + text)
		}
		switch {
		case cancelled:
			c.say("cancelled in " + name + ": what was found so far is printed, there may be more")
			return err
		case out.Enough():
			return nil
		}
	}
	return nil
}
