package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"optflow/config"
	"optflow/model/crash"
	"optflow/model/termsafe"
	"optflow/ui"
	"optflow/ui/paint"
	"optflow/ui/terminal"
)

func (a *app) monitorCommand() *cobra.Command {
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
		RunE: func(cmd *cobra.Command, _ []string) error { return a.monitor(cmd) },
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

// monitor runs the screen until it is left, a signal comes or the feed breaks.
func (a *app) monitor(cmd *cobra.Command) error {
	if !term.IsTerminal(int(a.in.Fd())) || !term.IsTerminal(int(a.out.Fd())) {
		return usageError{errors.New("this is not a terminal, and the monitor needs one; for pipes and scripts there is: optflow tail")}
	}
	if t := os.Getenv("TERM"); t == "dumb" || t == "" && runtime.GOOS != "windows" {
		return usageError{fmt.Errorf("TERM=%s is a terminal that cannot place a cursor, and the monitor needs one that can; line by line there is: optflow tail", t)}
	}
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	themes, err := themesOf(s)
	if err != nil {
		return err
	}
	keys, err := keysOf(s)
	if err != nil {
		return err
	}
	if err := columnsOf(s); err != nil {
		return err
	}
	m, err := newMarket(s, a.openLog(s))
	if err != nil {
		return err
	}
	if _, err := parseFilter(s, m, ""); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	if err := a.process.keepTerminal(ctx, int(a.in.Fd())); err != nil {
		return err
	}
	o := a.screenOptions(s, m, themes)
	o.Keys = keys
	shareView(cmd, &o)
	if a.log != nil {
		o.Log = termsafe.String(s.LogFile, longestLine)
	}
	if a.adjust != nil {
		if more := a.adjust(&o); more != nil {
			m.more = append(m.more, part{"feed", more})
		}
	}
	crash.Go("memory's watch", func() { frugal(ctx) })
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
	screen := crash.Call("screen", func() error { return ui.Run(ctx, o, a.in, a.out) })
	cancel(nil)
	screen = endOfScreen(ctx, screen)
	defer a.process.endsSoon(exitOf(screen))()
	return errors.Join(screen, <-ended)
}

// screenOptions translate the settings for the screen.
func (a *app) screenOptions(s *config.Settings, m *market, themes *paint.Themes) ui.Options {
	return ui.Options{
		Tape: &m.tape.Tape, Clock: m.clock, Feed: m.engine,
		Rules: rulesOf(s), Interval: intervalOf(s), Filter: s.Filter, Tickers: s.Tickers,
		Suspend: a.process.suspend, Continued: a.process.continuations(),
		NoMouse: !s.Mouse, Still: s.ReducedMotion,
		FPS: s.FPS, Colour: terminal.Colour(s.Color), TimeZone: s.TimeZone, MaxRows: s.MaxRows,
		NoKey: m.builtin != nil, Version: versionText(), Warnings: s.Warnings,
		Columns: s.Columns, Theme: s.Theme, Themes: themes, ASCII: asciiOf(s),
		Memory: s.Memory(m.builtin != nil), Tabs: s.Tabs,
	}
}

// exitOf is the exit code of a screen that ended so.
func exitOf(screen error) int {
	switch {
	case screen == nil:
		return exitFine
	case errors.Is(screen, errInterrupted):
		return exitInterrupted
	}
	return exitFailed
}

// endOfScreen sorts out why the screen ended: quitting and signals are no
// errors here, and what broke elsewhere is told by whoever broke.
func endOfScreen(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errTerminalGone) {
		return errTerminalGone
	}
	if errors.Is(err, ui.ErrInterrupted) {
		return errInterrupted
	}
	return err
}
