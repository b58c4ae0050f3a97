package ui

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
)

// wire is the screen as a terminal far away gets it: the real program and
// renderer under a virtual clock, and a count of what they write.
type wire struct {
	*stage
	p *tea.Program

	mu     sync.Mutex
	bytes  int
	writes int
	text   strings.Builder
}

func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += len(b)
	w.writes++
	w.text.Write(b)
	return len(b), nil
}

// take is what was written since the last time.
func (w *wire) take() (bytes, writes int) {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	bytes, writes = w.bytes, w.writes
	w.bytes, w.writes = 0, 0
	w.text.Reset()
	return bytes, writes
}

// onWire runs a screen of a size with a full tape, and f beside it.
func onWire(t *testing.T, width, height int, colours colorprofile.Profile, f func(w *wire)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{stage: newStage(t, width, height, func(o *Options) {
			o.Interval, o.Tabs = burst.IntervalOff, memory.Tabs{{Name: "All"}}
		})}
		w.clock.Set(fixtureNow, time.Now())
		w.state(func(st *model.State) { // a quiet market, without badges: what moves is the clock and the age
			st.Sim, st.Session.Text, st.Counters = false, "open", model.Counters{}
		})
		w.m.Wall, w.m.pull.Ticked, w.m.pull.Framed = time.Now, time.Now(), time.Now()
		for i := range 600 {
			w.tape.Append(w.row(i, fixtureNow-int64(600-i)*1000))
		}
		w.tape.Publish()
		ctx, cancel := context.WithCancel(t.Context())
		w.p, _ = newProgram(ctx, w.m, cancel, tea.WithInput(nil), tea.WithOutput(w),
			tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithWindowSize(width, height), tea.WithColorProfile(colours))
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = w.p.Run()
		}()
		w.p.Send(tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}) // as modern terminals say
		time.Sleep(3 * time.Second)
		f(w)
		cancel()
		<-ended
	})
}

// press sends keys; a return is the enter key.
func (w *wire) press(keys string) {
	for _, k := range keys {
		msg := tea.KeyPressMsg{Code: k, Text: string(k)}
		if k == '\r' {
			msg = tea.KeyPressMsg{Code: tea.KeyEnter}
		}
		w.p.Send(msg)
	}
}

// row is a burst like those of a busy day, a contract of its own for each i.
func (w *wire) row(i int, start int64) model.Row {
	tickers := []string{"SPY", "QQQ", "NVDA"}
	spots := []float32{655.02, 597.21, 178.21}
	c := model.Contract{Root: tickers[i%3], Underlying: tickers[i%3], Expiry: model.MakeDate(2026, time.December, 1+i%25), Strike: int32(100+i%400) * 1000, Type: model.OptionType(i / 3 % 2), Shares: 100}
	tr := trade{
		at: time.UnixMilli(start).In(model.NewYork).Format(time.TimeOnly), symbol: model.FormatContract(c),
		size: uint32(100 + i*37%900), vwap: 2.5 + float32(i*13%90)/10, prints: float32(1 + i*3%17), volume: uint32(900 + i*311%90_000), oi: uint32(400 + i*i*17%90_000),
		spot: spots[i%3], iv: 0.12 + float32(i%30)/100, delta: 0.1 + float32(i%8)/10, side: model.Side(1 + i%7), sure: model.CertaintySure, bid: 2, ask: 3,
	}
	return tr.tapeRow(w.t, w.tape)
}

// add puts n new rows on the tape, of contracts that had none.
func (w *wire) add(from, n int) {
	for i := range n {
		w.tape.Append(w.row(10_000+from+i, w.clock.Now()/1000*1000-2000))
	}
	w.tape.Publish()
}

// grow makes new versions of rows in view: their size and premium change.
func (w *wire) grow(rows []model.Row) {
	for i := range rows {
		rows[i].Size += 50
		rows[i].Premium += 50 * 100 * float64(rows[i].Vwap)
		rows[i].Revision++
		w.tape.Append(rows[i])
	}
	w.tape.Publish()
}

// newest are the n newest rows of the tape.
func (w *wire) newest(n int) (out []model.Row) {
	for seq := w.tape.Next() - 1; len(out) < n; seq-- {
		row, ok := w.tape.At(seq)
		if !ok {
			w.t.Fatal("the tape has no such row")
		}
		out = append(out, row)
	}
	return out
}

// frames is how many frames of each kind are measured.
const frames = 9

