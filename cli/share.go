package cli

import (
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"optflow/cli/machine"
	"optflow/ui"
)

// notOfTail are flags that the screen states itself when it writes its view as
// a command line, or that are the screen's alone.
var notOfTail = []string{"tickers", "interval", "min-premium", "window", "filter", "fps", "color", "theme", "ascii", "columns", "mouse", "reduced-motion", "max-rows", "auto-refresh", "log-file"}

// shareView wires what the screen needs to hand a view to somewhere else.
func shareView(cmd *cobra.Command, o *ui.Options) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(notOfTail, f.Name) {
			o.TailArgs = append(o.TailArgs, "--"+f.Name+"="+f.Value.String())
		}
	})
	o.Exports = machine.Exports{}
	o.Clipboard = machine.Clipboard(os.Environ())
}
