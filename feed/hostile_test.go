package feed

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"optflow/feed/link"
	"optflow/feed/rest"
)

// Whatever a hostile server does in whatever order: at most 20 dials in any 5
// minutes, at most 10 requests in any second, and when it turns friendly the
// engine is Live again without a hand, with no lot lost or doubled.
func TestHostileServerCausesNoStorm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 11), 3, 9).Draw(rt, "steps")
		pauses := rapid.SliceOfN(rapid.SampledFrom([]int{1, 5, 12, 40, 70, 200}), len(steps), len(steps)).Draw(rt, "pauses in seconds")
		seed := rapid.Uint64().Draw(rt, "seed")
		inBubble(t, func(t *testing.T) {
			m := newMarket(chainSymbols("SPY", 8)...)
			s := m.server
			r := newRig(t, m, func(o *Options) {
				o.Rand = rand.New(rand.NewPCG(seed, 1))
				streams(o).Delayed = Endpoint{URL: "ws://delayed"}
			})
			for i, step := range steps {
				s.set(func() { hostility(s, step) })
				if w := s.last(); w != nil && step%2 == 1 {
					w.cut(closeWith(1000 + step))
				}
				time.Sleep(time.Duration(pauses[i]) * time.Second)
			}
			s.set(func() { hostility(s, -1) })
			r.engine.Retake()
			r.live(16 * time.Minute)
			time.Sleep(3 * time.Minute)
			m.set(func() { m.perSec = 0 })
			time.Sleep(3 * time.Minute)
			r.everyLot()
			r.end()
			rt.Logf("%d dials", len(s.dialTimes()))
			for i := range s.dialTimes() {
				if i >= link.LawMost && s.dialTimes()[i].Sub(s.dialTimes()[i-link.LawMost]) < link.LawWithin {
					rt.Fatalf("%d dials within %v", link.LawMost+1, s.dialTimes()[i].Sub(s.dialTimes()[i-link.LawMost]))
				}
			}
			for i := range m.requests() {
				if i >= rest.Rate && m.requests()[i].Sub(m.requests()[i-rest.Rate]) < time.Second {
					rt.Fatalf("%d requests within %v", rest.Rate+1, m.requests()[i].Sub(m.requests()[i-rest.Rate]))
				}
			}
		})
	})
}

// hostility turns all knobs; -1 is a friendly server.
func hostility(s *server, step int) {
	s.dialErr, s.blackHole, s.mute, s.noLogin, s.login = nil, false, false, false, [2]string{}
	s.refuseAll, s.refuseNames, s.noAcks, s.silent, s.onDial = [2]string{}, [2]string{}, false, false, nil
	switch step {
	case 0:
		s.dialErr = dialError("connection refused")
	case 1:
		s.blackHole = true
	case 2:
		s.mute = true
	case 3:
		s.noLogin = true
	case 4:
		s.login = [2]string{"auth_timeout", "No authentication request received."}
	case 5:
		s.refuseAll = [2]string{"error", "too many"}
	case 6:
		s.noAcks, s.silent = true, true
	case 7:
		s.onDial = func(_ int, w *fakeWire) { w.cut(closeWith(1000)) }
	case 8:
		s.onDial = func(_ int, w *fakeWire) {
			w.say("max_connections", maxText)
			w.cut(closeWith(1008))
		}
	case 9:
		s.login = [2]string{"auth_failed", "authentication failed"}
	case 10:
		s.onDial = func(_ int, w *fakeWire) {
			w.wait(time.Second)
			w.cut(errConnection)
		}
	case 11:
		s.refuseNames, s.refuseAll = [2]string{"error", "not authorized"}, [2]string{"error", "not authorized"}
	}
}
