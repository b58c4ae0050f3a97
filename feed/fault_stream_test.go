package feed

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/feed/sim/faultline"
	"optflow/model"
)

// lostAndFilled waits for the loss that a live stream is about to meet, for the
// way back, and for the gap to be filled.
func (w *wired) lostAndFilled(run *faults.Run, fault time.Time, notice time.Duration, reason string) {
	w.t.Helper()
	s := w.notLive(notice)
	run.Noticed(time.Since(fault))
	if !strings.Contains(s.Reason, reason) {
		w.t.Errorf("reason %q, want %q", s.Reason, reason)
	}
	lost := time.Now()
	w.live(link.BackoffCap)
	run.Recovered(time.Since(lost))
	time.Sleep(3 * time.Minute)
	if rows, gaps := w.checkAccounts(); rows == 0 || gaps != 0 {
		w.t.Errorf("%d contracts in rows, %d in gaps although REST has them", rows, gaps)
	}
}

const liveSession = "connect ok; auth ok; send 70 bars every 1s; "

// liveFor waits until the bars of a liveSession are over: the backoff is at its
// base then.
func (w *wired) liveFor() time.Time {
	w.t.Helper()
	w.live(2 * time.Second)
	time.Sleep(70 * time.Second)
	return time.Now()
}

func TestFault17DropInAFrame(t *testing.T) {
	inFault(t, 17, func(t *testing.T, run *faults.Run) {
		w := play(t, liveSession+`bytes "\x81\x7e\x10\x00[{\"ev\":\"A\",\"sym\""; lose 9 bars; drop`+"\n"+healthySession, nil)
		w.live(2 * time.Second)
		s := w.await(75*time.Second, "lost", func(s *model.State) bool { return s.Link != model.Live })
		run.Noticed(0) // the drop is what is awaited
		if s.Reason != link.ReasonLost {
			t.Errorf("reason %q", s.Reason)
		}
		lost := time.Now()
		w.live(5 * time.Second)
		run.Recovered(time.Since(lost))
		time.Sleep(3 * time.Minute)
		if rows, gaps := w.checkAccounts(); rows == 0 || gaps != 0 {
			t.Errorf("%d contracts in rows, %d in gaps although REST has them", rows, gaps)
		}
	})
	t.Run("by the network", func(t *testing.T) {
		inFault(t, 17, func(t *testing.T, run *faults.Run) {
			w := play(t, healthySession, nil)
			w.liveFor()
			w.stream.Set(faultline.Faults{Limit: w.stream.Passed() + 50})
			fault := time.Now().Add(time.Second) // the next bar is the one cut in two
			w.notLive(3 * time.Second)
			run.Noticed(max(time.Since(fault), 0))
			w.stream.Set(faultline.Faults{})
			lost := time.Now()
			w.live(5 * time.Second)
			run.Recovered(time.Since(lost))
			time.Sleep(3 * time.Minute)
			if _, gaps := w.checkAccounts(); gaps != 0 {
				t.Errorf("%d contracts in gaps although REST has them", gaps)
			}
		})
	})
}

func TestFault19HalfOpen(t *testing.T) {
	t.Run("server frozen", func(t *testing.T) {
		inFault(t, 19, func(t *testing.T, run *faults.Run) {
			w := play(t, liveSession+"freeze 3m\n"+healthySession, nil)
			w.lostAndFilled(run, w.liveFor(), 46*time.Second, "nothing heard for 45s")
		})
	})
	t.Run("network swallows all", func(t *testing.T) {
		inFault(t, 19, func(t *testing.T, run *faults.Run) {
			w := play(t, healthySession, nil)
			fault := w.liveFor()
			w.stream.Set(faultline.Faults{Hole: true})
			s := w.notLive(46 * time.Second)
			run.Noticed(time.Since(fault))
			if !strings.Contains(s.Reason, "nothing heard for 45s") {
				t.Errorf("reason %q", s.Reason)
			}
			w.stream.Set(faultline.Faults{})
			lost := time.Now()
			w.live(5 * time.Second)
			run.Recovered(time.Since(lost))
		})
	})
}

func TestFault20SilentInSession(t *testing.T) {
	t.Run("REST has newer data", func(t *testing.T) {
		inFault(t, 20, func(t *testing.T, run *faults.Run) {
			w := play(t, liveSession+"lose 9 bars; stall 10m\n"+healthySession, nil)
			fault := w.liveFor()
			w.phase(model.PhaseQuiet, link.QuietLeast+time.Second)
			w.lostAndFilled(run, fault, 76*time.Second, "stream is silent while REST has newer data")
		})
	})
	t.Run("nothing trades", func(t *testing.T) {
		inFault(t, 20, func(t *testing.T, _ *faults.Run) {
			w := play(t, liveSession+"stall 30m", nil)
			w.liveFor()
			w.phase(model.PhaseQuiet, link.QuietLeast+time.Second)
			w.holds(20*time.Minute, "stays", func(s *model.State) bool { return s.Link == model.Live })
			if n := len(w.feed.Dials()); n != 1 {
				t.Errorf("%d dials", n)
			}
		})
	})
}

