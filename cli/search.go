package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"optflow/cli/progress"
	"optflow/config"
	"optflow/feed/history"
	"optflow/feed/history/search"
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/filter"
	"optflow/model/session"
	"optflow/ui/tail"
)

// pastFlags choose among the recorded days, and how what is found in them is printed.
type pastFlags struct {
	days   int
	since  string
	of     string
	format string
	count  int
}

// pastDays is how many sessions are looked at where nothing else is said.
const pastDays = 20

func (f *pastFlags) add(cmd *cobra.Command) {
	config.AddFlags(cmd.Flags(), "config", "history-dir", "history-parquet", "min-premium", "time-zone", "ascii")
	flags := cmd.Flags()
	flags.IntVar(&f.days, "days", pastDays, "the last so many `sessions`, today's among them")
	flags.StringVar(&f.since, "since", "", "those from this `date` on, such as 2026-11-02")
	ofFlag(flags, &f.of)
	flags.StringVar(&f.format, "format", "text", "text, json or csv")
	flags.IntVar(&f.count, "count", 0, "end after this many `lines`")
	completeFormats(cmd)
}

func ofFlag(flags *pflag.FlagSet, feed *string) {
	flags.StringVar(feed, "of", "", "of which `feed`: realtime, delayed, sim or a host (the one recorded last, without)")
}

// check refuses what cannot be.
func (f *pastFlags) check(cmd *cobra.Command) error {
	switch {
	case f.since != "" && cmd.Flags().Changed("days"):
		return usageError{errors.New("--days and --since: one of them")}
	case !slices.Contains([]string{"text", "json", "csv"}, f.format):
		return usageError{fmt.Errorf("--format %q: want text, json or csv", f.format)}
	case f.days < 1:
		return usageError{fmt.Errorf("--days %d: want 1 or more", f.days)}
	case f.count < 0:
		return usageError{errors.New("--count must not be negative")}
	}
	return nil
}

// from is the first date that is looked at.
func (f *pastFlags) from(today model.Date) (model.Date, error) {
	if f.since != "" {
		date, err := model.ParseDate(f.since)
		if err != nil {
			return 0, usageError{fmt.Errorf("--since %q: want a date such as %s", f.since, today)}
		}
		return date, nil
	}
	var calendar session.Calendar
	date := today
	for n := f.days; ; date = calendar.Previous(date) {
		if calendar.TradingDay(date) {
			n--
		}
		if n <= 0 {
			return date, nil
		}
	}
}

// choose are the recorded days that are asked for, oldest first. What of them was
// not recorded is said.
func (f *pastFlags) choose(c *console, s *config.Settings) ([]history.Day, error) {
	if s.HistoryDir == "" {
		return nil, errNoHistory
	}
	store, others, err := f.store(s.HistoryDir)
	if err != nil {
		return nil, err
	}
	if len(others) > 0 && f.of == "" {
		c.say(fmt.Sprintf("of %s; --of has the days of another feed: %s", store.Feed(), strings.Join(others, ", ")))
	}
	today := model.TradingDate(time.Now().UnixMilli())
	from, err := f.from(today)
	if err != nil {
		return nil, err
	}
	days, err := store.Days()
	if err != nil {
		return nil, err
	}
	days = slices.DeleteFunc(days, func(d history.Day) bool { return d.Date < from })
	if missing := notRecorded(days, from, today); missing != "" {
		c.say("not recorded: " + missing)
	}
	return days, nil
}

// store is the feed whose days are meant, and the others that there are.
func (f *pastFlags) store(root string) (store history.Store, others []string, err error) {
	stores, err := history.Stores(root)
	if err != nil {
		return store, nil, err
	}
	var newest model.Date
	found := false
	for _, s := range stores {
		days, err := s.Days()
		if err != nil {
			return store, nil, err
		}
		if len(days) == 0 {
			continue
		}
		last := days[len(days)-1].Date
		others = append(others, s.Feed())
		if better := f.of == "" && (!found || last > newest) || s.Feed() == f.of; better {
			store, newest, found = s, last, true
		}
	}
	others = slices.DeleteFunc(others, func(name string) bool { return name == store.Feed() })
	switch {
	case found:
		return store, others, nil
	case f.of != "" && len(others) > 0:
		return store, nil, usageError{fmt.Errorf("--of %q: recorded are %s", f.of, strings.Join(others, ", "))}
	}
	return store, nil, usageError{fmt.Errorf("no day is recorded in %s", root)}
}

// notRecorded names the sessions of which there is no log, from a date until the
// one before today.
func notRecorded(days []history.Day, from, today model.Date) string {
	var calendar session.Calendar
	var names []string
	for date := from; date < today; date++ {
		if calendar.TradingDay(date) && !slices.ContainsFunc(days, func(d history.Day) bool { return d.Date == date }) {
			names = append(names, dayName(date))
		}
	}
	const most = 8
	if n := len(names); n > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	}
	return strings.Join(names, ", ")
}

