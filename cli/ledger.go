package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"optflow/cli/followup"
	"optflow/config"
	"optflow/model/ledger"
	"optflow/ui/rates"
)

// ledgerFlags are the switches of `optflow ledger`.
type ledgerFlags struct {
	format  string
	horizon string
	sim     bool
}

func ledgerCommand(c *console) *cobra.Command {
	var f ledgerFlags
	cmd := &cobra.Command{
		Use:   "ledger",
		Short: "Show what came of the alerts, losers included",
		Long: "ledger shows for each version of each rule what came of its alerts: where the underlying went, beside\n" +
			"flow that matched no rule, and what following them would have brought. It reads files only.",
		Example: `  optflow ledger --horizon close
  optflow ledger --format json | jq '.rows[] | select(.n >= 30)'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return printLedger(c, cmd, f) },
	}
	config.AddFlags(cmd.Flags(), "config")
	cmd.Flags().StringVar(&f.format, "format", "table", "table, json or csv")
	cmd.Flags().StringVar(&f.horizon, "horizon", string(ledger.After30m), "of the table: 5m, 30m, close, \"next open\", \"next close\" or expiry")
	cmd.Flags().BoolVar(&f.sim, "sim", false, "what came of the alerts of simulated markets")
	return cmd
}

// ledgerTable is how wide the table is: of a terminal whose width nobody knows.
const ledgerTable = 120

func printLedger(c *console, cmd *cobra.Command, f ledgerFlags) error {
	horizon := ledger.Horizon(f.horizon)
	switch {
	case !slices.Contains([]string{"table", "json", "csv"}, f.format):
		return usageError{fmt.Errorf("--format %q: want table, json or csv", f.format)}
	case !slices.Contains(ledger.Horizons(), horizon):
		return usageError{fmt.Errorf("--horizon %q: want one of %v", f.horizon, ledger.Horizons())}
	}
	s, err := settings(cmd)
	if err != nil {
		return err
	}
	c.warn(s)
	if s.StatePath == "" {
		return errors.New("there is no folder to keep a ledger in: no home")
	}
	book, skipped, err := followup.Read(ledgerDir(s))
	if err != nil {
		return fmt.Errorf("reading the ledger: %w", err)
	}
	sim := f.sim || book.Versions(false) == 0 && book.Versions(true) > 0
	r := rates.Of(book, skipped, nil, sim)
	switch f.format {
	case "json":
		err = r.WriteJSON(c.out)
	case "csv":
		if err = r.WriteCSV(c.out); err == nil {
			for _, text := range append(r.Head(), rates.Below...) {
				c.say(text) // beside the rows, which are for programs
			}
		}
	default:
		err = printRates(c, &r, horizon)
	}
	if err != nil {
		return fmt.Errorf("printing the ledger: %w", err)
	}
	return nil
}

func ledgerDir(s *config.Settings) string {
	return filepath.Join(filepath.Dir(s.StatePath), "ledger")
}

// printRates prints the table with what must stand around it.
func printRates(c *console, r *rates.Rates, h ledger.Horizon) (err error) {
	print := func(text string) {
		if err == nil {
			_, err = fmt.Fprintln(c.out, text)
		}
	}
	for _, text := range r.Head() {
		print(text)
	}
	if r.None() {
		print("no alert has fired yet: [[alerts]] in the config file, or a in the monitor, makes a rule")
	} else {
		head, rows := r.Lines(h, ledgerTable)
		print(string(h) + " after the alert was seen")
		print(head)
		for _, row := range rows {
			print(row)
		}
	}
	for _, text := range rates.Below {
		print("· " + text)
	}
	return err
}
