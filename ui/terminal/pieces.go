package terminal

import "time"

// escapeRounds is how many pieces in a row may end with an ESC before it is a
// key: whoever holds it down would wait for ever.
const escapeRounds = 3

// Pieces lets whole sequences pass of what a terminal that is no file sends. The
// zero value is ready.
type Pieces struct {
	filter filter
	rounds int // pieces in a row that ended with an ESC
}

// Take is what passes of a piece that came at a time, good until the next call.
// Late is to be called where nothing follows within wait, unless that is 0.
func (p *Pieces) Take(piece []byte, now time.Time) (pass []byte, wait time.Duration) {
	pass = p.filter.take(piece, now)
	if !p.filter.waiting() {
		p.rounds = 0
		return pass, 0
	}
	if p.rounds++; p.rounds <= escapeRounds {
		return pass, escapeWait
	}
	p.rounds = 0
	p.filter.expire() // behind what passes
	return p.filter.out, 0
}

// Late is what passes since nothing followed.
func (p *Pieces) Late() []byte {
	p.rounds, p.filter.out = 0, p.filter.out[:0]
	if p.filter.waiting() {
		p.filter.expire()
	}
	return p.filter.out
}
