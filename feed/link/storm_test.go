package link

import (
	"slices"
	"testing"
	"time"

	"optflow/feed/plan"
	"optflow/model"

	"pgregory.net/rapid"
)

// Whatever happens in whatever order: dials stay within the law, every state in
// which the machine waits for the world ends, and an hour of a friendly one
// brings it Live.
func TestAnythingMayHappen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t, func(o *Options) {
			o.Beliefs = plan.Beliefs{NoDelayed: rapid.Bool().Draw(rt, "one host")}
			o.Subscribe = rapid.SampledFrom([]Subscribe{SubscribeAuto, SubscribeContracts, SubscribeAll}).Draw(rt, "how")
			o.Names.(*catalog).n = rapid.IntRange(0, 3).Draw(rt, "names")
		})
		see := func() {
			for i := LawMost; i < len(r.dials); i++ {
				if d := r.dials[i].Sub(r.dials[i-LawMost]); d < LawWithin {
					rt.Fatalf("%d dials within %v", LawMost+1, d)
				}
			}
			if connected := !slices.Contains(alone, r.phase); connected != (r.conn != nil) {
				rt.Fatalf("%v, and there is a connection: %v", r.phase, r.conn != nil)
			}
			if r.State().Until.IsZero() && !slices.Contains(endless, r.phase) {
				rt.Fatalf("%v without a deadline", r.phase)
			}
		}
		r.step(Connect{})
		for range rapid.IntRange(1, 60).Draw(rt, "events") {
			r.step(anything(rt, r))
			see()
			r.pass(time.Duration(rapid.SampledFrom([]int64{0, 1, 1, 3, 20, 100, 1000}).Draw(rt, "seconds")) * time.Second)
			see()
		}
		r.names.n = 3
		r.step(Connect{}, RESTTook{}, Names{Changed: true})
		for range 3600 {
			switch {
			case r.phase == model.PhaseDialing:
				r.step(Up{Conn: r.conns})
			case r.phase == model.PhaseGreeting:
				r.step(r.say(Greets), r.say(TakesKey))
			case r.phase == model.PhaseEvicted && r.State().Until.IsZero():
				r.step(Retake{})
			case r.subs.flight != nil:
				r.answerAll()
			case delivers(r.phase):
				r.step(r.data())
			}
			if r.phase == model.PhaseLive && r.subs.flight == nil {
				return
			}
			r.pass(time.Second)
		}
		rt.Fatalf("still %v after an hour of a friendly world: %s", r.phase, r.reason)
	})
}

// Phases without a connection, and those that may last.
var (
	alone   = []model.Phase{model.PhaseIdle, model.PhasePaused, model.PhaseBackoff, model.PhaseEvicted, model.PhaseRefused, model.PhaseNotEntitled}
	endless = []model.Phase{model.PhaseIdle, model.PhasePaused, model.PhaseEvicted, model.PhaseLive, model.PhaseQuiet}
)

// anything is some event.
func anything(rt *rapid.T, r *rig) Event {
	words := []Word{0, Greets, TakesKey, RefusesKey, LoginTooLate, NoStream, OnlyDelayed, NotAuthorized, Errs, TakesSlot}
	ends := []EndKind{Unreached, Misplaced, KeyRefused, PlanLacks, Cut, Goodbye, TooBig, Garbled}
	conn := r.conns - min(r.conns, uint64(rapid.IntRange(0, 5).Draw(rt, "conn")/5))
	return rapid.SampledFrom([]Event{
		Connect{}, Pause{}, Retake{}, Yield{"why"}, Window{model.Minute}, Window{model.Second}, Woke{}, Names{}, Names{Changed: true},
		Up{Conn: conn}, Up{Conn: conn}, Up{Conn: conn, Bare: rapid.Bool().Draw(rt, "bare")},
		Down{conn, End{Kind: rapid.SampledFrom(ends).Draw(rt, "end"), Code: rapid.IntRange(1000, 1016).Draw(rt, "code")}},
		Said{Conn: conn, Word: rapid.SampledFrom(words).Draw(rt, "word")},
		Said{Conn: conn, Word: Greets}, Said{Conn: conn, Word: TakesKey},
		Acknowledged{Conn: conn, Channel: SecondBars, All: true}, Acknowledged{Conn: conn, Channel: MinuteBars, Drop: true, All: true},
		Acknowledged{Conn: conn, Channel: SecondBars, ID: 1}, &Data{Conn: conn, Channel: SecondBars, At: r.at}, Unreadable{conn},
		RESTTook{}, RESTMute{}, RESTBack{}, RESTRefused{"no"}, Chains{true}, Chains{}, Probed{conn, true}, Probed{conn, false},
	}).Draw(rt, "event")
}
