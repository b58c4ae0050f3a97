package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"optflow/cli/alerts"
	"optflow/cli/process"
	"optflow/config"
	"optflow/model"
	"optflow/model/alert"
	"optflow/model/crash"
	"optflow/model/rules"
	"optflow/model/termsafe"
	"optflow/ui/tail"
)

func alertsCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "List the rules of alerts, where each is written, and what became of their alerts",
		Long: "alerts lists the rules of the config file and those made on the screen, with how many alerts fired since\n" +
			"yesterday and what became of them. Rules and recipes are in docs/alerts.md.",
		Example: "  optflow alerts\n  optflow alerts test 'nvda asks' --for 5m\n  optflow tail --alerts --format json",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return listAlerts(p, cmd) },
	}
	config.AddFlags(cmd.Flags(), "config")
	var long time.Duration
	try := &cobra.Command{
		Use:   "test NAME",
		Short: "Say what a rule would have fired for; nothing is delivered",
		Long: "test runs the feed for a while and says which rows of that time a rule would have fired for, which it would\n" +
			"have held back, and what was not known where it could not decide. It delivers nothing and writes nothing.\n" +
			":alert test NAME on the screen sends one alert, marked TEST, to all places of a rule.",
		Args: oneArgument("alerts test wants the name of one rule; optflow alerts lists them"),
		RunE: func(cmd *cobra.Command, args []string) error { return tryAlert(p, cmd, args[0], long) },
	}
	config.AddFlags(try.Flags())
	try.Flags().DurationVar(&long, "for", 30*time.Second, "for how long rows are taken; ctrl+c ends it sooner")
	cmd.AddCommand(try)
	return cmd
}

// listAlerts prints the rules and what became of their alerts.
func listAlerts(p *program, cmd *cobra.Command) error {
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	list, err := judge(s, func() int64 { return time.Now().UnixMilli() })
	if err != nil {
		return err
	}
	p.warn(s)
	if len(list) == 0 {
		_, err := fmt.Fprintln(p.out, "there are no rules: [[alerts]] in the config file has some, and a on the screen makes one (docs/alerts.md)")
		return err
	}
	since := model.TradingDate(time.Now().UnixMilli()).At(0, 0).AddDate(0, 0, -1)
	counts := map[string]alert.Counts{}
	if s.StatePath != "" {
		if counts, err = alerts.Past(filepath.Dir(s.StatePath), since); err != nil {
			p.say(err.Error())
		}
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "RULE\tON\tSTATE\tFIRED\tOK\tHELD\tDROPPED\tFAILED")
	for i := range list {
		r := &list[i]
		state, c := "on", counts[r.Name]
		if r.Off {
			state = "off"
		}
		if c.Waiting > 0 {
			state += fmt.Sprintf(", %d on their way", c.Waiting)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n", show(r.Name), show(cmp.Or(r.On, "burst")), state,
			c.Fired, c.Delivered, c.Held, c.Dropped, c.Failed)
	}
	_ = table.Flush() // which begins other columns; what went wrong is said at the end
	_, _ = fmt.Fprintln(table, "\nRULE\tWHEN\tTO\tWRITTEN")
	for i := range list {
		r := &list[i]
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", show(r.Name), show(r.When), show(cmp.Or(strings.Join(r.To, ","), "inbox")), show(r.From))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the rules: %w", err)
	}
	return nil
}

// show is a text safe to print.
func show(text string) string { return termsafe.String(text, longestLine) }

