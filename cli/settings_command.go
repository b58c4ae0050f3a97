package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/model/termsafe"
)

func configCommand(c *console) *cobra.Command {
	var start bool
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings in force and where each came from; --init writes a config file",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if start {
				return initConfig(c, cmd)
			}
			s, err := settings(cmd)
			if err != nil {
				return err
			}
			if _, err := lookOf(s); err != nil {
				return err
			}
			c.warn(s)
			return s.WriteTable(c.out)
		},
	}
	config.AddFlags(cmd.Flags())
	cmd.Flags().BoolVar(&start, "init", false, "write a config file with every setting explained, unless there is one")
	return cmd
}

// initConfig writes a config file that explains itself.
func initConfig(c *console, cmd *cobra.Command) error {
	path, err := config.Init(config.FromProcess(cmd.Flags()))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s written; every setting is in it as a comment\n", termsafe.String(path, 1000))
	return err
}
