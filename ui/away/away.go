// Package away notices that nobody looks at the screen, and says on return what
// came meanwhile: by a line in the tape where the reader left, and by a summary. The
// next key takes both away.
package away

import (
	"time"

	"optflow/model/alert"
	"optflow/ui/format"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/rows"
	"optflow/ui/scene"
)

// idleTime is after how long without a key nobody is taken to look, where the
// terminal does not report its focus. Reading the details of a row takes less, a call
// or a coffee takes more.
const idleTime = 5 * time.Minute

// why says why nobody is taken to look, as bits.
type why uint8

const (
	unfocused why = 1 << iota
	frozen
	idle
)

// Away is whether somebody looks, and what is said to who comes back.
type Away struct {
	*scene.Scene
	Tape    *page.Tape
	Parts   []Part // of the summary, in order
	Off     bool   // nothing is said: a recording waits for whoever comes back
	reports bool   // the terminal reports its focus
	key     time.Time
	why     why
	left    Absence
	back    bool // the rows of the absence are still being read

	said          []Item // the summary; none is nothing
	drawn         []string
	width, height int // that it was drawn for
	theme         *paint.Theme
}

// Absence is a time in which nobody looked.
type Absence struct {
	From, To int64  // market time, ms
	Missed   uint64 // rows that were dropped before this screen came to read them
	Trimmed  uint64 // bursts that had to go
	Alerts   int    // that fired and were not held back
	rows.Since
	Less bool // some of what came had to go: the counts are at least so many
}

// New returns one that looks after a tape.
func New(s *scene.Scene, t *page.Tape) *Away {
	return &Away{Scene: s, Tape: t, Parts: []Part{howLong, whatCame, alerted, missing, trimmed, largest}}
}

// Focus notes what the terminal reports of its focus.
func (a *Away) Focus(has bool) {
	a.reports = true
	a.note(unfocused, !has)
	a.note(idle, false)
}

// Key notes a key or a click: somebody is there, and has seen what was said, if it
// could be seen.
func (a *Away) Key(seen bool) {
	if seen {
		a.hide()
	}
	a.key = a.Wall()
	a.note(idle, false)
}

// Tick moves on what the line says, and notes that there was no key for long.
func (a *Away) Tick() {
	if a.key.IsZero() {
		a.key = a.Wall()
	}
	if !a.reports && a.Wall().Sub(a.key) >= idleTime {
		a.note(idle, true)
	}
	if len(a.said) > 0 {
		a.Tape.SayLeft(a.line())
	}
}

// note takes over whether there is a reason to take nobody to look. The first one
// notes the place, the last one gone brings the reader back.
func (a *Away) note(w why, is bool) {
	if a.Off {
		return
	}
	before := a.why
	a.why &^= w
	if is {
		a.why |= w
	}
	switch {
	case before == 0 && a.why != 0:
		a.hide()
		a.left, a.back = Absence{From: a.Now, Missed: a.Tape.Pull.Missed(), Trimmed: a.Tape.Pull.Bursts.Counts().TrimmedOver}, false
		a.Tape.List.Leave()
	case before != 0 && a.why == 0:
		a.back = true
	}
}

// Look notes a picture that is frozen or goes on, says what came once all of it
// was read, and reports whether what is said is something else.
func (a *Away) Look() (changed bool) {
	a.note(frozen, a.Tape.Table.Frozen)
	if !a.back || a.Tape.Pull.Behind {
		return false
	}
	a.back = false
	since, known := a.Tape.List.Since()
	if !known {
		return false
	}
	x := &a.left
	x.To, x.Since, x.Less = a.Now, since, a.Tape.List.Trimmed()
	x.Missed = a.Tape.Pull.Missed() - x.Missed
	x.Trimmed = a.Tape.Pull.Bursts.Counts().TrimmedOver - x.Trimmed
	x.Alerts = a.fired(x.From)
	if since.Rows == 0 && since.Gaps == 0 && x.Missed == 0 && x.Alerts == 0 {
		return false
	}
	for _, p := range a.Parts {
		a.said = append(a.said, p(a, x)...)
	}
	a.drawn = nil
	if since.Rows > 0 {
		a.Tape.SayLeft(a.line())
	}
	return true
}

// fired is how many alerts called somebody since then, tests apart.
func (a *Away) fired(since int64) (n int) {
	for i := range a.Alerts.Alerts {
		if f := &a.Alerts.Alerts[i]; f.At > since && f.Outcome != alert.Held && !f.Test {
			n++
		}
	}
	return n
}

// hide takes the line and the summary away.
func (a *Away) hide() {
	if len(a.said) > 0 {
		a.said, a.drawn = nil, nil
		a.Tape.SayLeft("")
	}
}

// line is what the line in the tape says.
func (a *Away) line() string {
	ago := a.Now - a.left.From
	at := a.Zone.Minute(a.left.From)
	if ago < 60_000 {
		at = a.Zone.Clock(a.left.From)
	}
	return "you left here " + at + ", " + roughly(ago) + " ago"
}

// roughly is a time in its largest unit.
func roughly(ms int64) string {
	switch {
	case ms < 60_000:
		return format.Interval(max(ms, 1000) / 1000 * 1000)
	case ms < 3600_000:
		return format.Interval(ms / 60_000 * 60_000)
	}
	return format.Age(ms)
}
