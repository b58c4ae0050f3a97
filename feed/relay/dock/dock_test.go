package dock

import (
	"testing"

	"optflow/model/market"
	"optflow/model/tape"
)

// Whoever waits for news of a market wakes where it goes on with other rows, and
// only there.
func TestMoveWakes(t *testing.T) {
	first, second := tape.New(tape.Options{}), tape.New(tape.Options{})
	d := New(market.Open{Tape: &first.Tape}, Wants{})
	changed := d.Rows().Changed()
	d.Move(market.Open{Tape: &first.Tape})
	select {
	case <-changed:
		t.Error("the rows are the same, and somebody was woken")
	default:
	}
	d.Move(market.Open{Tape: &second.Tape})
	select {
	case <-changed:
	default:
		t.Error("whoever waits at the rows before waits for ever")
	}
	if d.Generation() != 1 || d.Rows() != &second.Tape {
		t.Errorf("generation %d, other rows %v", d.Generation(), d.Rows() != &second.Tape)
	}
}
