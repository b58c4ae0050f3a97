package link

import (
	"testing"
	"time"

	"optflow/model"
)

func byName(n int) func(*Options) {
	return func(o *Options) { o.Subscribe = SubscribeContracts; o.Names.(*catalog).n = n }
}

// Names go in batches, one in flight, and each once; new ones follow, those not
// wanted any more are dropped.
func TestNamesInBatches(t *testing.T) {
	r := newRig(t, byName(1200))
	r.step(Connect{})
	r.did = nil
	r.login()
	for _, want := range []int{500, 500, 200} {
		asks := actions[Ask](r)
		if len(asks) != 1 || len(asks[0].IDs) != want || asks[0].Drop || asks[0].All {
			t.Fatalf("%d messages in flight, want one of %d names", len(asks), want)
		}
		for _, id := range asks[0].IDs {
			r.step(Acknowledged{Conn: 1, Channel: SecondBars, ID: id})
		}
	}
	if s := r.State(); s.Names != 1200 || s.All || r.subs.flight != nil {
		t.Fatalf("%d names", s.Names)
	}
	r.names.n = 1201
	r.step(Names{})
	r.pass(100 * time.Millisecond)
	if asks := actions[Ask](r); len(asks) != 1 || len(asks[0].IDs) != 1 || asks[0].IDs[0] != 1200 {
		t.Fatalf("a new name: %v", asks)
	}
	r.answerAll()
	r.names.unwanted = map[model.ContractID]bool{7: true}
	r.step(Names{Changed: true})
	if asks := actions[Ask](r); len(asks) != 1 || !asks[0].Drop || len(asks[0].IDs) != 1 || asks[0].IDs[0] != 7 {
		t.Fatalf("a name not wanted: %v", asks)
	}
	r.answerAll()
	if s := r.State(); s.Names != 1200 {
		t.Errorf("%d names", s.Names)
	}
}

// A name without an answer costs that name; the others are held.
func TestUnansweredName(t *testing.T) {
	r := newRig(t, byName(3))
	r.step(Connect{})
	r.login()
	for _, id := range []model.ContractID{0, 2} {
		r.step(Acknowledged{Conn: 1, Channel: SecondBars, ID: id})
	}
	r.pass(AckTimeout)
	if s := r.State(); s.Names != 2 || s.Phase != model.PhaseLive {
		t.Errorf("%v, %d names", s.Phase, s.Names)
	}
	r.did = nil
	r.pass(time.Second)
	if asks := actions[Ask](r); len(asks) != 0 {
		t.Errorf("asked again: %v", asks)
	}
}

// A refusal of all leads to names; of names, to none.
func TestRefusals(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Names.(*catalog).n = 2 })
	r.step(Connect{})
	r.login()
	r.step(r.say(Errs))
	if len(actions[Discover](r)) != 1 || r.State().Wildcard {
		t.Fatal("refused all, and names are not looked for")
	}
	if f := r.subs.flight; f == nil || f.all || len(f.ids) != 2 {
		t.Fatalf("%+v", f)
	}
	r.step(r.say(NotAuthorized))
	if r.phase != model.PhaseNotEntitled || !r.State().NoStream {
		t.Errorf("%v: %s", r.phase, r.reason)
	}
}

// All of a channel that stays silent while REST has newer data is given up for
// names, after its own unsubscribing.
func TestSilentWildcard(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Names.(*catalog).n = 2 })
	r.step(Connect{})
	r.login()
	r.answerAll()
	r.pass(SilentSecond)
	if len(actions[Probe](r)) != 1 {
		t.Fatal("REST is not asked")
	}
	r.step(Probed{Conn: 1, Newer: true})
	if f := r.subs.flight; f == nil || !f.drop || !f.all {
		t.Fatalf("%+v", f)
	}
	r.step(Acknowledged{Conn: 1, Channel: SecondBars, Drop: true, All: true})
	if f := r.subs.flight; f == nil || f.drop || len(f.ids) != 2 || r.phase != model.PhaseQuiet {
		t.Fatalf("%v, %+v", r.phase, f)
	}
}

// A server that finds us too slow twice is asked for less, one that finds a
// message too big gets shorter ones.
func TestLessAsked(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Names.(*catalog).n = 600 })
	for n := range 2 {
		r.live()
		r.step(Down{r.conns, End{Kind: Goodbye, Code: 1008}})
		if wildcard := r.State().Wildcard; wildcard != (n == 0) {
			t.Fatalf("time %d: all is wanted: %v", n, wildcard)
		}
	}
	r.until(model.PhaseDialing, time.Minute)
	r.login()
	r.step(Down{r.conns, End{Kind: Goodbye, Code: 1009}})
	r.until(model.PhaseDialing, time.Minute)
	r.did = nil
	r.login()
	if asks := actions[Ask](r); len(asks) != 1 || len(asks[0].IDs) != BatchNames/2 {
		t.Errorf("%d names after a message too big", len(asks[0].IDs))
	}
}

