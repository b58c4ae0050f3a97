package link

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"optflow/feed/plan"
	"optflow/model"
)

// tuesday is 10:00 in New York, in session.
var tuesday = time.Date(2026, time.March, 3, 15, 0, 0, 0, time.UTC)

// catalog are contracts that are all wanted but those named.
type catalog struct {
	n        int
	unwanted map[model.ContractID]bool
}

func (c *catalog) Len() int                                     { return c.n }
func (c *catalog) Wants(id model.ContractID, _ model.Date) bool { return !c.unwanted[id] }

// rig is a machine with a hand on the time.
type rig struct {
	*Machine
	t     testing.TB
	at    time.Time
	open  bool
	heard time.Time // when the last byte came; zero: just now
	names *catalog
	did   []Action // since last asked
	dials []time.Time
}

func newRig(t testing.TB, set func(*Options)) *rig {
	r := &rig{t: t, at: tuesday, open: true, names: &catalog{}}
	o := Options{
		Span: model.Second, Names: r.names, Rand: rand.New(rand.NewPCG(1, 2)),
		Beliefs: plan.Beliefs{NoDelayed: true},
	}
	if set != nil {
		set(&o)
	}
	r.Machine = New(o)
	return r
}

// step is Step, now.
func (r *rig) step(events ...Event) {
	for _, ev := range events {
		for _, a := range r.Step(ev, Now{At: r.at, Market: r.at.UnixMilli(), Delay: 900_000, Open: r.open}) {
			if _, dials := a.(Dial); dials {
				r.dials = append(r.dials, r.at)
			}
			r.did = append(r.did, a)
		}
	}
}

// pass lets time pass, in ticks as the engine makes them.
func (r *rig) pass(d time.Duration) {
	for end := r.at.Add(d); r.at.Before(end); {
		r.at = r.at.Add(min(100*time.Millisecond, end.Sub(r.at)))
		heard := r.heard
		if heard.IsZero() {
			heard = r.at
		}
		r.step(Tick{Heard: heard})
	}
}

// until lets time pass until the phase is another, and returns how much did.
func (r *rig) until(p model.Phase, most time.Duration) time.Duration {
	r.t.Helper()
	from := r.at
	for r.phase != p {
		if r.at.Sub(from) > most {
			r.t.Fatalf("still %v after %v, want %v", r.phase, most, p)
		}
		r.pass(100 * time.Millisecond)
	}
	return r.at.Sub(from)
}

// actions are those of one type since last asked.
func actions[A Action](r *rig) (some []A) {
	for _, a := range r.did {
		if a, ok := a.(A); ok {
			some = append(some, a)
		}
	}
	r.did = nil
	return some
}

func (r *rig) say(w Word) Event { return Said{Conn: r.conns, Word: w, Text: "the server's words"} }

func (r *rig) data() Event {
	return &Data{Conn: r.conns, Channel: BarsOf(r.subs.window.span), At: r.at}
}

// login brings a connection as far as asking for data.
func (r *rig) login() {
	r.step(Up{Conn: r.conns})
	r.step(r.say(Greets), r.say(TakesKey))
}

// live brings the machine as far as it goes, from the start or after a dial.
func (r *rig) live() {
	r.t.Helper()
	if r.phase == model.PhaseIdle {
		r.step(Connect{})
	}
	r.until(model.PhaseDialing, 2*time.Minute)
	r.login()
	r.answerAll()
	if r.phase != model.PhaseLive {
		r.t.Fatalf("%v after a login and all answers", r.phase)
	}
	r.step(r.data())
	r.did = nil
}

// answerAll acknowledges what is asked for until nothing is.
func (r *rig) answerAll() {
	for r.subs.flight != nil {
		f := r.subs.flight
		if f.all {
			r.step(Acknowledged{Conn: r.conns, Channel: f.channel.Channel, Drop: f.drop, All: true})
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(f.ids)) {
			r.step(Acknowledged{Conn: r.conns, Channel: f.channel.Channel, Drop: f.drop, ID: id})
		}
	}
}
