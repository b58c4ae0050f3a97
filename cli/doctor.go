package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"optflow/cli/machine"
	"optflow/config"
	"optflow/feed"
	"optflow/feed/doctor"
	"optflow/feed/massive"
	"optflow/logs"
	"optflow/model"
	"optflow/model/crash"
	"optflow/model/termsafe"
	"optflow/ui"
	"optflow/ui/terminal"
)

// doctorTime is how long all of it may take, whatever the servers do.
const doctorTime = 90 * time.Second

// errUnwell ends a doctor that found something that fails.
var errUnwell = errors.New("something fails, see above")

func (a *app) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check key, plan, servers, clock, terminal and paths",
		Long: "doctor says line by line what is well (ok), what will lack (warn) and what does not work (fail), and what\n" +
			"to do about it. It connects to the stream for a moment: where a plan allows one connection, a monitor that\n" +
			"runs on the same key is interrupted and comes back by itself. The key is never printed.\n\n" +
			"Exit codes: 0 nothing fails, 1 something fails, 3 key or plan refused.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd) },
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

// doctor prints findings as they come.
func (a *app) doctor(cmd *cobra.Command) error {
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	r := &report{out: a.out, width: reportWidth}
	if width, _, err := term.GetSize(int(a.out.Fd())); err == nil {
		r.width = max(min(reportWidth, width-1), 60)
	}
	r.add(doctor.Finding{Subject: "program", Text: versionText()})
	a.examineSettings(r, s)
	ctx, cancel := context.WithTimeout(cmd.Context(), doctorTime)
	defer cancel()
	a.examineTerminal(ctx, r, s)
	if err := examineMarket(ctx, r, s); err != nil {
		r.add(doctor.Finding{Grade: doctor.GradeFail, Subject: "servers", Text: err.Error(), Remedy: "try again"})
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

// refusedError ends with the exit code of a refused key or plan.
type refusedError struct{ error }

// report prints findings in columns, each once it is there.
type report struct {
	out             io.Writer
	width           int
	failed, refused bool
	err             error
}

// Columns of the report, in cells; it is as wide as this where nobody says.
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
	lines := folded(f.Text, r.width-reportGrade-reportSubject)
	if f.Remedy != "" {
		lines = append(lines, folded("-> "+f.Remedy, r.width-reportGrade-reportSubject)...)
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

// folded breaks a sentence into lines of at most width letters, between words.
func folded(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// examineSettings looks at the key, the config file and the remembered state.
func (a *app) examineSettings(r *report, s *config.Settings) {
	switch {
	case s.Key != "":
		r.add(doctor.Finding{Subject: "key", Text: fmt.Sprintf("found in %s, %d characters", s.Source("api-key"), len(s.Key))})
	case s.Withheld != "":
		r.add(doctor.Finding{Grade: doctor.GradeWarn, Subject: "key", Text: s.Withheld, Remedy: "optflow config shows where each setting comes from"})
	case usesBuiltin(s):
		r.add(doctor.Finding{Subject: "key", Text: "none: the built-in simulated market is examined", Remedy: "for real prices put MASSIVE_API_KEY in the environment or .env"})
	default:
		r.add(doctor.Finding{Grade: doctor.GradeWarn, Subject: "key", Text: "none, but a server is named", Remedy: "put MASSIVE_API_KEY in the environment or .env if that server wants one"})
	}
	if _, err := keysOf(s); err != nil {
		r.add(doctor.Finding{Grade: doctor.GradeFail, Subject: "settings", Text: err.Error(), Remedy: "correct it there"})
	}
	for _, w := range s.Warnings {
		if w == s.Withheld {
			continue // said above
		}
		r.add(doctor.Finding{Grade: doctor.GradeWarn, Subject: "settings", Text: w, Remedy: "optflow config shows what is in force and where it came from"})
	}
	if _, err := themesOf(s); err != nil {
		r.add(doctor.Finding{Grade: doctor.GradeFail, Subject: "settings", Text: err.Error(), Remedy: "correct it there"})
	}
	r.add(configFinding(s.ConfigPath))
	r.add(stateFinding(s.StatePath))
	r.add(logFinding(s.LogFile))
}

func configFinding(path string) doctor.Finding {
	f := doctor.Finding{Subject: "config", Text: termsafe.String(path, 500)}
	_, err := os.Stat(path)
	switch {
	case path == "":
		return doctor.Finding{Grade: doctor.GradeWarn, Subject: "config", Text: "there is no home directory for a config file", Remedy: "--config FILE names one"}
	case err != nil:
		f.Text, f.Remedy = "none at "+f.Text+": the defaults hold", "optflow config --init writes one"
	}
	return f
}

// stateFinding tries to write where choices are remembered. A directory that is
// not there yet is made when something is remembered, not now.
func stateFinding(path string) doctor.Finding {
	if path == "" {
		return doctor.Finding{Grade: doctor.GradeWarn, Subject: "state", Text: "there is no home directory: choices are not remembered", Remedy: "set HOME or XDG_STATE_HOME"}
	}
	dir := filepath.Dir(path)
	shown := termsafe.String(path, 500)
	for {
		info, err := os.Stat(dir)
		if err == nil && info.IsDir() {
			break
		}
		if up := filepath.Dir(dir); err == nil || up == dir {
			return doctor.Finding{Grade: doctor.GradeWarn, Subject: "state", Text: shown + ": no directory can be made there", Remedy: "choices are not remembered; set XDG_STATE_HOME"}
		}
		dir = filepath.Dir(dir)
	}
	probe, err := os.CreateTemp(dir, ".optflow-doctor-*")
	if err != nil {
		return doctor.Finding{Grade: doctor.GradeWarn, Subject: "state", Text: shown + ": nothing can be written there", Remedy: "choices are not remembered; set XDG_STATE_HOME"}
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return doctor.Finding{Subject: "state", Text: shown}
}

// logFinding points at the log, and at the last thing in it that went wrong.
func logFinding(path string) doctor.Finding {
	f := doctor.Finding{Subject: "log", Text: termsafe.String(path, 500)}
	if path == "" {
		f.Text = "none is written"
		return f
	}
	last, err := logs.LastProblem(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Text += ": not there yet, the monitor begins it"
	case err != nil:
		f.Grade, f.Text, f.Remedy = doctor.GradeWarn, warning(err), "--log-file FILE names another one"
	case last == nil:
		f.Text += ": no problem in it"
	default:
		f.Text += ": last problem " + last.At.Local().Format("2 Jan 15:04:05") + ", " + termsafe.String(last.Text, 300)
	}
	return f
}

// examineTerminal looks at what the screen would be drawn on.
func (a *app) examineTerminal(ctx context.Context, r *report, s *config.Settings) {
	env := os.Environ()
	if !term.IsTerminal(int(a.in.Fd())) || !term.IsTerminal(int(a.out.Fd())) {
		r.add(doctor.Finding{Subject: "terminal", Text: "this is a pipe, not a terminal: the monitor needs one, optflow tail does not"})
	} else if width, height, err := term.GetSize(int(a.out.Fd())); err == nil {
		f := doctor.Finding{Subject: "terminal", Text: fmt.Sprintf("%dx%d, %s", width, height, terminal.Describe(terminal.Colour(s.Color), env))}
		if width < ui.LeastWidth || height < ui.LeastHeight {
			f.Grade, f.Remedy = doctor.GradeWarn, fmt.Sprintf("the screen needs %dx%d", ui.LeastWidth, ui.LeastHeight)
		}
		r.add(f)
		c := doctor.Finding{Subject: "clipboard"}
		if c.Text, c.Remedy = machine.DescribeClipboard(ctx, env); c.Remedy != "" {
			c.Grade = doctor.GradeWarn
		}
		r.add(c)
	}
	if asciiOf(s) {
		f := doctor.Finding{Subject: "glyphs", Text: "ASCII only"}
		if s.ASCII == "auto" {
			f.Grade, f.Remedy = doctor.GradeWarn, "if this terminal has UTF-8: set LANG to a UTF-8 locale, or ascii = false"
		}
		r.add(f)
		return
	}
	r.add(doctor.Finding{Subject: "glyphs", Text: "UTF-8; --ascii where they do not show"})
}

// examineMarket asks the servers; without a key and a server the built-in one.
func examineMarket(ctx context.Context, r *report, s *config.Settings) error {
	at := endpoints{ws: s.WSURL, delayed: s.DelayedWSURL, rest: s.RESTURL, key: s.Key}
	if usesBuiltin(s) {
		b, err := newBuiltin()
		if err != nil {
			return err
		}
		serving, stop := context.WithCancel(ctx)
		var served sync.WaitGroup
		served.Go(crash.Guarded("simulated market", func() { _ = b.serve(serving) })) // what it could not do shows in the findings
		defer func() { stop(); served.Wait() }()
		at = b.endpoints()
	}
	dialect := massive.Massive
	if s.WSDialect == "origin" {
		dialect = massive.Origin
	}
	compress := s.Compression == "on"
	return doctor.Examine(ctx, doctor.Options{
		REST:     massive.RESTOptions{BaseURL: at.rest, Key: at.key},
		Feed:     feedChoices[s.Feed],
		Realtime: feed.Endpoint{URL: at.ws, Key: at.key, Dialect: dialect, Compress: compress},
		Delayed:  feed.Endpoint{URL: at.delayed, Key: at.key, Dialect: dialect, Compress: compress},
		Ticker:   s.Tickers[0], Span: model.Span(s.Window.Milliseconds()),
	}, r.add)
}
