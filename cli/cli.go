// Package cli is the commands and the wiring: settings to feed to face to exit
// code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"optflow/logs"
	"optflow/model/crash"
	"optflow/model/termsafe"
	"optflow/ui"
	"optflow/ui/tail"
)

// Exit codes.
const (
	exitFine        = 0
	exitFailed      = 1   // while running
	exitUsage       = 2   // wrong usage or setting
	exitRefused     = 3   // key or plan refused
	exitInterrupted = 130 // by a signal or ctrl+c
)

// Run carries out one command line and returns the exit code.
func Run(ctx context.Context, process *Process, args []string) int {
	return RunAdjusted(ctx, process, args, nil)
}

// RunAdjusted is Run for tests of what breaks: adjust may change what the
// monitor is given, and return something more to run beside the feed.
func RunAdjusted(ctx context.Context, process *Process, args []string, adjust func(*ui.Options) func(context.Context) error) int {
	a := &app{process: process, in: os.Stdin, out: os.Stdout, err: os.Stderr, adjust: adjust}
	return a.run(ctx, args)
}

// app is what the commands share.
type app struct {
	process *Process
	in, out *os.File
	err     io.Writer

	log      *slog.Logger
	redactor *logs.Redactor // of what is printed and logged; nil knows no key

	adjust func(*ui.Options) func(context.Context) error // see RunAdjusted
}

// usageError is a mistake of whoever typed the command or wrote the settings.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// run carries out one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	crash.Last(a.crashed)
	err := crash.Call("program", func() error { return root.ExecuteContext(ctx) })
	var interrupted signalError
	switch {
	case errors.As(context.Cause(ctx), &interrupted), errors.Is(err, errInterrupted):
		return exitInterrupted
	case err == nil, errors.Is(err, syscall.EPIPE): // who reads us has had enough
		return exitFine
	}
	var broken *crash.Error
	if errors.As(err, &broken) {
		a.process.restore() // nobody else did
	}
	a.tell(err)
	var usage usageError
	var refused refusedError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, tail.ErrRefused), errors.As(err, &refused):
		return exitRefused
	}
	return exitFailed
}

// tell prints and logs why the program ends.
func (a *app) tell(err error) {
	text := a.redactor.Redact(err.Error())
	if a.log != nil {
		a.log.Error("ended", "text", text)
	}
	_, _ = fmt.Fprintf(a.err, "optflow: %s\n", safeLines(text))
}

// crashed ends the program when a goroutine panics that nobody waits for.
func (a *app) crashed(e *crash.Error) {
	a.process.restore()
	a.tell(e)
	os.Exit(exitFailed)
}

// longestLine bounds a line of an error, in cells.
const longestLine = 2000

// safeLines makes each line of a text harmless: errors quote what others said,
// and a stack may hold anything.
func safeLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		body := strings.TrimLeft(line, "\t")
		lines[i] = strings.Repeat("    ", len(line)-len(body)) + termsafe.String(body, longestLine)
	}
	return strings.Join(lines, "\n")
}

// errInterrupted ends a screen that ctrl+c closed.
var errInterrupted = errors.New("interrupted")

func (a *app) rootCommand() *cobra.Command {
	root := a.monitorCommand()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.Version = versionText()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{flagHint(err)} })
	root.AddCommand(a.tailCommand(), a.simCommand(), a.configCommand(), a.keysCommand(), a.doctorCommand())
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}

// noArguments refuses words after a command, as a mistake of usage.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("%s takes no argument, got %q; see %s --help", cmd.CommandPath(), args[0], cmd.CommandPath())}
}

// flagHint answers the one wrong flag that has a reason behind it.
func flagHint(err error) error {
	for _, text := range []string{"unknown flag: --api-key", "unknown flag: --key"} {
		if err.Error() == text {
			return errors.New("there is no flag for the API key, it would show in the process list: " +
				"put MASSIVE_API_KEY in the environment or .env, or use --api-key-file FILE")
		}
	}
	return err
}
