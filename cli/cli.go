// Package cli is the commands and the wiring: settings to feed to face to exit
// code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"optflow/cli/process"
	"optflow/model/crash"
	"optflow/ui"
)

// OwnProcess takes over the signals of the program (process.Own).
func OwnProcess() (context.Context, *process.Process) { return process.Own() }

// Run carries out one command line and returns the exit code.
func Run(ctx context.Context, own *process.Process, args []string) int {
	return RunAdjusted(ctx, own, args, nil)
}

// RunAdjusted is Run for tests of what breaks: adjust may change what the
// monitor is given, and return something more to run beside the feed.
func RunAdjusted(ctx context.Context, own *process.Process, args []string, adjust func(*ui.Options) func(context.Context) error) int {
	p := &program{console: &console{in: os.Stdin, out: os.Stdout, err: os.Stderr}, process: own, adjust: adjust}
	if adjust == nil { // a test is another program
		p.self, _ = os.Executable() // else days get their files by the commands that need them
	}
	return p.run(ctx, args)
}

// program is one run of optflow: what its commands share.
type program struct {
	*console
	process *process.Process
	self    string                                        // this program's file, to run another of it; "" is not known
	adjust  func(*ui.Options) func(context.Context) error // see RunAdjusted
}

// run carries out a command line and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.commands()
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	crash.Last(p.crashed)
	err := crash.Call("program", func() error { return root.ExecuteContext(ctx) })
	code, tell := exitOf(ctx, err)
	if tell {
		if _, is := errors.AsType[*crash.Error](err); is {
			p.process.Restore() // nobody else did
		}
		p.tell(err)
	}
	return code
}

// crashed ends the program when a goroutine panics that nobody waits for.
func (p *program) crashed(e *crash.Error) {
	p.process.Restore()
	p.tell(e)
	os.Exit(exitFailed)
}

// commands are the monitor, which has no name of its own, and the others.
func (p *program) commands() *cobra.Command {
	root := monitorCommand(p)
	root.SilenceErrors, root.SilenceUsage = true, true
	addVersion(root)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{flagHint(err)} })
	root.AddCommand(tailCommand(p), replayCommand(p), serveCommand(p), alertsCommand(p), simCommand(p.console), configCommand(p.console), keysCommand(p.console), doctorCommand(p.console), ledgerCommand(p.console),
		searchCommand(p.console), backtestCommand(p.console), historyCommand(p.console))
	root.SetHelpCommand(helpCommand(p.console))
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}

// addVersion adds --version. The library's own would need a template for its line,
// and with one every exported method is linked: a fifth of the program.
func addVersion(root *cobra.Command) {
	asked := root.Flags().BoolP("version", "v", false, "version for "+root.Name())
	run := root.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *asked {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), versionText())
			return err
		}
		return run(cmd, args)
	}
}

// versionText says what was built when, from what the Go tool recorded.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "optflow, " + runtime.Version()
	}
	return describeBuild(info)
}

func describeBuild(info *debug.BuildInfo) string {
	setting := make(map[string]string)
	for _, s := range info.Settings {
		setting[s.Key] = s.Value
	}
	parts := []string{"optflow " + strings.TrimSuffix(strings.Trim(info.Main.Version, "()"), "+dirty")}
	if commit := setting["vcs.revision"]; commit != "" {
		text := "commit " + commit[:min(12, len(commit))]
		if setting["vcs.modified"] == "true" {
			text += " with changes"
		}
		parts = append(parts, text)
	} else {
		parts = append(parts, "commit unknown")
	}
	if date := setting["vcs.time"]; date != "" {
		parts = append(parts, date)
	}
	return strings.Join(append(parts, fmt.Sprintf("%s %s/%s", info.GoVersion, runtime.GOOS, runtime.GOARCH)), ", ")
}
