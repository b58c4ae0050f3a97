package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"optflow/cli/process"
	"optflow/config"
	"optflow/feed/history"
	"optflow/feed/history/parquet"
	"optflow/model"
)

// exportFlags say which day goes where.
type exportFlags struct {
	of, to     string
	minutes    bool // no windows and bursts
	background bool // with the lowest priority
}

// historyCommand has what is done with recorded days.
func historyCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "What is recorded, and what is made of it",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(exportCommand(c))
	return cmd
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
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("export wants one date: optflow history export 2026-11-23")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return exportDay(c, cmd, args[0], f) },
	}
	config.AddFlags(cmd.Flags(), "config", "history-dir", "ascii")
	flags := cmd.Flags()
	flags.StringVar(&f.of, "of", "", "of which `feed`: realtime, delayed, sim or a host (the one recorded last, without)")
	flags.StringVar(&f.to, "to", "", "the `folder` of the files, which is made")
	flags.BoolVar(&f.minutes, "minutes", false, "the sums by minute alone")
	flags.BoolVar(&f.background, "background", false, "with the lowest priority, as the running program does it")
	return cmd
}

func exportDay(c *console, cmd *cobra.Command, text string, f exportFlags) error {
	date, err := model.ParseDate(text)
	if err != nil {
		return usageError{fmt.Errorf("%q: want a date such as %s", text, model.TradingDate(time.Now().UnixMilli()))}
	}
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	c.warn(s)
	if s.HistoryDir == "" {
		return usageError{errors.New("no day can have been recorded: there is no folder for it (history-dir)")}
	}
	past := pastFlags{of: f.of}
	store, _, err := past.store(s.HistoryDir)
	if err != nil {
		return err
	}
	day, err := store.Day(date)
	if err != nil {
		return err
	}
	if len(day.Files) == 0 {
		return usageError{fmt.Errorf("%s of %s was not recorded", date, store.Feed())}
	}
	if f.background {
		process.Yield()
	}
	return c.export(cmd.Context(), s, day, f)
}

// export writes the files of a day and says what is in them.
func (c *console) export(ctx context.Context, s *config.Settings, day history.Day, f exportFlags) error {
	name := day.Date.UTC().Format("Mon 2 Jan")
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
