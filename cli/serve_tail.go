package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"optflow/config"
	face "optflow/model/market"
	"optflow/ui/serve"
	"optflow/ui/tail"
)

// tailOfViewers are the settings that a viewer may give to tail: none of them names
// a file, a server or what the feed does.
var tailOfViewers = []string{"filter", "interval", "min-premium", "time-zone"}

// viewersTail prints lines for `ssh HOST tail args…`, by the server's settings and
// what is given, and returns the exit code.
func viewersTail(server *config.Settings) func(context.Context, *serve.Visit, face.Market, []string) int {
	return func(ctx context.Context, v *serve.Visit, m face.Market, args []string) int {
		say := func(sentence string) { _, _ = fmt.Fprintf(v.Err, "optflow: %s\n", safeLines(sentence)) }
		o, err := viewersLines(server, m, args, v.Out, v.Err, say)
		if errors.Is(err, pflag.ErrHelp) {
			return exitFine
		}
		if err == nil {
			err = tail.Run(ctx, o)
		}
		code, tell := exitOf(ctx, err)
		if tell {
			say(err.Error())
		}
		return code
	}
}

// viewersLines are the options of a viewer's tail. No file and no environment is
// read for it.
func viewersLines(server *config.Settings, m face.Market, args []string, out, log io.Writer, say func(string)) (o tail.Options, err error) {
	var f tailFlags
	flags := pflag.NewFlagSet("tail", pflag.ContinueOnError)
	flags.SetOutput(log)
	flags.SortFlags = false
	f.add(flags)
	config.AddFlags(flags, tailOfViewers...)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return o, err
		}
		return o, usageError{fmt.Errorf("%w; tail --help lists what there is over ssh", err)}
	}
	if flags.NArg() > 0 {
		return o, usageError{fmt.Errorf("tail takes no arguments, got %q; a filter is quoted twice, once for each shell: ssh HOST \"tail --filter 'spy puts'\"", flags.Arg(0))}
	}
	if err := f.check(flags.Changed("interval")); err != nil {
		return o, err
	}
	given, err := config.Load(config.Options{Flags: flags, Forget: true, Defaults: map[string]string{"interval": tailInterval}})
	if err != nil {
		return o, usageError{err}
	}
	s := *server
	s.Filter, s.Interval, s.Tickers = given.Filter, given.Interval, m.State().Tickers
	if flags.Changed("min-premium") {
		s.MinPremium = given.MinPremium
	}
	if flags.Changed("time-zone") {
		s.TimeZone = given.TimeZone
	}
	o = f.options(&s, m, out, log)
	return o, filterTail(&s, m, "an operator may follow it", &o, say)
}
