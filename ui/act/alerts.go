package act

import (
	"time"

	"optflow/model/alert"
)

// What is done with the rules of alerts.
type (
	// MuteRule holds a rule's alerts back for a time; 0 ends it.
	MuteRule struct {
		Name string
		For  time.Duration
	}
	// TestRule sends one alert marked TEST to all places of a rule.
	TestRule struct{ Name string }
	// SwitchRule switches a rule off, or on again.
	SwitchRule struct {
		Name string
		Off  bool
	}
	// EditRule opens the box of a rule that there is.
	EditRule struct{ Name string }
	// TryRule has a rule tried on the rows that are there, or some time later
	// again. Gen comes back with the answer.
	TryRule struct {
		Gen   int
		Rule  alert.Rule
		Again bool
	}
	// OpenLedger shows the ledger, read anew.
	OpenLedger struct{}
	// ReadLedger reads it.
	ReadLedger struct{}
	// SaveRule adds a rule, or writes one anew.
	SaveRule struct{ Rule alert.Rule }
)

func (MuteRule) effect()   {}
func (TestRule) effect()   {}
func (SwitchRule) effect() {}
func (EditRule) effect()   {}
func (TryRule) effect()    {}
func (OpenLedger) effect() {}
func (ReadLedger) effect() {}
func (SaveRule) effect()   {}
