package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"optflow/cli/alerts"
	"optflow/cli/followup"
	"optflow/cli/machine"
	"optflow/cli/process"
	"optflow/config"
	"optflow/config/state"
	"optflow/model/alert"
	"optflow/model/crash"
	"optflow/model/ledger"
	"optflow/model/termsafe"
	"optflow/ui"
	"optflow/ui/terminal"
)

func monitorCommand(p *program) *cobra.Command {
	var folder *string
	cmd := &cobra.Command{
		Use:   "optflow",
		Short: "Options flow in a terminal",
		Long: "optflow shows which U.S. option contracts trade now, how much premium and on which side.\n" +
			"With MASSIVE_API_KEY the data is Massive's; without a key it is a simulated market, marked SIM.",
		Example: `  optflow
  optflow --tickers SPY,TSLA --filter 'calls prem>=250k side=ask'
  optflow tail --format json --for 1m
  optflow keys`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return monitor(p, cmd, *folder, nil) },
	}
	config.AddFlags(cmd.Flags())
	folder = captureFlag(cmd)
	return cmd
}

// beside adds parts that run beside the screen of a market.
type beside func(s *config.Settings, m *market, desk *alerts.Desk, screen ui.Options) error

// monitor runs the screen until it is left, a signal comes or the feed breaks.
// More, if not nil, adds what runs beside it.
func monitor(p *program, cmd *cobra.Command, folder string, more beside) error {
	if err := p.canShow(os.Getenv("TERM"), "optflow tail"); err != nil {
		return err
	}
	s, l, err := screenSettings(cmd)
	if err != nil {
		return err
	}
	log := p.openLog(s)
	m, err := newMarket(s, log, folder, func(why string) { log.Warn(why) })
	if err != nil {
		return err
	}
	defer m.tellCapture(p.console)
	past := p.archives(s, m, log)
	remembered := state.New(s.StatePath, s.Remembered, m.builtin != nil)
	if _, err := parseFilter(s, m, "", savedTabs(s)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	if err := p.process.KeepTerminal(ctx, int(p.in.Fd())); err != nil {
		return err
	}
	o := screenOptions(s, m, l, remembered)
	o.Past = past
	signals := make(chan alert.Signal)
	o.Signals = signals
	desk, err := p.newAlerts(s, m, log, func() (*config.Settings, error) { return settings(cmd) }, func(o *alerts.Options) {
		o.Signal = func(signal alert.Signal) {
			select {
			case signals <- signal:
			case <-ctx.Done(): // nobody looks any more
			}
		}
	})
	if err != nil {
		return err
	}
	o.Alerts = desk
	o.Suspend, o.Continued = p.process.Suspend, p.process.Continuations()
	o.TailArgs = tailArgs(cmd.Flags())
	if more != nil {
		if err := more(s, m, desk, o); err != nil {
			return err
		}
		o.Warnings = s.Warnings
	}
	if p.adjust != nil {
		if more := p.adjust(&o); more != nil {
			m.parts = append(m.parts, part{Where: "feed", Run: more})
		}
	}
	return p.show(ctx, cancel, m, o)
}

// show runs the screen and its market until one of them ends.
func (p *program) show(ctx context.Context, cancel context.CancelCauseFunc, m *market, o ui.Options) error {
	crash.Go("memory's watch", func() { process.Frugal(ctx) })
	ended, shown := make(chan error, 1), make(chan struct{})
	o.Shown = func() { close(shown) }
	crash.Go("feed", func() {
		select {
		case <-shown: // the first frame need not share the processor with the feed's start
		case <-ctx.Done():
		}
		err := m.run(ctx)
		cancel(err) // the screen has nothing to show without a feed
		ended <- err
	})
	screen := crash.Call("screen", func() error { return ui.Run(ctx, o, p.in, p.out) })
	cancel(nil)
	screen = endOfScreen(ctx, screen)
	code, _ := exitOf(ctx, screen)
	defer p.process.EndsSoon(code)()
	return errors.Join(screen, <-ended)
}

// readLedger reads what came of alerts; nil where there is no folder for it.
func readLedger(s *config.Settings) ui.ReadLedger {
	if s.StatePath == "" {
		return nil
	}
	return func() (*ledger.Ledger, ledger.Skipped, error) { return followup.Read(ledgerDir(s)) }
}

// canShow says why no screen can be drawn here, if so.
func (c *console) canShow(termName, instead string) error {
	if !term.IsTerminal(int(c.in.Fd())) || !term.IsTerminal(int(c.out.Fd())) {
		return usageError{errors.New("this is not a terminal, and the monitor needs one; for pipes and scripts there is: " + instead)}
	}
	if termName == "dumb" || termName == "" && runtime.GOOS != "windows" {
		return usageError{fmt.Errorf("TERM=%s is a terminal that cannot place a cursor, and the monitor needs one that can; line by line there is: %s", termName, instead)}
	}
	return nil
}

// screenOptions translate the settings for the screen, and lend it this machine.
func screenOptions(s *config.Settings, m *market, l look, remembered ui.Memory) ui.Options {
	return ui.Options{
		Market: m,
		Rules:  rulesOf(s), Interval: intervalOf(s), Filter: s.Filter, Tickers: s.Tickers,
		NoMouse: !s.Mouse, Still: s.ReducedMotion, Calm: s.Calm,
		FPS: s.FPS, Colour: terminal.Colour(s.Color), TimeZone: s.TimeZone, MaxRows: s.MaxRows,
		NoKey: m.builtin != nil, Version: versionText(), Warnings: s.Warnings,
		Columns: s.Columns, Theme: s.Theme, Themes: l.themes, Keys: l.keys, ASCII: l.ascii,
		Tabs: s.Tabs, Lists: s.Lists, Memory: remembered, Ledger: readLedger(s), Log: termsafe.String(s.LogFile, longestLine),
		Exports: machine.Exports{}, Clipboard: machine.Clipboard(os.Environ()),
	}
}

// notOfTail are flags that the screen writes itself into a command line of its
// view, or that only the screen has.
var notOfTail = append([]string{"tickers", "interval", "min-premium", "window", "filter", "log-file", "capture", "of", "from", "to", "speed", "paused"}, screenOnly...)

// tailArgs are the flags given that optflow tail needs as well.
func tailArgs(flags *pflag.FlagSet) (args []string) {
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(notOfTail, f.Name) {
			args = append(args, "--"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// endOfScreen says why the screen ended. Quitting and signals are no errors, and
// what broke elsewhere is reported there.
func endOfScreen(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, process.ErrTerminalGone) {
		return process.ErrTerminalGone
	}
	if errors.Is(err, ui.ErrInterrupted) {
		return errInterrupted
	}
	return err
}
