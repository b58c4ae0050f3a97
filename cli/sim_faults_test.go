package cli

import (
	"strings"
	"testing"

	"optflow/feed/sim/exchange"
)

func TestSimSwitches(t *testing.T) {
	if f, err := parseFaults("all"); err != nil || f != exchange.AllFaults() {
		t.Errorf("all: %+v, %v", f, err)
	}
	if f, err := parseFaults("none"); err != nil || f != (exchange.Faults{}) {
		t.Errorf("none: %+v, %v", f, err)
	}
	// The names together are all: a new fault must get one.
	if f, err := parseFaults(strings.Join(faultNames(), ", ")); err != nil || f != exchange.AllFaults() {
		t.Errorf("every name: %+v, %v", f, err)
	}
	for _, name := range planNames {
		if _, err := parsePlan(name); err != nil {
			t.Error(err)
		}
	}
}
