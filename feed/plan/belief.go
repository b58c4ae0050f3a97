package plan

import "time"

// ladder is how long a denial is believed, the first time, the second, and then.
var ladder = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute}

// badKey is how long a key is believed to be wrong that nobody has taken in this
// run, and silence how long a host is that takes the key and serves nothing:
// silence names no reason, so it is asked again soon.
const (
	badKey  = 15 * time.Minute
	silence = time.Minute
)

// lastWorked is for how long after its last good moment a stream that works is
// preferred to one that has to be asked anew.
const lastWorked = 15 * time.Minute

// Denial is something that a server denied: a fact with a time to live. What has
// worked in this run has to be denied once more before it is believed. The zero
// value denies nothing.
type Denial struct {
	until  time.Time // believed until then
	claims int       // in a row
	times  int       // believed in a row
	worked bool
}

// Deny books a denial and says for how long it is believed from now on: 0 when it
// is not believed yet, or already was.
func (d *Denial) Deny(now time.Time) (lasts time.Duration) {
	if d.Holds(now) {
		return 0
	}
	return d.deny(now, 1, ladder[min(d.times, len(ladder)-1)])
}

// deny believes what has been claimed need times in a row, for a time.
func (d *Denial) deny(now time.Time, need int, lasts time.Duration) time.Duration {
	if d.worked {
		need++
	}
	if d.claims++; d.claims < need {
		return 0
	}
	d.times++
	d.until = now.Add(lasts)
	return lasts
}

// Holds reports whether it is believed now.
func (d *Denial) Holds(now time.Time) bool { return now.Before(d.until) }

// Denied reports whether the last word was a denial, believed or not, in force
// or not: until it is lifted what was denied is not known to be there.
func (d *Denial) Denied() bool { return d.claims > 0 }

// Lift is what a good answer means.
func (d *Denial) Lift() { *d = Denial{worked: true} }

// Forget lets it be asked at once, because somebody wants to.
func (d *Denial) Forget() { d.until, d.times = time.Time{}, 0 }

// Belief is what one stream host is believed to say of the key.
type Belief struct {
	Denial
	said    Answer    // what is believed
	claimed Answer    // what it last denied, believed or not
	good    time.Time // when it last worked
}

// Hear books what a host denied and reports whether that is believed: a wrong
// key takes two refusals, and whatever denies what has worked in this run one
// more.
func (b *Belief) Hear(a Answer, now time.Time, noKey bool) bool {
	if a != b.claimed {
		b.claimed, b.claims = a, 0
	}
	need, lasts := 1, ladder[min(b.times, len(ladder)-1)]
	switch a {
	case Refused:
		if !noKey {
			need = 2
		}
		if !b.worked {
			lasts = badKey
		}
	case Silent:
		lasts = silence
	}
	if b.deny(now, need, lasts) == 0 {
		return false
	}
	b.said = a
	return true
}

// Took is a login that was accepted: whatever else it says, the key is none of
// what is wrong here.
func (b *Belief) Took() {
	if b.claimed == Refused {
		b.claimed, b.claims = Unasked, 0
	}
	if b.said == Refused {
		b.said, b.until = Unasked, time.Time{}
	}
}

// Serves says that the host acknowledges what it is asked for, and with data
// that it sends it.
func (b *Belief) Serves(now time.Time, data bool) {
	if b.said, b.claimed, b.good = Works, Unasked, now; data {
		b.Lift()
	} else {
		b.claims, b.until = 0, time.Time{}
	}
}

// At is what the host is believed to say now.
func (b *Belief) At(now time.Time) Answer {
	switch {
	case b.said == Works && now.Sub(b.good) < lastWorked:
		return Works
	case b.said != Works && b.Holds(now):
		return b.said
	}
	return Unasked
}

// Beliefs are what is believed about the key. The zero value knows nothing, of
// a real-time host and a delayed one.
type Beliefs struct {
	Realtime, Delayed     Belief
	NoRealtime, NoDelayed bool // there is no such host, or it was not chosen
	NoKey                 bool // none is set
	NoSnapshots           bool // as in Facts

	rest     Denial // of the key by REST
	answered bool   // REST took the key, and has not refused it since
	late     bool   // it said that its data is delayed
	mute     bool   // it does not answer
}

// Choice says which of the vendor's stream hosts may be dialled.
type Choice uint8

// Choices of host. AnyHost tries the delayed one once the real-time one refuses.
const (
	AnyHost Choice = iota
	RealtimeOnly
	DelayedOnly
)

// NewBeliefs knows of the hosts what the settings say.
func NewBeliefs(c Choice, key, delayed bool) Beliefs {
	b := Beliefs{NoKey: !key, NoDelayed: !delayed || c == RealtimeOnly}
	b.NoRealtime = c == DelayedOnly && !b.NoDelayed
	return b
}

// TookByREST is an answer of REST with data.
func (b *Beliefs) TookByREST() {
	b.answered, b.mute = true, false
	b.rest.Lift()
}

// IsLate is REST's word that the plan's data is delayed.
func (b *Beliefs) IsLate() { b.late = true }

// Mute notes that REST cannot be asked now.
func (b *Beliefs) Mute() { b.mute = true }

// RefusedByREST books a refusal and says for how long it is believed, 0 when it
// is not yet: then it is to be asked once more.
func (b *Beliefs) RefusedByREST(now time.Time) (lasts time.Duration) {
	lasts = badKey
	if b.rest.worked {
		lasts = ladder[min(b.rest.times, len(ladder)-1)]
	}
	return b.rest.deny(now, 2, lasts)
}

// ForgetREST lets REST be asked at once.
func (b *Beliefs) ForgetREST() { b.rest.claims, b.rest.until = 0, time.Time{} }

// Forget lets everything that was denied be asked again, because the user wants
// to.
func (b *Beliefs) Forget() {
	b.Realtime.Forget()
	b.Delayed.Forget()
	b.rest.Forget()
}

// Facts are what the table looks at now.
func (b *Beliefs) Facts(now time.Time) Facts {
	f := Facts{Realtime: b.Realtime.At(now), Delayed: b.Delayed.At(now), NoKey: b.NoKey, NoSnapshots: b.NoSnapshots}
	if b.NoRealtime {
		f.Realtime = None
	}
	if b.NoDelayed {
		f.Delayed = None
	}
	doubted := f.Realtime == Refused || f.Delayed == Refused // one refusal more settles it
	switch {
	case b.rest.Holds(now), doubted && b.rest.Denied():
		f.REST = Refuses
	case b.late:
		f.REST = Late
	case b.answered:
		f.REST = Takes
	case b.mute:
		f.REST = Mute
	}
	return f
}

// Verdict is what follows from what is believed now.
func (b *Beliefs) Verdict(now time.Time) Verdict { return Decide(b.Facts(now)) }

// AskedAgain is when the first of the denials in force ends; zero: there is
// none.
func (b *Beliefs) AskedAgain(now time.Time) (at time.Time) {
	for _, d := range []*Denial{&b.Realtime.Denial, &b.Delayed.Denial, &b.rest} {
		if d.Holds(now) && (at.IsZero() || d.until.Before(at)) {
			at = d.until
		}
	}
	return at
}