// through shows how far many days are gone through.
type through struct {
	bar         *progress.Bar
	done, total int64
	piped       bool // whoever reads the rows may write on the same terminal
}

func (c *console) through(s *config.Settings, what string, days []history.Day) *through {
	t := &through{bar: c.bar(s, what)}
	if info, err := c.out.Stat(); err == nil {
		t.piped = info.Mode()&os.ModeNamedPipe != 0
	}
	for _, d := range days {
		t.total += d.Size
	}
	return t
}

// day is told how far one of them is.
func (t *through) day(done, _ int64) { t.bar.At(t.done+done, t.total) }

// rows is called before rows are printed: no bar stands in their way.
func (t *through) rows() {
	if t.bar.End(); t.piped {
		t.bar = nil
	}
}

// over says that a day is.
func (t *through) over(d history.Day) { t.done += d.Size; t.bar.At(t.done, t.total) }

func searchCommand(c *console) *cobra.Command {
	var f pastFlags
	cmd := &cobra.Command{
		Use:   "search FILTER",
		Short: "Find the bursts of recorded days that a filter takes",
		Long: "search prints the bursts of many recorded days as tail does, the oldest day first: each in its last\n" +
			"version, over the floor, if the filter takes it. Days that were not recorded, holes and gaps in those\n" +
			"that were are said on stderr. The language is that of the monitor's filter line: optflow help filter.",
		Example: `  optflow search 'nvda calls prem>=1m' --days 20
  optflow search 'whale side=ask sure' --since 2026-11-02 --format csv > whales.csv
  optflow search 'spy 0dte time>=15:30' --days 5 --min-premium 0 --format json | jq .premium`,
		Args: oneArgument("search wants one filter, in quotes: optflow search 'nvda calls prem>=1m'"),
		RunE: func(cmd *cobra.Command, args []string) error { return searchDays(c, cmd, args[0], f) },
	}
	f.add(cmd)
	return cmd
}

func searchDays(c *console, cmd *cobra.Command, text string, f pastFlags) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	c.warn(s)
	q := &search.Query{Text: text, Thresholds: rulesOf(s), Env: filter.Env{Saved: names(s, savedTabs(s))}, History: s.HistoryDir, Keep: s.HistoryParquet, Version: versionText()}
	if parsed, err := q.Parse(model.TradingDate(time.Now().UnixMilli())); err != nil {
		return usageError{caret("the filter", text, err)}
	} else {
		for _, w := range parsed.Warnings() {
			c.say(w.Text)
		}
	}
	days, err := f.choose(c, s)
	if err != nil {
		return err
	}
	lines := tail.Lines{Format: tail.Format(f.format), Interval: burst.Interval10s, Rules: rulesOf(s), Zone: zoneOf(s)}
	out, err := lines.To(c.out)
	if err != nil {
		return err
	}
	shown := c.through(s, "searching "+plural(len(days), "day"), days)
	defer func() { shown.bar.End() }()
	found := 0
	for _, day := range days {
		here := found
		gaps, err := q.Day(cmd.Context(), day, shown.day, func(one search.Found) bool {
			if found == here {
				shown.rows()
			}
			if found == here && lines.Format == tail.Text {
				if err = out.Heading(day.Date.UTC().Format("Monday 2 January 2006")); err != nil {
					return false
				}
			}
			if err = out.Print(&one.Row, one.Of); err != nil {
				return false
			}
			found++
			return f.count == 0 || found < f.count
		})
		err = cmp.Or(err, out.Flush())
		shown.over(day)
		if text := gaps.String(); text != "" {
			shown.bar.End()
			c.say(dayName(day.Date) + ": " + text)
		}
		switch {
		case errors.Is(err, context.Canceled):
			shown.bar.End()
			c.say(fmt.Sprintf("cancelled in %s: there may be more than these %s", dayName(day.Date), plural(found, "burst")))
			return err
		case err != nil:
			return fmt.Errorf("searching %s: %w", day.Date, err)
		case f.count > 0 && found >= f.count:
			return nil
		}
	}
	return nil
}

// caret is what is wrong in a filter, with carets under it.
func caret(what, text string, err error) error {
	return fmt.Errorf("%s: %w%s", what, err, carets(text, err))
}

// carets are the lines with a filter and carets under what is wrong in it, nothing
// where they cannot be shown.
func carets(text string, err error) string {
	wrong, is := errors.AsType[*filter.Error](err)
	if !is || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return "\n    " + text + "\n    " + strings.Repeat(" ", wrong.Pos) + strings.Repeat("^", max(wrong.End-wrong.Pos, 1))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
