package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/ui/keys"
)

func keysCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Show the table of keys",
		Long: "keys shows which key does what, as your config file has it. The word in the middle is the\n" +
			"action's name: in the config file, [keys] and below it name = \"key\" or a list of keys; [] is none.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := settings(cmd)
			if err != nil {
				return err
			}
			table, err := keysOf(s)
			if err != nil {
				return err
			}
			c.warn(s)
			return printKeys(c.out, table.Table())
		},
	}
	config.AddFlags(cmd.Flags(), "config")
	return cmd
}

// printKeys prints the keys under the place where they work.
func printKeys(w io.Writer, list []keys.Key) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	where := ""
	for _, k := range list {
		if k.Where != where {
			if where != "" {
				_, _ = fmt.Fprintln(table)
			}
			where = k.Where
			_, _ = fmt.Fprintln(table, strings.ToUpper(where[:1])+where[1:])
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", k.Help().Key, k.Name, k.Help().Desc)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the keys: %w", err)
	}
	return nil
}