// cost is the median of what a change puts on the wire in its frame, between two
// ticks of the clock.
func (w *wire) cost(change func(i int)) (bytes, writes int) {
	var all, writesOf []int
	for i := range frames {
		time.Sleep(time.Duration(1000-w.clock.Now()%1000)*time.Millisecond + 150*time.Millisecond) // the clock's own frame is over
		w.take()
		change(i)
		time.Sleep(400 * time.Millisecond)
		b, n := w.take()
		all, writesOf = append(all, b), append(writesOf, n)
	}
	slices.Sort(all)
	slices.Sort(writesOf)
	return all[frames/2], writesOf[frames/2]
}

// wireSizes are those of the benchmark's table. ssh does not tell the other side
// of true colours unless it is told to, so 256 are what a terminal far away gets.
var wireSizes = []struct {
	width, height int
	colours       colorprofile.Profile
}{{80, 24, colorprofile.ANSI256}, {160, 43, colorprofile.ANSI256}, {200, 50, colorprofile.ANSI256}, {160, 43, colorprofile.TrueColor}}

// Goals of docs/performance.md for a tape that follows, in bytes.
const (
	goalInserted = 450
	goalChanged  = 700
	goalIdle     = 80 // a second
)

// TestBytesAFrame holds what a frame costs over ssh. With OPTFLOW_BENCH set it
// prints the table; `make bench-ssh` does.
func TestBytesAFrame(t *testing.T) {
	if raced {
		t.Skip("bytes are counted without the race detector; TestBytesWhileIdle is under it")
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n| bytes (writes) a frame | size | follows | holds | sorted |\n|---|---|---:|---:|---:|\n")
	scenes := []struct {
		what   string
		change func(w *wire, i int)
	}{
		{"nothing new", func(*wire, int) {}},
		{"one row inserted", func(w *wire, i int) { w.add(i, 1) }},
		{"five rows changed", func(w *wire, _ int) { w.grow(w.newest(5)) }},
		{"whole screen changed", func(w *wire, i int) { w.add(1000+100*i, 100) }},
		{"sorted anew", func(w *wire, _ int) { w.press("s") }},
	}
	for _, size := range wireSizes {
		cells := make([][]string, len(scenes))
		for _, mode := range []string{"follows", "holds", "sorted"} {
			onWire(t, size.width, size.height, size.colours, func(w *wire) {
				switch mode {
				case "holds":
					w.press("jj")
				case "sorted":
					w.press(":sort premium\r")
				}
				for i, sc := range scenes {
					bytes, writes := w.cost(func(n int) { sc.change(w, n) })
					cells[i] = append(cells[i], fmt.Sprintf("%d (%d)", bytes, writes))
					if writes > 1 {
						t.Errorf("%s, %s at %v: %d writes a frame", sc.what, mode, size, writes)
					}
					goal := map[string]int{"nothing new": 0, "one row inserted": goalInserted, "five rows changed": goalChanged}
					if most, promised := goal[sc.what]; promised && size.width <= 160 && size.colours == colorprofile.ANSI256 && bytes > most {
						t.Errorf("%s, %s at %v: %d bytes a frame, at most %d are promised", sc.what, mode, size, bytes, most)
					}
				}
			})
		}
		for i, sc := range scenes {
			fmt.Fprintf(&table, "| %s | %dx%d, %v | %s |\n", sc.what, size.width, size.height, size.colours, strings.Join(cells[i], " | "))
		}
	}
	if os.Getenv("OPTFLOW_BENCH") != "" {
		t.Log(table.String())
	}
}

// TestBytesWhileIdle: when nothing comes, the clock is all that moves, whatever
// is open.
func TestBytesWhileIdle(t *testing.T) {
	const seconds = 20
	for what, keys := range map[string]string{"tape": "", "contracts": "v", "tickers": "vv", "heat map": "vvv", "details": "\r", "large details": "\rz", "help": "?", "picker": "t", "messages": "m", "filter line": "/", "command line": ":"} {
		onWire(t, 160, 43, colorprofile.ANSI256, func(w *wire) {
			w.press(keys)
			time.Sleep(3 * time.Second)
			w.take()
			time.Sleep(seconds * time.Second)
			bytes, writes := w.take()
			if bytes > goalIdle*seconds || writes > seconds+1 || writes < seconds-1 {
				t.Errorf("%s: %d bytes and %d writes in %d idle seconds", what, bytes, writes, seconds)
			}
			if os.Getenv("OPTFLOW_BENCH") != "" {
				t.Logf("%s: %d B/s", what, bytes/seconds)
			}
		})
	}
}