// Thanksgiving 2025 at noon, and a Saturday (in the older test below).
func TestFault21SilentOutOfSession(t *testing.T) {
	faults.Open(t, 21)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(model.MakeDate(2025, time.November, 27).At(12, 0)))
		m := newMarket(chainSymbols("SPY", 8)...)
		m.perSec, m.status = 0, "closed"
		r := newRig(t, m, nil)
		r.live(time.Second)
		r.holds(2*time.Hour, "stays", func(s *model.State) bool {
			return s.Phase == model.PhaseLive && strings.HasPrefix(s.Session.Text, "closed")
		})
		if n := r.server.dialled(); n != 1 {
			t.Errorf("%d dials", n)
		}
	})
}

func TestFault22PongsWithheld(t *testing.T) {
	inFault(t, 22, func(t *testing.T, _ *faults.Run) {
		w := play(t, "connect ok; pongs off; auth ok; send 100000 bars every 1s", nil)
		w.live(2 * time.Second)
		w.holds(10*time.Minute, "stays", func(s *model.State) bool { return s.Phase == model.PhaseLive })
		if n := len(w.feed.Dials()); n != 1 {
			t.Errorf("%d dials", n)
		}
	})
}

func TestFault23PingsOnly(t *testing.T) {
	inFault(t, 23, func(t *testing.T, run *faults.Run) {
		w := play(t, liveSession+"lose 9 bars; ping 6000 every 100ms\n"+healthySession, nil)
		w.lostAndFilled(run, w.liveFor(), 76*time.Second, "stream is silent while REST has newer data")
	})
}

func TestFault24SlowLoris(t *testing.T) {
	inFault(t, 24, func(t *testing.T, run *faults.Run) {
		w := play(t, liveSession+`text "[{\"ev\":\"status\",\"status\":\"x\",\"message\":\"a long story about nothing at all\"}]" every 2s`+"\n"+healthySession, nil)
		w.lostAndFilled(run, w.liveFor(), 45*time.Second, "a message did not end")
	})
}

func TestFault25SlowNetwork(t *testing.T) {
	inFault(t, 25, func(t *testing.T, _ *faults.Run) {
		slow := faultline.Faults{Latency: 200 * time.Millisecond, Jitter: 200 * time.Millisecond, Bandwidth: 1000}
		w := play(t, "connect ok; auth ok; send 100000 bars every 250ms", nil) // 600 bytes a second
		w.stream.Set(slow)
		w.live(5 * time.Second)
		time.Sleep(time.Minute)
		var worst time.Duration
		w.holds(10*time.Minute, "stays", func(s *model.State) bool {
			worst = max(worst, time.Since(time.UnixMilli(s.Newest)))
			return s.Phase == model.PhaseLive
		})
		if worst < slow.Latency || worst > 5*time.Second {
			t.Errorf("the newest data is up to %v old by what is shown", worst)
		}
		if n := len(w.feed.Dials()); n != 1 {
			t.Errorf("%d dials", n)
		}
	})
}

func TestFault29GiantFrames(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	for name, attack := range map[string]string{
		"64 MB":                    `bytes "\x81\x7f\x00\x00\x00\x00\x04\x00\x00\x00"` + strings.Repeat("; bytes "+strconv.Quote(big), 9),
		"2^63":                     `bytes "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"`,
		"2^63-1":                   `bytes "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"` + strings.Repeat("; bytes "+strconv.Quote(big), 9),
		"2^63-1, the header alone": `bytes "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"`,
		"8 MiB and a byte, alone":  `bytes "\x81\x7f\x00\x00\x00\x00\x00\x80\x00\x01"`,
		"masked":                   `bytes "\x81\x82abcd[]"`,
		"endless fragments":        `bytes "\x01\x01["` + strings.Repeat("; bytes "+strconv.Quote("\x00\x7f\x00\x00\x00\x00\x00\x10\x00\x00"+big), 9),
	} {
		t.Run(name, func(t *testing.T) {
			inFault(t, 29, func(t *testing.T, run *faults.Run) {
				w := play(t, liveSession+attack+"; stall 5m\n"+healthySession, nil)
				fault := w.liveFor()
				w.notLive(2 * time.Second)
				run.Noticed(time.Since(fault))
				var after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&after)
				if after.HeapInuse > 128<<20 {
					t.Errorf("%d MB in use", after.HeapInuse>>20)
				}
				lost := time.Now()
				w.live(5 * time.Second)
				run.Recovered(time.Since(lost))
			})
		})
	}
}

func TestFault30CompressedBomb(t *testing.T) {
	inFault(t, 30, func(t *testing.T, run *faults.Run) {
		// Of a frame that says it is compressed not a byte is inflated.
		w := play(t, liveSession+`bytes "\xc1\x7f\x00\x00\x00\x00\x00\x04\x00\x00"`+strings.Repeat(`; bytes "\xec\xc1\x01\x01\x00\x00\x00\x80"`, 1000)+"; stall 5m\n"+healthySession, nil)
		fault := w.liveFor()
		w.notLive(2 * time.Second)
		run.Noticed(time.Since(fault))
		lost := time.Now()
		w.live(5 * time.Second)
		run.Recovered(time.Since(lost))
	})
}