// tryAlert runs the feed for a while and asks one rule of what came.
func tryAlert(p *program, cmd *cobra.Command, name string, long time.Duration) error {
	s, err := scriptSettings(cmd, nil)
	if err != nil {
		return err
	}
	if long <= 0 {
		return usageError{errors.New("--for must be more than nothing")}
	}
	log := p.openLog(s)
	p.warn(s)
	s.AutoRefresh = true
	m, err := newMarket(s, log, "", nil)
	if err != nil {
		return err
	}
	list, err := judge(s, m.Clock().Now)
	if err != nil {
		return err
	}
	var rule *rules.Rule
	for i := range list {
		if strings.EqualFold(list[i].Name, name) {
			rule, _ = rules.Parse(list[i].Rule, ruleEnv(s, m.Clock().Now)) // which judge did before
		}
	}
	if rule == nil {
		return usageError{fmt.Errorf("there is no rule %q; optflow alerts lists them", name)}
	}
	p.say(fmt.Sprintf("taking rows for %s; nothing is delivered", long))
	o := tail.Options{Market: m, Rules: rulesOf(s), Out: io.Discard, Filter: nothing{}, For: long, Log: p.err}
	if err := runTail(cmd.Context(), p, m, o); err != nil {
		return err
	}
	trial, _ := rules.Try(m.Rows(), rule, rules.MomentOf(m.State(), m.Clock().Now()), rulesOf(s), nil)
	for i := range trial.Events {
		e := &trial.Events[i]
		a := alert.Alert{Rule: e.Rule.Name, At: e.At, Row: e.Row, Contract: e.Contract, Why: e.Why}
		line := alertText(&a)
		if e.Kind == rules.Held {
			line += ", held back: " + e.Reason.String()
		}
		if _, err := fmt.Fprintln(p.out, show(line)); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(p.out, "%s: %s\n", show(rule.Name), trial)
	return err
}

// nothing takes no row.
type nothing struct{}

func (nothing) Match(*model.Burst, *model.Contract, int64) model.Truth { return model.False }

// tailAlerts prints alerts as they come, and delivers them.
func tailAlerts(p *program, cmd *cobra.Command, s *config.Settings, m *market, log *slog.Logger, f tailFlags, o tail.Options) error {
	if len(s.Alerts.Rules) == 0 {
		return usageError{errors.New("--alerts: there are no rules; [[alerts]] in the config file has some (docs/alerts.md)")}
	}
	if s.Filter != "" {
		return usageError{s.Wrong("filter", s.Filter, "has no place beside --alerts: each rule has its own")}
	}
	ctx, enough := context.WithCancelCause(cmd.Context())
	defer enough(nil)
	lines, text, zone := 0, o.Format == tail.Text, o.Zone
	print := func(a *alert.Alert, event, said string, body []byte) {
		if f.count > 0 && lines >= f.count {
			return
		}
		line := append(body[:len(body):len(body)], '\n')
		if text {
			if a.Outcome == alert.Held {
				event = "held back: " + a.Note
			}
			line = fmt.Appendf(nil, "%s  %s  %s\n", time.UnixMilli(a.At).In(zone).Format(time.TimeOnly), said, "("+event+")")
		}
		_, err := p.out.Write(line)
		if lines++; err != nil || f.count > 0 && lines >= f.count {
			enough(err)
		}
	}
	again := func() (*config.Settings, error) {
		return scriptSettings(cmd, map[string]string{"interval": tailInterval})
	}
	_, err := p.newAlerts(s, m, log, again, func(o *alerts.Options) {
		o.Print = print
		if terminal, is := p.err.(*os.File); is && term.IsTerminal(int(terminal.Fd())) {
			o.Signal = func(signal alert.Signal) { _, _ = io.WriteString(terminal, signal.Bell+signal.Notify) }
		}
	})
	if err != nil {
		return err
	}
	o.Out, o.Filter, o.Count, o.Interval, o.Format, o.Summary = io.Discard, nothing{}, 0, 0, tail.JSON, nil
	crash.Go("memory's watch", func() { process.Frugal(ctx) })
	err = runTail(ctx, p, m, o)
	if cause := context.Cause(ctx); err == nil && cmd.Context().Err() == nil && cause != nil && !errors.Is(cause, context.Canceled) && !errors.Is(cause, syscall.EPIPE) {
		err = fmt.Errorf("writing alerts: %w", cause)
	}
	return err
}
