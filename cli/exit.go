package cli

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/spf13/cobra"

	"optflow/cli/process"
	"optflow/ui/tail"
)

// Exit codes.
const (
	exitFine        = 0
	exitFailed      = 1                   // while running
	exitUsage       = 2                   // wrong usage or setting
	exitRefused     = 3                   // key or plan refused
	exitInterrupted = process.Interrupted // by a signal or ctrl+c
)

// usageError is a mistake in the command line or the settings.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// refusedError ends with the exit code of a refused key or plan.
type refusedError struct{ error }

// errInterrupted ends a screen that ctrl+c closed.
var errInterrupted = errors.New("interrupted")

// exitOf is the exit code of a command that ended with an error or without one,
// and whether the user is to be told why.
func exitOf(ctx context.Context, err error) (code int, tell bool) {
	var interrupted process.SignalError
	var usage usageError
	var refused refusedError
	switch {
	case errors.As(context.Cause(ctx), &interrupted), errors.Is(err, errInterrupted):
		return exitInterrupted, false
	case err == nil, errors.Is(err, syscall.EPIPE): // who reads us has had enough
		return exitFine, false
	case errors.As(err, &usage):
		return exitUsage, true
	case errors.Is(err, tail.ErrRefused), errors.As(err, &refused):
		return exitRefused, true
	}
	return exitFailed, true
}

// noArguments refuses words after a command as a usage error.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("%s takes no argument, got %q; see %s --help", cmd.CommandPath(), args[0], cmd.CommandPath())}
}

// oneArgument wants exactly one, else it says so.
func oneArgument(says string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{errors.New(says)}
		}
		return nil
	}
}

// flagHint explains why there is no flag for the key.
func flagHint(err error) error {
	for _, text := range []string{"unknown flag: --api-key", "unknown flag: --key"} {
		if err.Error() == text {
			return errors.New("there is no flag for the API key, it would show in the process list: " +
				"put MASSIVE_API_KEY in the environment or .env, or use --api-key-file FILE")
		}
	}
	return err
}
