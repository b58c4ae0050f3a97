package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"optflow/cli/replaying"
	"optflow/config"
	"optflow/config/state"
	"optflow/model/book"
	"optflow/model/memory"
	"optflow/model/termsafe"
	"optflow/ui"
)

// replayFlags say what is played of which recorded day.
type replayFlags struct {
	date, of, from, to, speed string
	paused                    bool
}

// add adds the switches that the screen and tail share.
func (f *replayFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.of, "of", "", "the recorded day of this `feed`: realtime, delayed, sim or a host (the one recorded last, without)")
	flags.StringVar(&f.from, "from", "", "begin at this `time` of a recorded day, such as 10:30 or 10:30:15")
	flags.StringVar(&f.to, "to", "", "end at this `time` of it")
	flags.StringVar(&f.speed, "speed", "1x", "how fast it is played: 1/4x to 600x, or max")
}

// replaySettings are those that a recorded day can be played with.
var replaySettings = []string{
	"config", "history-dir", "tickers", "interval", "min-premium", "filter", "fps", "color", "theme", "ascii", "columns", "mouse", "reduced-motion", "calm", "max-rows",
	"time-zone", "log-file",
}

func replayCommand(p *program) *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay [DATE]",
		Short: "Play a recorded day on the same screen",
		Long: "replay plays a day that optflow has recorded, the last one without DATE: the same screen at any speed, with\n" +
			"pause and ways on and back. Nothing is asked of any feed, no alert is delivered, and nothing is written down.",
		Example: `  optflow replay
  optflow replay 2026-11-23 --from 10:30 --speed 10x
  optflow replay 2026-11-23 --from 14:05 --paused --filter 'nvda calls'
  optflow tail --replay 2026-11-23 --speed max --format csv > monday.csv`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{errors.New("replay wants one date at most, such as 2026-11-23; optflow history lists the days there are")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.date = strings.Join(args, "")
			return replay(p, cmd, f)
		},
	}
	config.AddFlags(cmd.Flags(), replaySettings...)
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&f.paused, "paused", false, "begin standing still")
	return cmd
}

// check refuses what does not go together in tail.
func (f *replayFlags) check(t tailFlags) error {
	switch {
	case f.date == "" && (f.of != "" || f.from != "" || f.to != "" || f.speed != "1x" && f.speed != ""):
		return usageError{errors.New("--of, --from, --to and --speed are of a recorded day: --replay DATE plays one")}
	case f.date == "":
		return nil
	case t.alerts:
		return usageError{errors.New("--replay: no alert is delivered for what is over; optflow backtest asks a rule of recorded days")}
	case t.capture != nil && *t.capture != "":
		return usageError{errors.New("--capture: a recorded day has no wire")}
	}
	return nil
}

// open opens the day that is asked for, with the tickers that were recorded where
// nobody named others.
func (f *replayFlags) open(cmd *cobra.Command, s *config.Settings, leaves bool) (*replaying.Opened, *market, error) {
	a := replaying.Asked{
		Root: s.HistoryDir, Date: f.date, Of: f.of, From: f.from, To: f.to, Speed: f.speed, Paused: f.paused, Zone: zoneOf(s), Leaves: leaves,
	}
	if a.Date == "last" {
		a.Date = ""
	}
	if s.Source("tickers").Kind == config.FromFlag {
		a.Tickers = s.Tickers
	}
	played, err := replaying.Open(cmd.Context(), a)
	var wrong replaying.WrongError
	if errors.As(err, &wrong) {
		return nil, nil, usageError{err}
	}
	if err != nil {
		return nil, nil, err
	}
	s.Tickers = nil // those that were recorded
	return played, &market{Market: played.Market(), parts: []part{{Where: "recording", Run: played.Run}}, accounts: played.Accounts}, nil
}

// saysDay is which day is played, and what there is to know of it.
func saysDay(d *replaying.Opened, s *config.Settings) string {
	text := fmt.Sprintf("%s of %s, recorded %s", d.Day.Date.UTC().Format("Mon 2 Jan 2006"), d.Day.Feed, replaying.Reaches(d.Reach, zoneOf(s)))
	if len(d.Others) > 0 {
		text += "; --of has the same day of " + strings.Join(d.Others, ", ")
	}
	if rules := d.Reach.Header.Rules; rules != book.Rules {
		text += fmt.Sprintf("; it was recorded by other rules (%d, here %d), so sides and sums may differ from what was shown then", rules, book.Rules)
	}
	return termsafe.String(text, longestLine)
}

// replay runs the screen on a recorded day.
func replay(p *program, cmd *cobra.Command, f replayFlags) error {
	if err := p.canShow(os.Getenv("TERM"), "optflow tail --replay"); err != nil {
		return err
	}
	s, l, err := screenSettings(cmd)
	if err != nil {
		return err
	}
	p.openLog(s)
	played, m, err := f.open(cmd, s, false)
	if err != nil {
		return err
	}
	if _, err := parseFilter(s, m, "", savedTabs(s)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	if err := p.process.KeepTerminal(ctx, int(p.in.Fd())); err != nil {
		return err
	}
	o := screenOptions(s, m, l, looking{state.New(s.StatePath, s.Remembered, true)})
	o.Player, o.Said = played.Player, saysDay(played, s)
	o.Suspend, o.Continued = p.process.Suspend, p.process.Continuations()
	o.TailArgs = append([]string{"--replay=" + played.Day.Date.String(), "--of=" + played.Day.Feed, "--speed=max"}, tailArgs(cmd.Flags())...)
	return p.show(ctx, cancel, m, o)
}

// looking is the memory of who looks at a recorded day: all that was remembered is
// there, and how the screen looks is kept, but nothing about the market.
type looking struct{ ui.Memory }

// Keep has how the screen looks remembered.
func (l looking) Keep(item memory.Item) error {
	switch item.(type) {
	case memory.Volumes, memory.Pins:
		return nil
	}
	return l.Memory.Keep(item)
}
