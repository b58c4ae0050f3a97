package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"optflow/config"
	"optflow/config/textfile"
	"optflow/feed/capture"
	"optflow/feed/sim"
	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/feed/sim/playback"
	"optflow/feed/sim/script"
	"optflow/model"
	"optflow/model/ticker"
)

// simFlags are the switches of `optflow sim`.
type simFlags struct {
	listen, key, faults, plan string
	script, play              string
	noCompression             bool
	seed                      uint64
	rate, speed               float64
	tickers                   []string
}

func simCommand(c *console) *cobra.Command {
	var f simFlags
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Serve the simulated market, speaking Massive's WebSocket and REST",
		Example: `  optflow sim --listen 127.0.0.1:9700 --key k
  MASSIVE_API_KEY=k optflow --ws-url ws://127.0.0.1:9700 --rest-url http://127.0.0.1:9700
  optflow sim --faults late-trades,lost-bars --plan developer --speed 10
  optflow sim --script scenario.txt
  optflow sim --play capture`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.alone(cmd.Flags()); err != nil {
				return err
			}
			return serveSim(cmd.Context(), c, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:9700", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&f.key, "key", "", "the one `key` that is accepted (any, without)")
	flags.Uint64Var(&f.seed, "seed", 0, "the same `number`, start and speed give the same trades (0: a new one each time)")
	flags.Float64Var(&f.rate, "rate", exchange.DefaultRate, "mean `trades` a second over the whole market")
	flags.Float64Var(&f.speed, "speed", 1, "market `seconds` per second")
	flags.StringSliceVar(&f.tickers, "tickers", nil, "underlyings to list (all, without)")
	flags.StringVar(&f.faults, "faults", "none", "what the real feed is feared to do: all, none, or a `list` of "+strings.Join(faultNames(), ", "))
	flags.StringVar(&f.script, "script", "", "play the scenario in this `file` instead of a market (docs/reliability.md)")
	flags.StringVar(&f.play, "play", "", "serve again what --capture kept in this `folder` or file, at --speed (docs/capture.md)")
	flags.BoolVar(&f.noCompression, "no-compression", false, "do not compress the stream when a client offers to")
	flags.StringVar(&f.plan, "plan", "advanced", "what the key's plan carries: "+strings.Join(planNames, ", "))
	return cmd
}

// options translates the switches, or says which is wrong.
func (f simFlags) options() (exchange.Options, error) {
	if !(f.rate > 0) || !(f.speed > 0) {
		return exchange.Options{}, usageError{fmt.Errorf("--rate and --speed must be above 0, got %v and %v", f.rate, f.speed)}
	}
	var err error
	if f.tickers, err = simulated(f.tickers); err != nil {
		return exchange.Options{}, usageError{err}
	}
	o := exchange.Options{Rate: f.rate, Speed: f.speed, Tickers: f.tickers, Start: time.Now()}
	o.Seed = cmp.Or(f.seed, uint64(o.Start.UnixNano()))
	if o.Faults, err = parseFaults(f.faults); err != nil {
		return o, usageError{err}
	}
	if o.Plan, err = parsePlan(f.plan); err != nil {
		return o, usageError{err}
	}
	return o, nil
}

// simulated are the tickers to list, as the market names them.
func simulated(words []string) (names []string, err error) {
	list, err := ticker.List(strings.Join(words, ","))
	if err != nil {
		return nil, fmt.Errorf("--tickers: %w", err)
	}
	all := basis.Underlyings()
	for _, name := range list {
		i := slices.IndexFunc(all, func(u string) bool { return ticker.Same(u, name) })
		if i < 0 {
			return nil, fmt.Errorf("--tickers: %q is not simulated; there are %s", name, strings.Join(all, ", "))
		}
		names = append(names, all[i])
	}
	return names, nil
}

// serveSim serves until the context ends. Programs wait for its ready line and
// read the port from it.
func serveSim(ctx context.Context, c *console, f simFlags) error {
	serve, ended, err := f.server(c)
	if err != nil {
		return err
	}
	defer ended()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.listen)
	if err != nil {
		return usageError{fmt.Errorf("--listen: %w", err)}
	}
	address := listener.Addr().String()
	if _, err := fmt.Fprintf(c.out, "listening on ws://%s http://%s\n", address, address); err != nil {
		return errors.Join(fmt.Errorf("writing the ready line: %w", err), listener.Close())
	}
	if at, ok := listener.Addr().(*net.TCPAddr); ok && !at.IP.IsLoopback() {
		c.say(fmt.Sprintf("this listens beyond this machine, on %s: whoever can reach it is served%s; 127.0.0.1 keeps it here", address, anyKey[f.key == ""]))
	}
	if err := serve(ctx, listener); err != nil {
		return fmt.Errorf("serving the simulated market: %w", err)
	}
	return nil
}

