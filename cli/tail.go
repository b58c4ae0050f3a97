package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"optflow/cli/process"
	"optflow/config"
	"optflow/model/burst"
	"optflow/model/crash"
	"optflow/model/filter"
	face "optflow/model/market"
	"optflow/model/memory"
	"optflow/ui/tail"
)

// tailInterval is the default here: a line for each window; the screen joins them.
const tailInterval = "off"

// tailFlags are the switches that only `optflow tail` has.
type tailFlags struct {
	format  string
	limit   time.Duration
	count   int
	summary bool
	alerts  bool
	view    string
	every   time.Duration
	capture *string
	replay  replayFlags
}

func tailCommand(p *program) *cobra.Command {
	var f tailFlags
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Print the flow as lines: text, JSON or CSV",
		Long: "tail runs the same engine as the monitor and prints one row a line on stdout.\n" +
			"What it has to say about itself goes to stderr. A corrected row is printed again.",
		Example: `  optflow tail --format json | jq 'select(.premium > 1e6)'
  optflow tail --filter 'spy 0dte puts' --interval 10s
  optflow tail --format csv --for 10m > flow.csv
  optflow tail --format json --min-premium 0 --for 20s --summary
  optflow tail --view contracts --filter 'nvda dte<=7' --count 20
  optflow tail --view tickers --every 1m --format csv
  optflow tail --replay 2026-11-23 --speed max --summary`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return printTail(p, cmd, f) },
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().Lookup("interval").DefValue = tailInterval // what --help says
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&f.alerts, "alerts", false, "print alerts instead of rows, and deliver them: text or json")
	f.capture = captureFlag(cmd)
	cmd.Flags().StringVar(&f.replay.date, "replay", "", "print a recorded day: its `date`, or last")
	f.replay.add(cmd.Flags())
	completeViews(cmd)
	for _, name := range screenOnly {
		_ = cmd.Flags().MarkHidden(name) // taken so that a command line can be shared
	}
	return cmd
}

var screenOnly = []string{"fps", "color", "max-rows", "auto-refresh", "theme", "ascii", "columns", "mouse", "reduced-motion", "calm"}

// add adds the switches that say what is printed.
func (f *tailFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.format, "format", "text", "text, json or csv")
	flags.StringVar(&f.view, "view", "tape", "tape, or of the day contracts, tickers or heat: one picture, once it is read whole")
	flags.DurationVar(&f.every, "every", 0, "with --view: a picture each `time`, such as 1m")
	flags.DurationVar(&f.limit, "for", 0, "end after this `time`, such as 30s")
	flags.IntVar(&f.count, "count", 0, "end after this many `lines`; with --view so many of each picture")
	flags.BoolVar(&f.summary, "summary", false, "end with one JSON object about the run on stderr")
}

// check refuses flags that do not go together; joined says that --interval was
// given.
func (f tailFlags) check(joined bool) error {
	switch tail.Format(f.format) {
	case tail.Text, tail.JSON, tail.CSV:
	default:
		return usageError{fmt.Errorf("--format %q: want text, json or csv", f.format)}
	}
	if f.alerts && tail.Format(f.format) == tail.CSV {
		return usageError{errors.New("--alerts prints text or json")}
	}
	if f.limit < 0 || f.count < 0 {
		return usageError{errors.New("--for and --count must not be negative")}
	}
	if joined && tail.View(f.view) != tail.Tape {
		return usageError{errors.New("--interval joins bursts, and a view of the day has none; --every repeats it")}
	}
	if err := f.replay.check(f); err != nil {
		return err
	}
	return f.checkView()
}

func printTail(p *program, cmd *cobra.Command, f tailFlags) error {
	if err := f.check(cmd.Flags().Changed("interval")); err != nil {
		return err
	}
	s, err := scriptSettings(cmd, map[string]string{"interval": tailInterval})
	if err != nil {
		return err
	}
	log := p.openLog(s)
	p.warn(s)
	s.AutoRefresh = true // there is no key to press for "now"
	m, err := f.market(p, cmd, s, log)
	if err != nil {
		return err
	}
	defer m.tellCapture(p.console)
	o := f.options(s, m, p.out, p.err)
	o.Accounts, o.Ends = m.accounts, f.replay.date != ""
	if f.alerts {
		return tailAlerts(p, cmd, s, m, log, f, o)
	}
	if err := filterTail(s, m, "--tickers follows it", &o, p.say); err != nil {
		return err
	}
	crash.Go("memory's watch", func() { process.Frugal(cmd.Context()) })
	return runTail(cmd.Context(), p, m, o)
}

