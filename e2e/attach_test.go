//go:build unix

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"optflow/feed/faults"
	"optflow/feed/history"
	"optflow/feed/history/rerun"
	"optflow/feed/sim"
	"optflow/feed/sim/exchange"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// counted is a listener that counts the WebSockets that are open.
type counted struct {
	net.Listener
	open atomic.Int32
}

type countedConn struct {
	net.Conn
	of     *counted
	socket atomic.Bool
}

func (l *counted) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &countedConn{Conn: c, of: l}, nil
}

func (c *countedConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	if !c.socket.Load() && bytes.Contains(into[:n], []byte("Upgrade: websocket")) && c.socket.CompareAndSwap(false, true) {
		c.of.open.Add(1)
	}
	return n, err
}

func (c *countedConn) Close() error {
	if c.socket.CompareAndSwap(true, false) {
		c.of.open.Add(-1)
	}
	return c.Conn.Close()
}

// counting is a simulated market in this process that counts its connections.
func counting(t *testing.T) (upstream *counted, flags []string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	upstream = &counted{Listener: l}
	market := exchange.NewMarket(exchange.Options{Seed: 7, Start: model.MakeDate(2026, 11, 27).At(10, 41), Tickers: []string{"SPY", "QQQ"}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.NewServer(market, sim.ServerOptions{Key: canary}).Serve(ctx, upstream) }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	address := l.Addr().String()
	return upstream, []string{"--ws-url", "ws://" + address, "--rest-url", "http://" + address, "--tickers", "SPY,QQQ"}
}

// via is a screen that is Live by way of a process.
func via(pid int) func(string) bool {
	return func(screen string) bool {
		return strings.Contains(screen, fmt.Sprintf("● Live via process %d ", pid))
	}
}

// own is a screen that is Live by itself.
func own(screen string) bool { return live(screen) && !strings.Contains(screen, "via process") }

// Two programs on one key have one connection and the same rows. Whichever is
// killed, the other goes on within seconds with what it has, and nothing is doubled.
func TestFault85OwnerKilled(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 85)
	upstream, flags := counting(t)
	state, data := t.TempDir(), t.TempDir()
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + state, "XDG_DATA_HOME=" + data}
	first := start(t, 120, 30, env, flags...)
	first.awaitWithin(patience, "Live", own)
	for round := range 3 {
		second := start(t, 120, 30, env, flags...)
		second.await("Live via the first", via(first.cmd.Process.Pid))
		second.await("the same rows", func(screen string) bool {
			mine, theirs := rows(screen), rows(first.screen())
			return len(mine) > 5 && len(mine) == len(theirs) && slices.EqualFunc(mine, theirs, func(a, b []string) bool { return a[0] == b[0] })
		})
		if n := upstream.open.Load(); n != 1 {
			t.Errorf("there are %d connections", n)
		}
		if round == 1 {
			newest := newestOf(first.screen())
			r := runIn(t, t.TempDir(), env, append([]string{"tail", "--format", "json", "--min-premium", "0", "--count", "800", "--for", "60s"}, flags...)...)
			got := decodeRows(t, r.stdout)
			if r.code != 0 || len(got) == 0 || !strings.Contains(r.stderr, "Live") {
				t.Errorf("tail: exit code %d, %d rows, %s", r.code, len(got), r.stderr)
			}
			early := 0
			for _, row := range got {
				if row.Source == "ws" && row.Start[len("2026-11-27T"):len("2026-11-27T10:41:00")] < newest {
					early++
				}
			}
			if early > len(got)/2 { // some seconds are on their way
				t.Errorf("of %d rows an attached tail prints %d from before %s", len(got), early, newest)
			}
		}
		_ = first.cmd.Process.Kill() // and nobody tidies up
		killed := time.Now()
		second.awaitWithin(patience, "Live by itself", own)
		run.Recovered(time.Since(killed))
		newest := newestOf(second.screen())
		second.await("new rows", func(screen string) bool { return newestOf(screen) > newest })
		second.await("one connection, once the server has left the dead one's", func(string) bool { return upstream.open.Load() == 1 })
		first = second
	}
	first.press("q")
	if code := first.awaitEnd(patience); code != 0 {
		t.Errorf("exit code %d", code)
	}
	checkLog(t, data, 3)
}