// Where compression was agreed on, a frame is inflated up to the limit and no
// further, and the next connection does without.
func TestFault30CompressedBombInflated(t *testing.T) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	first := 0
	for range 2 {
		first = packed.Len()
		_, _ = w.Write(zeros)
		_ = w.Flush()
	}
	again := slices.Clone(packed.Bytes()[first:]) // zeros behind zeros are packed alike
	for range 254 {
		_, _ = packed.Write(again)
	}
	payload := packed.Bytes()[:packed.Len()-4] // RFC 7692 section 7.2.1
	bomb := binary.BigEndian.AppendUint64([]byte{0xc1, 127}, uint64(len(payload)))
	bomb = append(bomb, payload...)
	inFault(t, 30, func(t *testing.T, run *faults.Run) {
		var offered []bool
		w := play(t, liveSession+"bytes "+strconv.Quote(string(bomb))+"; stall 5m\n"+healthySession, func(o *Options) {
			streams(o).Realtime.Compress = true
			streams(o).Connect = func(ctx context.Context, at Endpoint, ch link.Channel) (Wire, error) { // one after the other
				offered = append(offered, at.Compress)
				return massive.Dial(ctx, at, ch)
			}
		})
		fault := w.liveFor()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s := w.notLive(2 * time.Second)
		run.Noticed(time.Since(fault))
		runtime.ReadMemStats(&after)
		if s.Reason != "server sent a message too big to read" {
			t.Errorf("reason %q", s.Reason)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 32<<20 {
			t.Errorf("the heap grew by %d MB", grown>>20)
		}
		lost := time.Now()
		w.live(5 * time.Second)
		run.Recovered(time.Since(lost))
		if len(offered) != 2 || !offered[0] || offered[1] {
			t.Errorf("compression was offered %v", offered)
		}
	})
}

func TestFault31UnreadableFrames(t *testing.T) {
	inFault(t, 31, func(t *testing.T, run *faults.Run) {
		bad := []string{
			"", "{}", "null", "[", `[{"ev":"A"`, `[{}][{}]`, "\ufeff[]", `"x"`, strings.Repeat("[", 20_000), "[{\x00}]", "\x1b]0;x\a", `{"key":"` + canary + `"}`,
		}
		var some, many strings.Builder
		for i := range 99 {
			fmt.Fprintf(&some, "text %q; ", bad[i%len(bad)])
		}
		for i := range 100 {
			fmt.Fprintf(&many, "text %q; ", bad[i%len(bad)])
		}
		w := play(t, liveSession+some.String()+"send 10 bars every 1s; stall 5s; "+many.String()+"stall 10m\n"+healthySession, nil)
		w.liveFor()
		w.holds(14*time.Second, "99 in a row are skipped", func(s *model.State) bool { return s.Link == model.Live })
		if s := w.state(); s.Counters.Malformed < 99 {
			t.Errorf("%d counted", s.Counters.Malformed)
		}
		fault := time.Now()
		s := w.notLive(3 * time.Second)
		run.Noticed(max(time.Since(fault)-time.Second, 0))
		if s.Reason != "server sends what cannot be read" {
			t.Errorf("reason %q", s.Reason)
		}
		lost := time.Now()
		w.live(5 * time.Second)
		run.Recovered(time.Since(lost))
		if n := len(w.feed.Dials()); n != 2 {
			t.Errorf("%d dials", n)
		}
	})
}

// The machine sleeps: the clock on the wall goes on, nothing else does.
func TestFault37SuspendAndResume(t *testing.T) {
	inFault(t, 37, func(t *testing.T, run *faults.Run) {
		var asleep time.Duration
		wake := make(chan time.Duration, 1)
		w := play(t, healthySession, func(o *Options) {
			o.Machine.Wall = func() time.Time { // the engine's goroutine
				select {
				case gone := <-wake:
					asleep += gone
				default:
				}
				return time.Now().Add(asleep)
			}
		})
		w.liveFor()
		before := len(w.dialledAt(streamHost))
		resumed := time.Now()
		wake <- 8 * time.Hour
		s := w.await(time.Second, "dials anew", func(s *model.State) bool { return s.Counters.Reconnects == 1 })
		run.Noticed(time.Since(resumed))
		w.live(5 * time.Second)
		run.Recovered(time.Since(resumed))
		if at := w.dialledAt(streamHost); len(at) != before+1 || s.Counters.Dials != 2 || !strings.Contains(w.log.String(), `"machine slept","for":28800`) {
			t.Errorf("dialled %d times more", len(at)-before)
		}
		wake <- -10 * time.Minute // the clock set back is no sleep
		w.holds(time.Minute, "stays", func(s *model.State) bool { return s.Link == model.Live })
		time.Sleep(2 * time.Minute)
		if _, gaps := w.checkAccounts(); gaps != 0 {
			t.Errorf("%d contracts in gaps although REST has them", gaps)
		}
	})
}
