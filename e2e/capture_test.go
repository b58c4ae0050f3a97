//go:build unix

package e2e

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

// A run is captured and played again, on another day than it was: the program
// against the capture shows the same rows, and the capture does not hold the key.
func TestACaptureShowsWhatTheUserSaw(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	market := exchange.NewMarket(exchange.Options{Seed: 11, Start: model.MakeDate(2026, 11, 23).At(10, 41), Tickers: []string{"NVDA"}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.NewServer(market, sim.ServerOptions{Key: canary}).Serve(ctx, l) }()
	address := l.Addr().String()
	tail := func(ws, rest, long string, more ...string) map[string]tailRow {
		args := []string{"tail", "--ws-url", ws, "--rest-url", rest, "--tickers", "NVDA", "--format", "json", "--min-premium", "0", "--for", long}
		got := run(t, []string{"MASSIVE_API_KEY=" + canary}, append(args, more...)...)
		if got.code != exitFine {
			t.Fatalf("code %d: %s", got.code, got.stderr)
		}
		if len(more) > 0 && !strings.Contains(got.stderr, "captured ") {
			t.Errorf("nothing is said of the capture: %s", got.stderr)
		}
		last := map[string]tailRow{}
		for _, row := range decodeRows(t, got.stdout) {
			if row.Kind == "bar" && !row.Past && row.Source == "ws" {
				last[row.Contract+row.Start] = row
			}
		}
		return last
	}
	folder := filepath.Join(t.TempDir(), "capture")
	seen := tail("ws://"+address, "http://"+address, "5s", "--capture", folder)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	forbidKeyIn(t, folder)
	again := startServer(t, "", "--play", folder)
	played := tail(again.WS, again.REST, "9s") // however long it takes to start, it sees the end
	if len(seen) < 50 || !strings.HasPrefix(anyOf(seen).Start, "2026-11-23T10:41") {
		t.Fatalf("%d rows were seen, such as %+v", len(seen), anyOf(seen))
	}
	missing, other := 0, 0
	for id, row := range seen {
		p, there := played[id]
		switch {
		case !there:
			missing++
		case p.Size != row.Size || *p.Vwap != *row.Vwap || *p.Premium != *row.Premium || !p.Sim:
			other++
		}
	}
	if missing > len(seen)/5 || other > 0 { // the run may end some seconds sooner in the capture
		t.Errorf("of %d rows %d are missing and %d are others, %d came", len(seen), missing, other, len(played))
	}
}

func anyOf(rows map[string]tailRow) (row tailRow) {
	for _, row = range rows {
		break
	}
	return row
}

// forbidKeyIn fails where a capture holds the key in any form.
func forbidKeyIn(t *testing.T, folder string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*.jsonl.gz"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	file, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{canary, url.QueryEscape(canary), base64.StdEncoding.EncodeToString([]byte(canary))[:16], "Bearer", "apiKey"} {
		if strings.Contains(string(text), form) {
			t.Errorf("the capture holds %q", form)
		}
	}
}

func TestPlayRefusesWhatIsNoCapture(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.jsonl.gz")
	if err := os.WriteFile(broken, []byte("nothing of the kind"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--play", broken}, "broken.jsonl.gz: this is no capture of optflow's"},
		{[]string{"--play", filepath.Dir(broken) + "/none"}, "no such file"},
		{[]string{"--play", t.TempDir()}, "holds no capture"},
		{[]string{"--play", broken, "--seed", "3"}, "--seed means nothing beside --play"},
		{[]string{"--play", broken, "--speed", "0"}, "--speed must be above 0"},
	} {
		got := run(t, nil, append([]string{"sim"}, c.args...)...)
		if got.code != exitUsage || !strings.Contains(got.stderr, c.says) {
			t.Errorf("%v: code %d, %s", c.args, got.code, got.stderr)
		}
	}
	locked := filepath.Join(broken, "below")
	if got := run(t, nil, "tail", "--for", "1s", "--capture", locked); got.code != exitUsage || !strings.Contains(got.stderr, "begin a capture") {
		t.Errorf("code %d, %s", got.code, got.stderr)
	}
}
