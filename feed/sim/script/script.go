// Package script is a fake feed that does what a text file says, step by step:
//
//	connect ok; auth ok; send 100 bars; stall 50s; close 1012
//	connect status 503 after 20; connect ok
//
// A script is a list of sessions, each begun by connect. The first connection
// plays the first session, the next one the next, and whoever comes after the
// last plays the last again. A session whose steps are over stays open and
// answers. Steps end with a line or a semicolon; # begins a comment; texts are
// quoted as in Go. What comes before the first connect (rest, contracts) is so
// from the start.
//
// The feed speaks the wire by hand, byte by byte, so that it can also break it.
// What it trades, bars sent and bars lost alike, its REST knows.
package script

import (
	"fmt"
	"strings"
	"time"
)

// Verb is what a step does.
type Verb string

// The verbs. Connect, Auth, Subscribe, Pongs and REST take one of a few words.
const (
	Connect   Verb = "connect"   // ok, mute, hang, drop, page, status N [after TEXT] [says TEXT], redirect TEXT
	Auth      Verb = "auth"      // ok, failed [TEXT], plan, timeout, silent: awaits the login
	Subscribe Verb = "subscribe" // ok, silent, refused [TEXT]: from now on
	Pongs     Verb = "pongs"     // on, off: from now on
	REST      Verb = "rest"      // ok, late, hang, page, cut, refused, status N [after TEXT] [says TEXT]: from now on
	Contracts Verb = "contracts" // N: how many there are
	Send      Verb = "send"      // N bars [every D]
	Lose      Verb = "lose"      // N bars: traded, never sent
	Status    Verb = "status"    // WORD TEXT
	Text      Verb = "text"      // TEXT [every D]: one frame as it stands; every: byte by byte
	Bytes     Verb = "bytes"     // TEXT [every D]: past the WebSocket layer
	Ping      Verb = "ping"      // N [every D]
	Stall     Verb = "stall"     // D: says nothing, still listens
	Freeze    Verb = "freeze"    // D: neither speaks nor listens
	Close     Verb = "close"     // N [TEXT]: with a close frame
	Drop      Verb = "drop"      // without one
)

// Step is one step of a session.
type Step struct {
	Line  int // in the file, from 1
	Verb  Verb
	Word  string // of verbs that take one
	N     int
	Text  string
	Body  string        // of an HTTP status; "" one of our own
	Every time.Duration // between things sent; 0: at once
	For   time.Duration
}

// Session is what one connection meets.
type Session []Step

// Script is a parsed file.
type Script struct {
	Before   []Step // rest and contracts before the first connect: in force from the start
	Sessions []Session
}

// Error says what is wrong with a script, and where.
type Error struct {
	Line int
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Bounds of what a script may ask for, so that a typing error does not run for
// ever or take all memory.
const (
	maxSteps     = 10_000
	maxCount     = 10_000_000
	maxContracts = 5_000
	maxDuration  = 7 * 24 * time.Hour
)

// Parse reads a script. The error is an *Error.
func Parse(text string) (*Script, error) {
	s := &Script{}
	steps := 0
	for n, line := range strings.Split(text, "\n") {
		parts, err := split(line)
		if err != nil {
			return nil, &Error{n + 1, err.Error()}
		}
		for _, words := range parts {
			step, err := parseStep(words)
			if err != nil {
				return nil, &Error{n + 1, err.Error()}
			}
			step.Line = n + 1
			if steps++; steps > maxSteps {
				return nil, &Error{n + 1, fmt.Sprintf("more than %d steps", maxSteps)}
			}
			switch {
			case step.Verb == Connect:
				s.Sessions = append(s.Sessions, Session{step})
			case len(s.Sessions) == 0 && (step.Verb == REST || step.Verb == Contracts):
				s.Before = append(s.Before, step)
			case len(s.Sessions) == 0:
				return nil, &Error{n + 1, fmt.Sprintf("%s before the first connect", step.Verb)}
			default:
				last := len(s.Sessions) - 1
				s.Sessions[last] = append(s.Sessions[last], step)
			}
		}
	}
	if len(s.Sessions) == 0 {
		return nil, &Error{1, "no session: begin one with connect ok"}
	}
	return s, nil
}
