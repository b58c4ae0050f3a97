package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"optflow/cli/process"
	"optflow/config"
	"optflow/feed/history"
	"optflow/feed/history/parquet"
	"optflow/model"
	"optflow/model/daylog"
	"optflow/model/termsafe"
	"optflow/ui/format"
)

// exportFlags say which day goes where.
type exportFlags struct {
	of, to     string
	minutes    bool // no windows and bursts
	background bool // with the lowest priority
}

// licence is what whoever records has to know (polygon.io/legal/market-data-terms-of-service).
const licence = "for your own use; do not pass on; delete when your agreement ends"

func historyCommand(c *console) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List the recorded days; verify, export and delete them",
		Long: "history lists the days that are recorded: rows, gaps that are open, holes in the recording, size.\n" +
			"What is recorded is " + licence + ".",
		Example: `  optflow history
  optflow history export 2026-11-23
  optflow history prune --history-keep '10 sessions'
  rm -r "$(optflow history path)"`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return listDays(c, cmd, format) },
	}
	config.AddFlags(cmd.Flags(), "config", "history-dir", "ascii")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.AddCommand(exportCommand(c), verifyCommand(c), pruneCommand(c), pathCommand(c))
	return cmd
}

// listed is a day as the list has it.
type listed struct {
	Feed string `json:"feed"`
	Date string `json:"date"`
	history.Summary
}

func listDays(c *console, cmd *cobra.Command, format string) error {
	if format != "text" && format != "json" {
		return usageError{fmt.Errorf("--format %q: want text or json", format)}
	}
	s, err := historySettings(c, cmd)
	if err != nil {
		return err
	}
	stores, err := history.Stores(s.HistoryDir)
	if err != nil {
		return err
	}
	var all []listed
	for _, store := range stores {
		days, err := store.Days()
		if err != nil {
			return err
		}
		for _, day := range days {
			bar := c.bar(s, "reading "+dayName(day.Date))
			sum, err := day.Summary(cmd.Context(), bar.At)
			bar.End()
			switch {
			case cmd.Context().Err() != nil:
				return cmd.Context().Err()
			case err != nil:
				c.say(err.Error())
			}
			sum.Size = day.Size
			all = append(all, listed{day.Feed, day.Date.String(), sum})
		}
	}
	if format == "json" {
		encoder := json.NewEncoder(c.out)
		for i := range all {
			if err := encoder.Encode(&all[i]); err != nil {
				return fmt.Errorf("printing the days: %w", err)
			}
		}
		return nil
	}
	return printDays(c, s, all)
}

func printDays(c *console, s *config.Settings, all []listed) error {
	if len(all) == 0 {
		_, err := fmt.Fprintf(c.out, "no day is recorded in %s\n", termsafe.String(s.HistoryDir, longestLine))
		return err
	}
	tw := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(tw, "date\tfeed\trows\tgaps\tholes\tsize\t") // an error comes with Flush
	total := int64(0)
	for _, d := range all {
		feed := termsafe.String(d.Feed, 40)
		if d.Sim {
			feed += " SIM"
		}
		total += d.Size
		_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%d\t%s\t\n", d.Date, feed, format.Count(int64(d.Rows)), format.Count(int64(d.Gaps)), d.Holes, sizeText(d.Size))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("printing the days: %w", err)
	}
	_, err := fmt.Fprintf(c.out, "%s, %s in %s: %s\n", plural(len(all), "day"), sizeText(total), termsafe.String(s.HistoryDir, longestLine), licence)
	return err
}

// sizeText is a number of bytes as people say it.
func sizeText(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}

// errNoHistory ends a command that needs the folder of history.
var errNoHistory = usageError{errors.New("no day can have been recorded: there is no folder for it (history-dir)")}

// historySettings are those of the commands, which need a folder.
func historySettings(c *console, cmd *cobra.Command) (*config.Settings, error) {
	s, err := settings(cmd)
	if err != nil {
		return nil, err
	}
	c.warn(s)
	if s.HistoryDir == "" {
		return nil, errNoHistory
	}
	return s, nil
}

func pruneCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Delete the oldest recorded days until all is within the limits",
		Long: "prune applies history-keep and history-size, as the program does while it records. A day that is being\n" +
			"recorded stays, today as well, and so do the sums by minute of each day, which are small.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := historySettings(c, cmd)
			if err != nil {
				return err
			}
			gone, err := history.Prune(s.HistoryDir, keepOf(s), time.Now().UnixMilli())
			for _, d := range gone {
				c.say(fmt.Sprintf("deleted %s of %s, %s", d.Date, d.Feed, sizeText(d.Size)))
			}
			if err == nil && len(gone) == 0 {
				c.say("all is within the limits")
			}
			return err
		},
	}
	config.AddFlags(cmd.Flags(), "config", "history-dir", "history-keep", "history-size")
	return cmd
}

func pathCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "path",
		Short: "Print the folder of the recorded days",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := historySettings(c, cmd)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.out, s.HistoryDir)
			return err
		},
	}
	config.AddFlags(cmd.Flags(), "config", "history-dir")
	return cmd
}

// keepOf are the limits of the settings.
func keepOf(s *config.Settings) history.Keep {
	return history.Keep{Sessions: s.HistoryKeep, Size: s.HistorySize, Free: history.FreeLeast}
}

func exportCommand(c *console) *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export DATE",
		Short: "Write a recorded day as Parquet",
		Long: "export goes through a recorded day and writes its windows, bursts and sums by minute as Parquet, in the place\n" +
			"where the running program puts them once the session is over, or in the folder of --to. What is there is\n" +
			"replaced, all or nothing. How to ask DuckDB or pandas about them: docs/history.md.",
		Example: `  optflow history export 2026-11-23
  optflow history export 2026-11-23 --of delayed --to /tmp/monday`,
		Args: oneArgument("export wants one date: optflow history export 2026-11-23"),
		RunE: func(cmd *cobra.Command, args []string) error { return exportDay(c, cmd, args[0], f) },
	}
	config.AddFlags(cmd.Flags(), "config", "history-dir", "ascii")
	flags := cmd.Flags()
	ofFlag(flags, &f.of)
	flags.StringVar(&f.to, "to", "", "the `folder` of the files, which is made")
	flags.BoolVar(&f.minutes, "minutes", false, "the sums by minute alone")
	flags.BoolVar(&f.background, "background", false, "with the lowest priority, as the running program does it")
	return cmd
}

// recordedDay is the day that a command names, of the feed that it names or the one
// recorded last.
func recordedDay(c *console, cmd *cobra.Command, text, of string) (s *config.Settings, day history.Day, err error) {
	date, err := model.ParseDate(text)
	if err != nil {
		return nil, day, usageError{fmt.Errorf("%q: want a date such as %s", text, model.TradingDate(time.Now().UnixMilli()))}
	}
	if s, err = historySettings(c, cmd); err != nil {
		return nil, day, err
	}
	past := pastFlags{of: of}
	store, _, err := past.store(s.HistoryDir)
	if err != nil {
		return nil, day, err
	}
	if day, err = store.Day(date); err != nil {
		return nil, day, err
	}
	if len(day.Files) == 0 {
		return nil, day, usageError{fmt.Errorf("%s of %s was not recorded", date, store.Feed())}
	}
	return s, day, nil
}

func exportDay(c *console, cmd *cobra.Command, text string, f exportFlags) error {
	s, day, err := recordedDay(c, cmd, text, f.of)
	if err != nil {
		return err
	}
	if f.background {
		process.Yield()
	}
	return c.export(cmd.Context(), s, day, f)
}

