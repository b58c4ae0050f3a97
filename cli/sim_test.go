package cli

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// Whoever opens the simulated market to the network is told, on stderr, and
// nobody else is.
func TestSimSaysWhenItListensBeyondThisMachine(t *testing.T) {
	for _, c := range []struct{ listen, key, says string }{
		{"127.0.0.1:0", "", ""},
		{"0.0.0.0:0", "", "whoever can reach it is served, with any key"},
		{":0", "k", "whoever can reach it is served who has the key"},
	} {
		out, err := os.CreateTemp(t.TempDir(), "out")
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		console := &console{out: out, err: &said}
		ctx, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
		err = serveSim(ctx, console, simFlags{listen: c.listen, key: c.key, rate: 1, speed: 1, tickers: []string{"SPY"}, faults: "none", plan: "advanced"})
		stop()
		_ = out.Close()
		if err != nil || strings.Contains(said.String(), "beyond this machine") != (c.says != "") || !strings.Contains(said.String(), c.says) {
			t.Errorf("%s: %v, said %q", c.listen, err, said.String())
		}
	}
}
