package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"optflow/config"
	"optflow/feed/doctor"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/model"
	"optflow/model/crash"
	"optflow/ui/paint"
)

// doctorTime bounds the whole examination, whatever the servers do.
const doctorTime = 90 * time.Second

// errUnwell ends a doctor that found something that fails.
var errUnwell = errors.New("something fails, see above")

func doctorCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check key, plan, servers, clock, terminal and paths",
		Long: "doctor says line by line what is well (ok), what will lack (warn) and what does not work (fail), and what\n" +
			"to do about it. It connects to the stream for a moment: where a plan allows one connection, a monitor that\n" +
			"runs on the same key is interrupted and comes back by itself. The key is never printed.\n\n" +
			"Exit codes: 0 nothing fails, 1 something fails, 3 key or plan refused.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return examine(c, cmd) },
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

// examine prints findings as they come.
func examine(c *console, cmd *cobra.Command) error {
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	r := &report{out: c.out, width: reportWidth}
	if width, _, err := term.GetSize(int(c.out.Fd())); err == nil {
		r.width = max(min(reportWidth, width-1), 60)
	}
	r.add(doctor.Finding{Subject: "program", Text: versionText()})
	examineSettings(r, s)
	ctx, cancel := context.WithTimeout(cmd.Context(), doctorTime)
	defer cancel()
	examineTerminal(ctx, c, r, s)
	if err := examineMarket(ctx, r, s); err != nil {
		r.add(doctor.Finding{Grade: doctor.GradeFail, Subject: "servers", Text: err.Error(), Remedy: "try again"})
	}
	if r.failed {
		c.say("to report what fails, send this, and what optflow tail --for 1m --capture FOLDER keeps: docs/capture.md")
	}
	switch {
	case r.err != nil:
		return r.err
	case r.refused:
		return refusedError{errUnwell}
	case r.failed:
		return errUnwell
	}
	return nil
}

// examineMarket asks the servers; without a key and a server the built-in one.
func examineMarket(ctx context.Context, r *report, s *config.Settings) error {
	at, builtin, err := endpointsOf(s)
	if err != nil {
		return err
	}
	if builtin != nil {
		serving, stop := context.WithCancel(ctx)
		var served sync.WaitGroup
		served.Go(crash.Guarded("simulated market", func() { _ = builtin.serve(serving) })) // what it could not do shows in the findings
		defer func() { stop(); served.Wait() }()
	}
	var sim, late, told bool
	var ahead time.Duration
	rest, err := api.NewREST(api.RESTOptions{
		BaseURL: at.rest, Key: at.key,
		OnServer: func(name string) { sim = sim || name == massive.SimulatorServer }, OnLate: func() { late = true },
		OnDate: func(server, wall time.Time) { ahead, told = server.Sub(wall), true },
	})
	if err != nil {
		return fmt.Errorf("examine REST: %w", err)
	}
	defer rest.Close()
	return doctor.Examine(ctx, doctor.Options{
		REST: rest, Server: at.rest, Stream: at.streams(nil), Compress: at.compress, Feed: feedChoices[s.Feed],
		Ticker: s.Tickers[0], Span: model.Span(s.Window.Milliseconds()),
		Sim: func() bool { return sim }, Late: func() bool { return late },
		Skew: func() (time.Duration, bool) { return ahead, told },
	}, r.add)
}

// report prints findings in columns, each once it is there.
type report struct {
	out             io.Writer
	width           int
	failed, refused bool
	err             error
}

// Columns of the report, in cells, and its width where none is known.
const (
	reportGrade   = 6
	reportSubject = 11
	reportWidth   = 100
)

func (r *report) add(f doctor.Finding) {
	if f.Grade == doctor.GradeFail {
		r.failed = true
		r.refused = r.refused || f.Refused
	}
	lines := paint.Wrap(f.Text, r.width-reportGrade-reportSubject)
	if f.Remedy != "" {
		lines = append(lines, paint.Wrap("-> "+f.Remedy, r.width-reportGrade-reportSubject)...)
	}
	for i, line := range lines {
		grade, subject := "", ""
		if i == 0 {
			grade, subject = f.Grade.String(), f.Subject
		}
		if _, err := fmt.Fprintf(r.out, "%-*s%-*s%s\n", reportGrade, grade, reportSubject, subject, line); err != nil && r.err == nil {
			r.err = fmt.Errorf("print the findings: %w", err)
		}
	}
}
