// Package plan decides what a key is good for, out of what the hosts have said
// of it: one table that the monitor, tail and doctor share. It is pure: who
// asks the hosts, waits and dials is the engine's, the vendor's own words are
// feed/massive's.
package plan

// Answer is what one stream host last said of the key.
type Answer uint8

// Answers of a stream.
const (
	Unasked Answer = iota // nothing that tells, or too long ago to count
	Works                 // it takes the key and serves what was asked for
	Refused               // it does not take the key, and says nothing of a plan
	NoPlan                // it says in the vendor's own words that the plan lacks it
	Silent                // it takes the key, and then neither acknowledges nor sends
	None                  // there is no such host, or it was not chosen
)

// String names the answer in words.
func (a Answer) String() string {
	return [...]string{"unasked", "works", "refused", "no plan", "silent", "none"}[a]
}

// REST is what the REST endpoints last said of the key.
type REST uint8

// Answers of REST.
const (
	Unheard REST = iota // no answer yet; one may come any moment
	Mute                // there is no answer to be had
	Takes               // it answers with data
	Late                // it does, and says that the plan's data is delayed
	Refuses             // it does not take the key
)

// String names the answer in words.
func (r REST) String() string {
	return [...]string{"unheard", "mute", "takes", "late", "refuses"}[r]
}

// Facts are all that the table looks at.
type Facts struct {
	Realtime, Delayed Answer
	REST              REST
	NoSnapshots       bool // REST says that the plan has no chains, so nothing can be polled
	NoKey             bool // none is set
}

// Act is what to do about the stream.
type Act uint8

// What to do.
const (
	DialRealtime Act = iota
	DialDelayed
	AwaitREST // a stream does not take the key: wait a moment for what REST says of it
	Poll      // no stream for now: REST does the work
	Stop      // neither may work
)

// String names the act in words.
func (a Act) String() string {
	return [...]string{"dial real time", "dial delayed", "await REST", "poll", "stop"}[a]
}

// Why is the reason of a verdict.
type Why uint8

// Reasons. The first needs no words.
const (
	AllWell          Why = iota
	NotInPlan            // no real time in the plan: the delayed host is the one
	RefusedThere         // the real-time host refuses the key
	SilentThere          // the real-time host stays silent
	PlanIsLate           // REST says that the plan is a delayed one
	NoStreamInPlan       // no stream at all
	NoStreamTakesKey     // REST takes the key, no stream does
	StreamsSilent        // they take the key and serve nothing
	BadKey               // refused by all who were asked
	NoKeySet             // a key is wanted and none is set
	NothingInPlan        // neither stream nor chains
	OnlyRefusals         // the streams have nothing for the key, and REST refuses it
)

// Verdict is what follows from the facts.
type Verdict struct {
	Do  Act
	Why Why
}

// set is a set of answers, one bit each.
type set uint8

func (s set) has(a uint8) bool { return s&(1<<a) != 0 }

// Sets that the table is written in.
const (
	anything = ^set(0)

	works   set = 1 << Works
	unasked set = 1 << Unasked
	silent  set = 1 << Silent
	none    set = 1 << None
	refused set = 1 << Refused
	noPlan  set = 1 << NoPlan
	keyless     = refused | none // nobody there takes the key

	unheard set = 1 << Unheard
	late    set = 1 << Late
	takes   set = 1<<Takes | late
	refuses set = 1 << Refuses
)

// table is read from the top; the first row that fits counts. A host that works
// is kept. A key that REST takes is good, whatever a stream calls it, and the
// delayed host is tried before anything is called wrong. While the delayed
// stream works the real-time host is left alone: it would count as a second
// connection of the key and end ours.
var table = [...]struct {
	realtime, delayed, rest set
	Verdict
}{
	{works, anything, anything, Verdict{DialRealtime, AllWell}},
	{anything, works, anything, Verdict{DialDelayed, AllWell}},

	{unasked, unasked | keyless, refuses, Verdict{Stop, BadKey}}, // streams that cannot be reached do not help
	{unasked, unasked, late, Verdict{DialDelayed, PlanIsLate}},
	{unasked, anything, anything, Verdict{DialRealtime, AllWell}},

	{none, unasked, refuses, Verdict{Stop, BadKey}},
	{none, unasked, anything, Verdict{DialDelayed, AllWell}},
	{refused, unasked, refuses, Verdict{Stop, BadKey}},
	{refused, unasked, unheard, Verdict{AwaitREST, RefusedThere}},
	{refused, unasked, anything, Verdict{DialDelayed, RefusedThere}},
	{noPlan, unasked, anything, Verdict{DialDelayed, NotInPlan}},
	{silent, unasked, anything, Verdict{DialDelayed, SilentThere}},

	{silent, none, anything, Verdict{DialRealtime, StreamsSilent}}, // there is no other: again, by the backoff
	{none, silent, anything, Verdict{DialDelayed, StreamsSilent}},

	{keyless, keyless, takes, Verdict{Poll, NoStreamTakesKey}},
	{keyless, keyless, unheard, Verdict{AwaitREST, RefusedThere}},
	{keyless, keyless, anything, Verdict{Stop, BadKey}},
	{anything, anything, refuses, Verdict{Stop, OnlyRefusals}},
	{noPlan, anything, anything, Verdict{Poll, NoStreamInPlan}},
	{anything, noPlan, anything, Verdict{Poll, NoStreamInPlan}},
	{anything, anything, anything, Verdict{Poll, StreamsSilent}},
}

// Decide reads the table.
func Decide(f Facts) Verdict {
	for i := range table {
		row := &table[i]
		if row.realtime.has(uint8(f.Realtime)) && row.delayed.has(uint8(f.Delayed)) && row.rest.has(uint8(f.REST)) {
			return f.refine(row.Verdict)
		}
	}
	return Verdict{} // the last row fits everything
}

// refine takes in what is no matter of one host's answer.
func (f *Facts) refine(v Verdict) Verdict {
	switch {
	case f.NoKey && v.Why == BadKey:
		v.Why = NoKeySet
	case f.NoKey && v.Why == NoStreamTakesKey:
		v.Why = NoKeySet
	case f.NoSnapshots && v == Verdict{Poll, NoStreamInPlan}:
		v = Verdict{Stop, NothingInPlan}
	}
	return v
}