// newestOf is the time of the newest row, as it stands there.
func newestOf(screen string) string {
	if all := rows(screen); len(all) > 0 {
		return all[0][0][:8]
	}
	return ""
}

// checkLog goes through what was recorded: each window once, accounts that add up,
// and an outage said for each kill.
func checkLog(t *testing.T, data string, kills int) {
	t.Helper()
	stores, err := history.Stores(filepath.Join(data, "optflow", "history"))
	if err != nil || len(stores) != 1 {
		t.Fatal(stores, err)
	}
	days, err := stores[0].Days()
	if err != nil || len(days) != 1 {
		t.Fatal(days, err)
	}
	var (
		rows  *tape.Tape
		books *book.Book
		lost  int
		began int
	)
	err = rerun.Day(t.Context(), days[0], nil, rerun.Face{
		Begins: func(to *tape.Tape, b *book.Book) { rows, books, began = to, b, began+1 },
		Input: func(in book.Input) {
			if _, is := in.(*book.Lost); is {
				lost++
			}
		},
	})
	if err != nil || began != 1 || lost < kills {
		t.Fatalf("%v; the book began %d times, %d outages", err, began, lost)
	}
	type version struct {
		model.Identity
		revision uint16
	}
	seen := map[version]bool{}
	for n := rows.First(); n < rows.Next(); n++ {
		row, _ := rows.At(n)
		v := version{row.Identity(), row.Revision}
		if seen[v] {
			t.Fatalf("twice: %+v", row)
		}
		seen[v] = true
	}
	for a := range books.Accounts {
		if !a.Whole() {
			t.Fatalf("it does not add up: %+v", a)
		}
	}
	t.Logf("%d rows, %d files, %d outages", len(seen), len(days[0].Files), lost)
}

// A program that hangs keeps the key: the other says so, polls, and follows again
// once it goes on.
func TestFault86OwnerHangs(t *testing.T) {
	t.Parallel()
	run := faults.OpenReal(t, 86)
	upstream, flags := counting(t)
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + t.TempDir(), "XDG_DATA_HOME=" + t.TempDir()}
	first := start(t, 120, 30, env, flags...)
	first.awaitWithin(patience, "Live", own)
	pid := first.cmd.Process.Pid
	second := start(t, 120, 30, env, flags...)
	second.await("Live via the first", via(pid))
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	says := fmt.Sprintf("process %d does not answer", pid)
	second.awaitWithin(patience, says, func(screen string) bool { return strings.Contains(screen, says) })
	run.Noticed(time.Since(stopped))
	second.await("polling", func(screen string) bool { return strings.Contains(screen, "Polling") && strings.Contains(screen, says) })
	if n := upstream.open.Load(); n != 1 {
		t.Errorf("the lock was stolen: %d connections", n)
	}
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	goesOn := time.Now()
	second.awaitWithin(patience, "Live via the first again", via(pid))
	run.Recovered(time.Since(goesOn))
}

// Without history there is a log for followers all the same, until the end.
func TestAttachWithoutHistory(t *testing.T) {
	t.Parallel()
	_, flags := counting(t)
	state := t.TempDir()
	env := []string{"MASSIVE_API_KEY=" + canary, "XDG_STATE_HOME=" + state, "XDG_DATA_HOME=" + t.TempDir(), "OPTFLOW_HISTORY=false"}
	first := start(t, 80, 24, env, flags...)
	first.awaitWithin(patience, "Live", own)
	second := start(t, 80, 24, env, flags...)
	second.await("Live via the first", via(first.cmd.Process.Pid))
	for _, x := range []*terminal{first, second} {
		x.press("q")
		if code := x.awaitEnd(patience); code != 0 {
			t.Errorf("exit code %d", code)
		}
		second.awaitWithin(patience, "goes on", func(screen string) bool { return x == second || own(screen) })
	}
	left, _ := filepath.Glob(filepath.Join(state, "optflow", "running-*.log"))
	for _, path := range left {
		t.Errorf("%s is left", path)
	}
	pids, _ := filepath.Glob(filepath.Join(state, "optflow", "running-*.lock"))
	text, err := os.ReadFile(pids[0])
	if pid, bad := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || bad != nil || pid != second.cmd.Process.Pid {
		t.Errorf("the mark says %q, %v", text, err)
	}
}
