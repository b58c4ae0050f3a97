package clock

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// voter is a clock with sources that can be set wrong, each by an offset in ms.
type voter struct {
	*Clock
	*hand
	truth                func() int64
	server, stream, wall int64
}

func newVoter() *voter {
	v := &voter{hand: newHand()}
	v.truth = func() int64 { return v.at.UnixMilli() }
	v.Clock = On(Machine{Now: v.hand.now, Wall: func() time.Time { return time.UnixMilli(v.truth() + v.wall) }})
	return v
}

func (v *voter) serverSays() { v.Set((v.truth()+v.server)/1000*1000, v.at) }
func (v *voter) streamSays() { v.Heard(v.truth()+v.stream-2_000, 2_000, v.at) }

// Whoever is wrong, by whatever, from whenever on: as soon as the others have
// spoken the clock is right, and what is wrong by itself moves nothing.
func TestClockByAgreement(t *testing.T) {
	const far = 26 * 3600_000
	for _, by := range []int64{far, -far, 5 * 60_000, -5 * 60_000, 400 * 24 * 3600_000} {
		for name, wrong := range map[string]func(v *voter){
			"server":           func(v *voter) { v.server = by },
			"stream":           func(v *voter) { v.stream = by },
			"this machine":     func(v *voter) { v.wall = by },
			"nobody":           func(*voter) {},
			"one answer":       func(v *voter) { v.server = by; v.serverSays(); v.server = 0 },
			"one burst":        func(v *voter) { v.stream = by; v.streamSays(); v.stream = 0 },
			"two answers soon": func(v *voter) { v.server = by; v.serverSays(); v.serverSays(); v.server = 0 },
		} {
			v := newVoter()
			what := fmt.Sprintf("%s wrong by %v", name, time.Duration(by)*time.Millisecond)
			for i := range 100 {
				if i == 20 {
					wrong(v)
					within(t, what+", at once", v.Now(), v.truth(), 1500)
				}
				v.serverSays()
				v.streamSays()
				within(t, what, v.Now(), v.truth(), 1500)
				v.pass(3 * time.Second)
			}
			if s := v.Standing(v.at); s.Leaps != 0 || s.Provisional {
				t.Errorf("%s: %+v", what, s)
			}
		}
	}
}

// A server is followed against this machine's clock while nothing else speaks,
// and left again as soon as the stream does.
func TestClockFollowsTheServerProvisionally(t *testing.T) {
	v := newVoter()
	v.serverSays()
	v.server = 26 * 3600_000
	var began time.Time
	for range 20 {
		v.serverSays()
		if began.IsZero() {
			began = v.at
		}
		if wrong := v.Now() > v.truth()+3600_000; wrong != (v.at.Sub(began) >= restOver) {
			t.Fatalf("%v after the first odd answer the clock followed: %v", v.at.Sub(began), wrong)
		}
		v.pass(5 * time.Second)
	}
	if s := v.Standing(v.at); !s.Provisional || s.Leaps != 1 || s.Machine > -3600_000 {
		t.Errorf("not said to be provisional: %+v", s)
	}
	v.streamSays()
	within(t, "the stream speaks", v.Now(), v.truth(), 1500)
	for range 20 {
		v.serverSays()
		v.streamSays()
		within(t, "the server goes on", v.Now(), v.truth(), 1500)
		v.pass(5 * time.Second)
	}
	if s := v.Standing(v.at); s.Provisional || s.Leaps != 2 {
		t.Errorf("%+v", s)
	}
}

// The first answer is taken at its word, since nothing rests on the time yet;
// the second may take it back.
func TestClockTakesTheFirstAnswerBack(t *testing.T) {
	v := newVoter()
	v.server = 26 * 3600_000
	v.serverSays()
	within(t, "first", v.Now(), v.truth()+v.server, 1000)
	v.server = 0
	v.serverSays()
	within(t, "second", v.Now(), v.truth(), 1000)
}

// Without a server the stream is right and the wall wrong, after a while.
func TestClockFollowsTheStreamAlone(t *testing.T) {
	for _, by := range []int64{3 * 24 * 3600_000, -3 * 24 * 3600_000} {
		v := newVoter()
		v.wall = by
		v.shift(by)
		for i := range 15 {
			v.streamSays()
			v.pass(3 * time.Second)
			if i >= int(heardOver/(3*time.Second)) {
				within(t, "after a while", v.Now(), v.truth(), 100)
			}
		}
		if s := v.Standing(v.at); !s.Provisional {
			t.Errorf("%+v", s)
		}
	}
}

// A machine that slept: its own clock and one answer say so.
func TestClockAfterSleep(t *testing.T) {
	v := newVoter()
	v.serverSays()
	asleep := int64(3 * 3600_000)
	v.truth = func() int64 { return v.at.UnixMilli() + asleep } // monotonic time stood still
	v.serverSays()
	within(t, "awake", v.Now(), v.truth(), 1000)
}

// One source may say anything at any time; the clock is right again whenever
// the two others have spoken.
func TestClockSurvivesAnyOneSource(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		v := newVoter()
		liar := rapid.IntRange(0, 2).Draw(r, "liar")
		lie := []*int64{&v.server, &v.stream, &v.wall}[liar]
		v.serverSays()
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			*lie = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(-1e12, 1e12)).Draw(r, "lie")
			v.pass(time.Duration(rapid.IntRange(0, 20_000).Draw(r, "ms")) * time.Millisecond)
			for range rapid.IntRange(0, 3).Draw(r, "answers") {
				v.serverSays()
			}
			if liar != 0 {
				v.serverSays()
			}
			v.streamSays()
			if d := v.Now() - v.truth(); d > 61_000 || d < -61_000 {
				t.Fatalf("off by %v with source %d wrong by %v: %+v", time.Duration(d)*time.Millisecond, liar, time.Duration(*lie)*time.Millisecond, v.Standing(v.at))
			}
		}
	})
}
