// Command optflow-hub lets one optflow be followed from other machines: a NATS
// server with nothing to install (docs/serving.md). A JetStream of your own does as
// well.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/adrg/xdg"

	"optflow/feed/relay/hub"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "optflow-hub:", err)
		os.Exit(1)
	}
}

// run carries out a command line until ctx ends.
func run(ctx context.Context, args []string, out, said io.Writer) error {
	if len(args) == 1 && args[0] == "key" {
		seed, public, err := hub.NewKey()
		if err == nil {
			_, err = fmt.Fprintf(out, "seed    %s\npublic  %s\n", seed, public)
		}
		return err
	}
	flags := flag.NewFlagSet("optflow-hub", flag.ContinueOnError)
	flags.SetOutput(said)
	flags.Usage = func() {
		fmt.Fprintln(said, "optflow-hub lets one optflow be followed from other machines.\n\n  optflow-hub [flags]\n  optflow-hub key    makes a key for a guest\n\nFlags:")
		flags.PrintDefaults()
	}
	o := hub.Options{Log: slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	flags.StringVar(&o.Listen, "listen", ":4222", "`host:port` to listen at; without a host this machine alone")
	flags.StringVar(&o.Store, "store", filepath.Join(xdg.DataHome, "optflow", "hub"), "`folder` of what it keeps, 72 hours")
	flags.StringVar(&o.Keys, "keys", "", "`file` of who may come: public key and viewer, operator or publisher, a line each")
	flags.StringVar(&o.Cert, "tls-cert", "", "`file` of the certificate")
	flags.StringVar(&o.Key, "tls-key", "", "`file` of its key")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q: there is no such command", flags.Arg(0))
	}
	h, err := hub.Start(o)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "hub at", h.URL()); err != nil {
		h.Stop()
		return err
	}
	h.Run(ctx)
	return nil
}
