package feed

import (
	"context"
	"strings"
	"testing"

	"optflow/feed/massive"
	"optflow/model/tape"
)

// A panic of anything that the engine starts ends Run with an error, so that
// main can give the terminal back.
func TestPanicEndsTheRun(t *testing.T) {
	e := New(Options{
		Tape: tape.New(tape.Options{}), REST: newMarket(), Tickers: []string{"SPY"}, AutoRefresh: true,
		Stream: &massive.Streams{Connect: func(context.Context, Endpoint, massive.Channel) (Wire, error) { panic("dialled into nothing") }},
	})
	if err := e.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "dialled into nothing") {
		t.Errorf("ended with %v", err)
	}
}