// The change of the window waits for the new channel's acknowledgement, takes
// effect at a minute, and leaves the old channel a minute and a quarter later.
func TestWindowChange(t *testing.T) {
	r := newRig(t, nil)
	r.live()
	r.pass(20 * time.Second)
	r.did = nil
	r.step(Window{model.Minute})
	asks := actions[Ask](r)
	if len(asks) != 1 || asks[0].Channel != MinuteBars || !asks[0].All {
		t.Fatalf("%+v", asks)
	}
	r.answerAll()
	spans := actions[SpanFrom](r)
	boundary := tuesday.Add(time.Minute)
	if len(spans) != 1 || spans[0] != (SpanFrom{model.Minute, boundary.UnixMilli()}) {
		t.Fatalf("%+v", spans)
	}
	r.pass(boundary.Sub(r.at) - 100*time.Millisecond)
	if r.State().Span != model.Second {
		t.Error("in force before the minute")
	}
	r.pass(100 * time.Millisecond)
	if r.State().Span != model.Minute || len(r.subs.channels) != 2 {
		t.Errorf("%v at the minute, %d channels", r.State().Span, len(r.subs.channels))
	}
	r.did = nil
	r.pass(BothMillis*time.Millisecond + 100*time.Millisecond)
	if asks := actions[Ask](r); len(asks) != 1 || asks[0].Channel != SecondBars || !asks[0].Drop {
		t.Fatalf("%+v", asks)
	}
	r.answerAll()
	if len(r.subs.channels) != 1 || r.subs.channels[0].Channel != MinuteBars {
		t.Errorf("%d channels are left", len(r.subs.channels))
	}
}

// A wish taken back before it began drops the new channel; a refused one leaves
// everything as it was.
func TestWindowTakenBack(t *testing.T) {
	for name, then := range map[string]func(*rig){
		"taken back": func(r *rig) { r.step(Window{model.Second}); r.answerAll() },
		"refused":    func(r *rig) { r.step(r.say(Errs)) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			r.live()
			r.step(Window{model.Minute})
			then(r)
			r.pass(3 * time.Second)
			r.answerAll()
			if s := r.State(); s.Span != model.Second || !s.All || r.subs.window.changing() || len(r.subs.channels) != 1 {
				t.Errorf("%v, changing %v, %d channels", s.Span, r.subs.window.changing(), len(r.subs.channels))
			}
			if len(actions[SpanFrom](r)) != 0 {
				t.Error("the tape is told of another window")
			}
		})
	}
}

// What was wished for while nothing was connected, and the next connection refuses,
// leaves everything as it was, too, and the next wish begins as the first one did.
func TestWindowRefusedByTheNextConnection(t *testing.T) {
	r := newRig(t, nil)
	r.live()
	r.step(Down{Conn: r.conns, End: End{Text: ReasonLost}})
	r.did = nil
	r.step(Window{model.Minute})
	told := actions[SpanFrom](r)
	r.until(model.PhaseDialing, 2*time.Minute)
	r.login()
	r.did = nil
	r.step(r.say(Errs))
	back := actions[SpanFrom](r)
	if len(told) != 1 || len(back) != 1 || back[0] != (SpanFrom{model.Second, told[0].At}) {
		t.Errorf("the tape is told %+v, then %+v", told, back)
	}
	r.answerAll()
	if s := r.State(); r.phase != model.PhaseLive || s.Span != model.Second || !s.All || len(r.subs.channels) != 1 {
		t.Fatalf("%v, %v windows, %d channels: %s", r.phase, s.Span, len(r.subs.channels), s.Reason)
	}
	r.did = nil
	r.step(Window{model.Minute})
	if n := len(actions[SpanFrom](r)); n != 0 {
		t.Errorf("the tape is told of %d changes that are not acknowledged", n)
	}
}

// Where nothing is connected the window changes at the next minute, and where
// the channel is part of the address by a new connection.
func TestWindowByANewConnection(t *testing.T) {
	r := newRig(t, nil)
	r.step(Connect{}, Up{Conn: 1, Bare: true})
	if r.phase != model.PhaseSubscribing {
		t.Fatalf("%v without a login to wait for", r.phase)
	}
	r.pass(AckTimeout) // nothing is acknowledged there
	if r.phase != model.PhaseLive {
		t.Fatalf("%v", r.phase)
	}
	r.did = nil
	r.step(Window{model.Minute})
	if r.phase != model.PhaseBackoff || r.reason != "changing the window" || len(actions[SpanFrom](r)) != 1 {
		t.Fatalf("%v: %q", r.phase, r.reason)
	}
	r.until(model.PhaseDialing, time.Minute)
	if dials := actions[Dial](r); dials[0].Channel != MinuteBars {
		t.Errorf("%+v", dials)
	}
}

func TestChannelsOfBars(t *testing.T) {
	for _, span := range []model.Span{model.Second, model.Minute} {
		if BarsOf(span).Span() != span {
			t.Errorf("bars of %d ms are of %d", span, BarsOf(span).Span())
		}
	}
}