// anyKey completes the warning of a server that accepts any key.
var anyKey = map[bool]string{true: ", with any key", false: " who has the key"}

// server is what serves, the market or what takes its place, and what to do once it
// has.
func (f simFlags) server(c *console) (serve func(context.Context, net.Listener) error, ended func(), err error) {
	switch {
	case f.play != "":
		return played(c, f.play, f.speed)
	case f.script != "":
		serve, err = scripted(f.script)
		return serve, func() {}, err
	}
	o, err := f.options()
	if err != nil {
		return nil, nil, err
	}
	return sim.NewServer(exchange.NewMarket(o), sim.ServerOptions{
		Key: f.key, DelayedHost: o.Plan.DelayedHost, NoCompression: f.noCompression,
	}).Serve, func() {}, nil
}

// alone refuses switches that mean nothing beside --play.
func (f simFlags) alone(flags *pflag.FlagSet) (err error) {
	if f.play == "" {
		return nil
	}
	flags.Visit(func(given *pflag.Flag) {
		if !slices.Contains([]string{"play", "listen", "speed"}, given.Name) && err == nil {
			err = usageError{fmt.Errorf("--%s means nothing beside --play, which serves what was captured", given.Name)}
		}
	})
	return err
}

// played serves a capture again.
func played(c *console, path string, speed float64) (serve func(context.Context, net.Listener) error, ended func(), err error) {
	if !(speed > 0) {
		return nil, nil, usageError{fmt.Errorf("--speed must be above 0, got %v", speed)}
	}
	kept, err := capture.Read(path)
	if err != nil {
		return nil, nil, usageError{fmt.Errorf("--play: %w", err)}
	}
	c.say(fmt.Sprintf("a capture of %s by %s: %d messages on %d connections and %d answers over %s", kept.At.In(model.NewYork).Format("Mon 2 Jan 2006 15:04:05 MST"),
		kept.Program, kept.Frames, len(kept.Conns), len(kept.Answers), kept.Until.Round(time.Second)))
	if kept.Cut {
		c.say("it ends in the middle: the program was killed, or the copy is not whole")
	}
	if kept.Lost > 0 {
		c.say(fmt.Sprintf("%d messages or answers are not in it: they came faster than they could be written", kept.Lost))
	}
	return playback.NewServer(kept, speed, nil).Serve, func() { _ = kept.Close() }, nil
}

// scripted serves the scenario of a file.
func scripted(file string) (func(context.Context, net.Listener) error, error) {
	content, err := textfile.Read(file)
	if err != nil {
		return nil, usageError{fmt.Errorf("--script: %w", err)}
	}
	scenario, err := script.Parse(string(content))
	if err != nil {
		return nil, usageError{fmt.Errorf("--script %s: %w", file, err)}
	}
	return script.NewServer(scenario, nil).Serve, nil
}

// builtin is the simulated market in this process. The feed reaches it over
// loopback like any other server, with a key made up for this run.
type builtin struct {
	listener net.Listener
	key      config.Secret
	ready    chan struct{} // closed once server is set
	server   *sim.Server
}

func newBuiltin() (*builtin, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the simulated market: %w", err)
	}
	return &builtin{listener: listener, key: config.Secret(rand.Text()), ready: make(chan struct{})}, nil
}

func (b *builtin) endpoints() endpoints {
	address := b.listener.Addr().String()
	return endpoints{ws: "ws://" + address + "/options", rest: "http://" + address, key: b.key}
}

// serve makes up a market and serves it until ctx ends. Clients that come while
// it is made up wait at the listener.
func (b *builtin) serve(ctx context.Context) error {
	now := time.Now()
	b.server = sim.NewServer(
		exchange.NewMarket(exchange.Options{Seed: uint64(now.UnixNano()), Start: now}),
		sim.ServerOptions{Key: b.key.Reveal()},
	)
	close(b.ready)
	return b.server.Serve(ctx, b.listener)
}
