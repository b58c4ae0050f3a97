package market

import (
	"math"

	"optflow/model"
)

// Rates at which a recording may be played, in ms of market time in one of wall
// time. Unpaced is as fast as it goes.
const (
	SlowestRate = 0.25
	FastestRate = 600
)

// Unpaced is the rate of what is played as fast as it goes.
var Unpaced = math.Inf(1)

// Playing is how a recording is played now.
type Playing struct {
	Feed     string // whose day it is: realtime, delayed, sim or a host
	Date     model.Date
	From, To int64   // ms: what is recorded
	At       int64   // ms: how far it is played
	Rate     float64 // at which it is played, or will be when it goes on
	Paused   bool
	Ended    bool  // it stands at its end
	Target   int64 // ms: where it is on its way to, unpaced; 0 nowhere
	Hole     Hole  // the one that was passed last
	Holes    int   // how many were passed since the beginning of the day
	Err      error // why it cannot go on; nil
}

// Hole is a time in ms of which a recording has nothing, and why; "" it is not
// known.
type Hole struct {
	From, To int64
	Why      string
}

// Player plays a recording. Its methods may be called by any goroutine; those
// that steer leave word and return at once.
type Player interface {
	Playing() Playing
	// Pause stands still, or goes on. It also ends a way to somewhere.
	Pause(on bool)
	// Play sets the rate, bounded by the slowest and the fastest, or Unpaced.
	Play(rate float64)
	// SeekTo goes to a market time in ms, bounded by what is recorded.
	SeekTo(at int64)
}
