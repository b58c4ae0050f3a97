package alerts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os/exec"
	"slices"
	"strings"
	"time"

	"optflow/model/termsafe"
)

// The law of programs.
const (
	execTime   = 10 * time.Second // then its process group is killed
	execWait   = time.Second      // for its pipes, which a child of it may hold open
	execAtOnce = 2
	outputMost = 4 << 10 // bytes of its output that the log keeps
)

// Exec is a program that gets each alert as one line of JSON on its standard
// input. Nothing of an alert is in its arguments or its environment.
type Exec struct {
	Argv []string
	Env  []string // names of variables that it is given
}

// given are the variables that every program is given.
var given = []string{"PATH", "HOME", "LANG", "TERM"}

// program runs one.
type program struct {
	name  string
	exec  Exec
	env   []string
	log   *slog.Logger
	limit time.Duration
}

func newProgram(name string, e Exec, o *Options) *program {
	return &program{name: name, exec: e, env: childEnvironment(o.Env, e.Env, o.Secrets), log: o.Log, limit: o.execTime}
}

// childEnvironment is what a program is given: a few variables, and those that
// the user named. One that holds a secret is left out, whatever its name.
func childEnvironment(env, named, secrets []string) (out []string) {
	for _, entry := range env {
		name, value, found := strings.Cut(entry, "=")
		if !found || !slices.Contains(given, name) && !slices.Contains(named, name) {
			continue
		}
		if !slices.ContainsFunc(secrets, func(s string) bool { return s != "" && strings.Contains(value, s) }) {
			out = append(out, entry)
		}
	}
	return out
}

// run gives a program one mail.
func (p *program) run(ctx context.Context, _ *lane, m *mail) result {
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	// #nosec G204 -- the user's own config file names it, which nobody else can write
	cmd := exec.CommandContext(ctx, p.exec.Argv[0], p.exec.Argv[1:]...)
	cmd.Env = p.env
	if cmd.Env == nil {
		cmd.Env = []string{}
	}
	cmd.Stdin = bytes.NewReader(append(slices.Clone(m.body), '\n'))
	said := &bounded{most: outputMost}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = execWait
	ownSession(cmd)
	err := cmd.Run()
	if text := said.String(); text != "" {
		p.log.Info("alert", "to", "exec:"+p.name, "rule", m.rule, "said", text)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return ok
	case errors.Is(err, exec.ErrWaitDelay): // it ended well, and left a child that holds its output
		_ = cmd.Cancel()
		return ok
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return failed(fmt.Sprintf("killed after %v", p.limit))
	case ctx.Err() != nil:
		return dropped(noteEnded)
	case errors.As(err, &exit) && exit.Exited():
		return failed(fmt.Sprintf("exit code %d", exit.ExitCode()))
	case errors.As(err, &exit):
		return failed("ended by a signal")
	case errors.Is(err, fs.ErrNotExist):
		return failed("the program is not there")
	case errors.Is(err, fs.ErrPermission):
		return failed("the program may not be run")
	}
	return failed("cannot be run")
}

// bounded keeps the beginning of what is written.
type bounded struct {
	most int
	text []byte
	more int
}

func (b *bounded) Write(p []byte) (int, error) {
	take := min(len(p), b.most-len(b.text))
	b.text = append(b.text, p[:take]...)
	b.more += len(p) - take
	return len(p), nil
}

// String is it, safe to print.
func (b *bounded) String() string {
	text := termsafe.String(strings.TrimSpace(string(b.text)), b.most)
	if b.more > 0 {
		text += fmt.Sprintf(" (and %d bytes more)", b.more)
	}
	return text
}
