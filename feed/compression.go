package feed

import "time"

// plainFor is how long no compression is offered after it led to something that
// could not be read: a server may be mended meanwhile, and trying costs a dial.
const plainFor = time.Hour

// offers reports whether a dial may offer compression now, where it is wanted.
func (m *machine) offers(now time.Time) bool { return !now.Before(m.plainUntil) }

// plain leaves compression off for a while if the connection uses it, and
// reports whether that is so.
func (e *Engine) plain(why string) bool {
	m := &e.machine
	if m.conn == nil || m.conn.wire == nil || !m.conn.wire.Compressed() {
		return false
	}
	m.plainUntil, m.protocol = e.now.Add(plainFor), nil
	e.notes.Note("compression is left off: " + why)
	return true
}

// misunderstood counts a violation of the protocol, the server's or, in its
// eyes, ours. After three in 10 minutes compression goes first, then the stream
// is left alone for a while.
func (e *Engine) misunderstood(what string) (reason string, least time.Duration) {
	if within(&e.machine.protocol, e.now, 10*time.Minute) < 3 {
		return what, 0
	}
	if e.plain(what) {
		return what + ", going on without compression", 0
	}
	return "server and client do not understand each other", 5 * time.Minute
}