// export writes the files of a day and says what is in them.
func (c *console) export(ctx context.Context, s *config.Settings, day history.Day, f exportFlags) error {
	name := dayName(day.Date)
	bar := c.bar(s, "writing "+name)
	defer bar.End()
	made, err := parquet.Make(ctx, parquet.Request{
		Day: day, History: s.HistoryDir, To: f.to, MinutesOnly: f.minutes, Version: versionText(), Progress: bar.At,
	})
	bar.End()
	switch {
	case errors.Is(err, context.Canceled):
		c.say("cancelled: the files of " + name + " are as they were")
		return err
	case err != nil:
		return fmt.Errorf("exporting %s of %s: %w", day.Date, day.Feed, err)
	}
	for _, h := range made.Holes {
		c.say(fmt.Sprintf("%s: nothing was recorded from %s to %s (%s)", name, clockOf(h.From), clockOf(h.To), h.Why))
	}
	_, err = fmt.Fprintf(c.out, "%s of %s: %s, %s, %s in %s\n", day.Date, day.Feed,
		plural(int(made.Windows), "window"), plural(int(made.Bursts), "burst"), plural(int(made.Minutes), "row")+" of minutes", made.Dir)
	return err
}

func clockOf(ms int64) string { return time.UnixMilli(ms).In(model.NewYork).Format(time.TimeOnly) }

func verifyCommand(c *console) *cobra.Command {
	var of string
	cmd := &cobra.Command{
		Use:   "verify DATE",
		Short: "Whether a recorded day is what was recorded",
		Long: "verify reads a recorded day, whose checksums have to be right, and goes through it anew: what it comes to\n" +
			"has to be what stands in its files of Parquet. It ends with 1 where something is damaged or differs. A\n" +
			"day that an older optflow recorded under other rules may come to other rows: that is said, and no fault.",
		Example: "  optflow history verify 2026-11-23",
		Args:    oneArgument("verify wants one date: optflow history verify 2026-11-23"),
		RunE:    func(cmd *cobra.Command, args []string) error { return verifyDay(c, cmd, args[0], of) },
	}
	config.AddFlags(cmd.Flags(), "config", "history-dir", "ascii")
	ofFlag(cmd.Flags(), &of)
	return cmd
}

func verifyDay(c *console, cmd *cobra.Command, text, of string) error {
	s, day, err := recordedDay(c, cmd, text, of)
	if err != nil {
		return err
	}
	bar := c.bar(s, "verifying "+dayName(day.Date))
	v, err := parquet.Verify(cmd.Context(), parquet.Request{Day: day, History: s.HistoryDir, Version: versionText(), Progress: bar.At})
	bar.End()
	if err != nil {
		return fmt.Errorf("verifying %s of %s: %w", day.Date, day.Feed, err)
	}
	for _, line := range saidOf(&v) {
		if _, err := fmt.Fprintln(c.out, line); err != nil {
			return err
		}
	}
	if !v.Fine() {
		return fmt.Errorf("%s of %s is not what was recorded", day.Date, day.Feed)
	}
	return nil
}

// saidOf is what turned out, in lines.
func saidOf(v *parquet.Verified) (lines []string) {
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	between := func(h daylog.Hole) string { return "from " + clockOf(h.From) + " to " + clockOf(h.To) + " ET" }
	say("%s, %s", plural(v.Blocks, "block"), plural(int(v.Ops), "op"))
	for _, h := range v.Holes {
		say("not recorded %s: %s", between(h), h.Why)
	}
	for _, h := range v.Damaged {
		say("%s %s", h.Why, between(h))
	}
	if v.Older {
		say("older rules: it was recorded under others than this optflow's, and may come to other rows")
	}
	for _, d := range v.Differs {
		say("%s", d)
	}
	switch {
	case v.Stale:
		say("the files of Parquet lack some of the log, or are damaged: optflow history export makes them anew")
	case !v.Stands:
		say("no files of Parquet to compare with")
	case len(v.Differs) == 0:
		say("comes to the same %s as in the files of Parquet", plural(int(v.Rows), "row"))
	case v.Earlier:
		say("the files of Parquet were made before the log ended: optflow history export makes them anew")
	}
	return lines
}

func dayName(date model.Date) string { return date.UTC().Format("Mon 2 Jan") }
