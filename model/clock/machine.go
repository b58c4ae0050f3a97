package clock

import "time"

// Machine is the time of the machine that a program runs on.
type Machine struct {
	// Now runs evenly, by its monotonic reading; nil means time.Now.
	Now func() time.Time
	// Wall is the clock on the wall, which goes on while the machine sleeps and is
	// set by people; nil means time.Now.
	Wall func() time.Time
}

// OrReal is the machine with the real time where no other was given.
func (m Machine) OrReal() Machine {
	if m.Now == nil {
		m.Now = time.Now
	}
	if m.Wall == nil {
		m.Wall = time.Now
	}
	return m
}
