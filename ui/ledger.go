package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"optflow/model/ledger"
	"optflow/ui/rates"
)

// ReadLedger reads what came of the alerts so far. It is called from goroutines of
// its own.
type ReadLedger func() (*ledger.Ledger, ledger.Skipped, error)

// ledgerRead is what was read, or why it was not.
type ledgerRead struct {
	rates *rates.Rates
	err   error
}

// readLedger reads the ledger, of invented prices or of real ones.
func readLedger(read ReadLedger, sim bool) tea.Cmd {
	return func() tea.Msg {
		if read == nil {
			return ledgerRead{err: errors.New("no ledger is kept here")}
		}
		book, skipped, err := read()
		if err != nil {
			return ledgerRead{err: err}
		}
		r := rates.Of(book, skipped, nil, sim)
		return ledgerRead{rates: &r}
	}
}
