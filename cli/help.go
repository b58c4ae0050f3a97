package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"optflow/cli/manual"
	"optflow/config"
	"optflow/ui/keys"
)

// helpCommand explains a command, as --help does, or one of the manual's topics.
func helpCommand(c *console) *cobra.Command {
	topics := manual.Topics()
	list := ""
	for _, t := range topics {
		list += fmt.Sprintf("  %-11s %s\n", t.Name, t.Short)
	}
	return &cobra.Command{
		Use:   "help [command or topic]",
		Short: "Explain a command, the screen or the filters; print the man page",
		Long:  "help explains a command, or one of these:\n\n" + strings.TrimRight(list, "\n"),
		Example: `  optflow help filter
  optflow help screen | less
  optflow help man > optflow.1 && man -l optflow.1`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (names []cobra.Completion, _ cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			for _, t := range topics {
				names = append(names, cobra.CompletionWithDesc(t.Name, t.Short))
			}
			for _, x := range cmd.Root().Commands() {
				if x.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(x.Name(), x.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch strings.Join(args, " ") {
			case "screen":
				return c.print(manual.Screen(c.width()))
			case "filter":
				return c.print(manual.Filter(c.width()))
			case "man":
				return c.print(manPage(cmd.Root()))
			}
			found, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usageError{fmt.Errorf("there is no help for %q; optflow help lists what there is", strings.Join(args, " "))}
			}
			found.InitDefaultHelpFlag()
			if err := found.Help(); err != nil || len(args) > 0 {
				return err
			}
			return c.print([]byte("\nOther topics of help:\n" + list))
		},
	}
}

// width is that of the output in cells.
func (c *console) width() int {
	if width, _, err := term.GetSize(int(c.out.Fd())); err == nil && width > 0 {
		return width
	}
	return 80
}

func (c *console) print(text []byte) error {
	if _, err := c.out.Write(text); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// manPage gives the manual what the commands say of themselves.
func manPage(root *cobra.Command) []byte {
	var all []manual.Command
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() {
			all = append(all, described(cmd))
			if cmd.Name() != "completion" {
				all = append(all, below(cmd)...)
			}
		}
	}
	return manual.Man(described(root), all)
}

// below are the commands of a command, and theirs.
func below(cmd *cobra.Command) (all []manual.Command) {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(append(all, described(c)), below(c)...)
		}
	}
	return all
}

// described is a command with the flags that are no settings.
func described(cmd *cobra.Command) manual.Command {
	d := manual.Command{Use: strings.TrimPrefix(cmd.UseLine(), "optflow "), Short: cmd.Short, Long: cmd.Long, Example: cmd.Example}
	settings := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.AddFlags(settings)
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" || settings.Lookup(f.Name) != nil {
			return
		}
		takes, help := pflag.UnquoteUsage(f)
		d.Flags = append(d.Flags, manual.Flag{Name: f.Name, Takes: takes, Help: help, Default: shownDefault(f)})
	})
	return d
}

// shownDefault is a default that says something.
func shownDefault(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
		return ""
	}
	return f.DefValue
}

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
