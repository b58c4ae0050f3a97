package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/model/termsafe"
	"optflow/ui/keys"
)

func (a *app) configCommand() *cobra.Command {
	var start bool
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings in force and where each came from; --init writes a config file",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if start {
				return a.initConfig(cmd)
			}
			s, err := settings(cmd)
			if err != nil {
				return err
			}
			if _, err := themesOf(s); err != nil {
				return err
			}
			if _, err := keysOf(s); err != nil {
				return err
			}
			if err := columnsOf(s); err != nil {
				return err
			}
			a.warn(s)
			return s.WriteTable(a.out)
		},
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().BoolVar(&start, "init", false, "write a config file with every setting explained, unless there is one")
	return cmd
}

// initConfig writes a config file that explains itself.
func (a *app) initConfig(cmd *cobra.Command) error {
	path, err := config.Init(config.FromProcess(cmd.Flags()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s written; every setting is in it as a comment\n", termsafe.String(path, 1000))
	return err
}

func (a *app) keysCommand() *cobra.Command {
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
			a.warn(s)
			return printKeys(a.out, table.Table())
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
