package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"optflow/cli/machine"
	"optflow/config"
	"optflow/feed/doctor"
	"optflow/logs"
	"optflow/model/termsafe"
	"optflow/ui"
	"optflow/ui/format"
	"optflow/ui/terminal"
)

// examineSettings looks at the key, the config file and the remembered state.
func examineSettings(r *report, s *config.Settings) {
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
	if list, err := judge(s, func() int64 { return time.Now().UnixMilli() }); err != nil {
		r.add(doctor.Finding{Grade: doctor.GradeFail, Subject: "alerts", Text: err.Error(), Remedy: "correct it there"})
	} else if len(list) > 0 {
		r.add(alertsFinding(s, len(list)))
	}
	r.add(configFinding(s.ConfigPath))
	r.add(stateFinding(s.StatePath))
	r.add(logFinding(s.LogFile))
}

// alertsFinding says how many rules there are, and which of their hooks are off.
func alertsFinding(s *config.Settings, rules int) doctor.Finding {
	f := doctor.Finding{Subject: "alerts", Text: strings.Join([]string{
		format.Counting(int64(rules), "rule"), format.Counting(int64(len(s.Alerts.Execs)), "program"), format.Counting(int64(len(s.Alerts.Hooks)), "hook"),
	}, ", ")}
	for _, name := range slices.Sorted(maps.Keys(s.Alerts.Execs)) {
		if info, err := os.Stat(s.Alerts.Execs[name].Argv[0]); err != nil || info.IsDir() {
			f.Grade, f.Remedy = doctor.GradeWarn, "exec."+name+": there is no such program"
		}
	}
	return f
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

// stateFinding tries to write where choices are remembered. It makes no
// directory: that happens when something is remembered.
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
		f.Grade, f.Text, f.Remedy = doctor.GradeWarn, termsafe.String(err.Error(), longestLine), "--log-file FILE names another one"
	case last == nil:
		f.Text += ": no problem in it"
	default:
		f.Text += ": last problem " + last.At.Local().Format("2 Jan 15:04:05") + ", " + termsafe.String(last.Text, 300)
	}
	return f
}

// examineTerminal looks at what the screen would be drawn on.
func examineTerminal(ctx context.Context, c *console, r *report, s *config.Settings) {
	env := os.Environ()
	if !term.IsTerminal(int(c.in.Fd())) || !term.IsTerminal(int(c.out.Fd())) {
		r.add(doctor.Finding{Subject: "terminal", Text: "this is a pipe, not a terminal: the monitor needs one, optflow tail does not"})
	} else if width, height, err := term.GetSize(int(c.out.Fd())); err == nil {
		f := doctor.Finding{Subject: "terminal", Text: fmt.Sprintf("%dx%d, %s", width, height, terminal.Describe(terminal.Colour(s.Color), env))}
		if width < ui.LeastWidth || height < ui.LeastHeight {
			f.Grade, f.Remedy = doctor.GradeWarn, fmt.Sprintf("the screen needs %dx%d", ui.LeastWidth, ui.LeastHeight)
		}
		r.add(f)
		clip := doctor.Finding{Subject: "clipboard"}
		if clip.Text, clip.Remedy = machine.DescribeClipboard(ctx, env); clip.Remedy != "" {
			clip.Grade = doctor.GradeWarn
		}
		r.add(clip)
		bell := doctor.Finding{Subject: "notify"}
		if bell.Text, bell.Remedy = machine.DescribeNotification(ctx, s.Notify, env); bell.Remedy != "" {
			bell.Grade = doctor.GradeWarn
		}
		r.add(bell)
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