// options say what is printed of a market, and where.
func (f tailFlags) options(s *config.Settings, m face.Market, out, log io.Writer) tail.Options {
	o := tail.Options{
		Market: m, Rules: rulesOf(s), Out: out, Format: tail.Format(f.format), Zone: zoneOf(s),
		Interval: intervalOf(s), View: tail.View(f.view), Every: f.every, For: f.limit, Count: f.count, Log: log,
	}
	if f.summary {
		o.Summary = log
	}
	return o
}

// market is what is printed: a recorded day, or a feed.
func (f tailFlags) market(p *program, cmd *cobra.Command, s *config.Settings, log *slog.Logger) (*market, error) {
	if f.replay.date == "" {
		return newMarket(s, log, *f.capture, p.say)
	}
	played, m, err := f.replay.open(cmd, s, true)
	if err == nil {
		p.say(saysDay(played, s))
	}
	return m, err
}

// filterTail reads the filter of the settings into the options. Adds tells how to
// follow another ticker.
func filterTail(s *config.Settings, m face.Market, adds string, o *tail.Options, say func(string)) error {
	parsed, err := parseFilter(s, m, adds, func() memory.Tabs { return nil })
	if parsed == nil || err != nil {
		return err
	}
	if err := errors.Join(neverMatches(s, parsed), saysNothing(s, parsed, o.View)); err != nil {
		return err
	}
	o.Filter = parsed
	for _, w := range parsed.Warnings() {
		say(w.Text)
	}
	if asks := parsed.Asks(); o.View == tail.Tape && o.Interval == burst.IntervalOff && asks&(filter.LackRank|filter.LackTwin) != 0 {
		say("only bursts have a rank and twins: add --interval 10s to filter by top or twin")
	}
	return nil
}

// runTail runs feed and output together. The feed outlives the output's
// context by a moment, so that its accounts are settled and printed.
func runTail(ctx context.Context, p *program, m *market, o tail.Options) error {
	feeding, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	reading, failed := context.WithCancel(ctx)
	defer failed()
	ended := make(chan error, 1)
	crash.Go("feed", func() {
		err := m.run(feeding)
		failed() // nothing more will come
		ended <- err
	})
	var broke error
	o.Stop = func() {
		stop()
		defer p.process.EndsSoon(exitFine)()
		broke = <-ended
	}
	err := crash.Call("output", func() error { return tail.Run(reading, o) })
	return errors.Join(err, broke)
}

// neverMatches refuses a filter that no row can match: nothing could change it
// during the run, which would wait for ever.
func neverMatches(s *config.Settings, f *filter.Filter) error {
	if !f.Never() {
		return nil
	}
	var why []string
	for _, w := range f.Warnings() {
		why = append(why, w.Text)
	}
	why = append(why, "followed are "+strings.Join(s.Tickers, ","))
	return usageError{s.Wrong("filter", s.Filter, "can never match: "+strings.Join(why, "; "))}
}

// views are what `optflow tail --view` prints, each with what of the filter
// language says nothing there.
var views = []struct {
	name      tail.View
	what      string
	senseless func(name string) string
}{
	{tail.Tape, "the tape, row by row", nil},
	{tail.Contracts, "a row for each contract's day, the most premium first", filter.OfContract},
	{tail.Tickers, "a row for each underlying's day, the most premium first", filter.OfTicker},
	{tail.Heat, "a row for each strike of each expiry in which something traded", filter.OfContract},
}

// checkView refuses a view that is not there, and what only views have.
func (f tailFlags) checkView() error {
	known := false
	for _, v := range views {
		known = known || string(v.name) == f.view
	}
	switch {
	case !known:
		return usageError{fmt.Errorf("--view %q: want tape, contracts, tickers or heat", f.view)}
	case f.alerts && tail.View(f.view) != tail.Tape:
		return usageError{errors.New("--alerts prints alerts, --view the day: one of them")}
	case f.every < 0:
		return usageError{errors.New("--every must not be negative")}
	case f.every > 0 && tail.View(f.view) == tail.Tape:
		return usageError{errors.New("--every repeats a view of the day: it needs --view contracts, tickers or heat")}
	}
	return nil
}

// saysNothing refuses a filter that speaks of bursts where a row is a day, as the
// screen does.
func saysNothing(s *config.Settings, f *filter.Filter, of tail.View) error {
	for _, v := range views {
		if v.name != of || v.senseless == nil {
			continue
		}
		if err := f.Sense(s.Filter, v.senseless); err != nil {
			return usageError{s.Wrong("filter", s.Filter, err.Error())}
		}
	}
	return nil
}

// completeViews completes the words that the flags of tail take.
func completeViews(cmd *cobra.Command) {
	var names []string
	for _, v := range views {
		names = append(names, string(v.name)+"\t"+v.what)
	}
	_ = cmd.RegisterFlagCompletionFunc("view", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	completeFormats(cmd)
}

func completeFormats(cmd *cobra.Command) {
	formats := []string{string(tail.Text), string(tail.JSON), string(tail.CSV)}
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // of a flag that is there
}
