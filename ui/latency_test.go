package ui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
)

// stamped notes when texts that are waited for are written.
type stamped struct {
	mu      sync.Mutex
	want    []byte
	arrived chan time.Time
}

func (s *stamped) Write(b []byte) (int, error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.want) > 0 && bytes.Contains(b, s.want) {
		select {
		case s.arrived <- now:
		default:
		}
	}
	return len(b), nil
}

// expect forgets what came before and waits for the next write with a text in it.
func (s *stamped) expect(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.want = []byte(text)
	select {
	case <-s.arrived:
	default:
	}
}

// TestLatency stamps keys and events, and the frames that show them, at 20,000
// events a second in real time. It takes half a minute and judges times, so it
// runs by `make bench-latency` only.
func TestLatency(t *testing.T) {
	if os.Getenv("OPTFLOW_BENCH") == "" {
		t.Skip("measures real time: make bench-latency")
	}
	s := newStage(t, 160, 43, func(o *Options) {
		o.Interval, o.Tabs, o.Rules = burst.IntervalOff, memory.Tabs{{Name: "All"}}, model.DefaultRules()
	})
	s.m.Wall = time.Now
	s.clock.Set(fixtureNow, time.Now())
	s.state(nil)
	s.m.pull.Ticked, s.m.pull.Framed, s.m.Wall = time.Now(), time.Now(), time.Now
	w := &wire{stage: s}
	out := &stamped{arrived: make(chan time.Time, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	p, _ := newProgram(ctx, s.m, cancel, tea.WithInput(nil), tea.WithOutput(out),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithWindowSize(160, 43), tea.WithColorProfile(colorprofile.ANSI256))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = p.Run()
	}()

	var tape sync.Mutex // one writes at a time: the flood, or an event that is looked for
	flooding := make(chan struct{})
	go func() {
		defer close(flooding)
		rows := make([]model.Row, 500)
		for i := range rows {
			rows[i] = w.row(i, fixtureNow)
			rows[i].Size, rows[i].Premium = 1, 400 // under the floor, as nearly all is
		}
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ctx.Err() == nil; {
			<-tick.C
			tape.Lock()
			for range 100 {
				row := rows[n%len(rows)]
				row.Start = s.clock.Now()/1000*1000 - 2000
				s.tape.Append(row)
				n++
			}
			s.tape.Publish()
			tape.Unlock()
		}
	}()
	time.Sleep(2 * time.Second)

	var keys, events []time.Duration
	wait := func(from time.Time) time.Duration {
		select {
		case at := <-out.arrived:
			return at.Sub(from)
		case <-time.After(5 * time.Second):
			t.Fatal("never shown")
			return 0
		}
	}
	for i := range 150 {
		time.Sleep(time.Duration(37+i*13%90) * time.Millisecond)
		key, shows := '?', "Keys:" // the help, and then the tape again: nothing else draws these
		if i%2 == 1 {
			key, shows = tea.KeyEscape, "quit"
		}
		out.expect(shows)
		start := time.Now()
		p.Send(tea.KeyPressMsg{Code: key, Text: map[bool]string{true: "?"}[key == '?']})
		keys = append(keys, wait(start))
	}
	time.Sleep(time.Second)
	for i := range 150 {
		time.Sleep(time.Duration(37+i*13%90) * time.Millisecond)
		c := model.Contract{Root: "SPY", Underlying: "SPY", Expiry: model.MakeDate(2026, time.December, 18), Strike: int32(5000+i) * 1000, Shares: 100}
		id, err := s.tape.Registry.Intern(model.FormatContract(c))
		if err != nil {
			t.Fatal(err)
		}
		row := w.row(i, s.clock.Now()/1000*1000-2000)
		row.Contract, row.Size, row.Premium = id, 900, 1e7
		out.expect(fmt.Sprint(5000 + i))
		tape.Lock()
		start := time.Now()
		s.tape.Append(row)
		s.tape.Publish()
		tape.Unlock()
		events = append(events, wait(start))
	}
	cancel()
	<-ended
	<-flooding
	report(t, "key to painted frame", keys, 50*time.Millisecond)
	report(t, "event to visible", events, time.Second/defaultFPS+20*time.Millisecond)
}

// report prints a distribution and holds its 99th percentile.
func report(t *testing.T, what string, all []time.Duration, most time.Duration) {
	t.Helper()
	slices.Sort(all)
	at := func(q float64) time.Duration {
		return all[min(int(q*float64(len(all))), len(all)-1)].Round(100 * time.Microsecond)
	}
	t.Logf("%s at 20,000 events a second: median %v, 90 %% %v, 99 %% %v, longest %v (99 %% within %v is the goal)", what, at(0.5), at(0.9), at(0.99), at(1), most)
	if at(0.99) > most {
		t.Errorf("%s: 99 %% within %v, the goal is %v", what, at(0.99), most)
	}
}
