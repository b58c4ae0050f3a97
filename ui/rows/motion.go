package rows

import "time"

const (
	// ArrivalTime is how long a row that came in is marked, unless the next one
	// comes sooner: two marks would be two lines rewritten a row.
	ArrivalTime = 900 * time.Millisecond
	// arrivalsMost is how many rows may come at once and be marked: more are a
	// backlog, of which none just arrived.
	arrivalsMost = 32
	// BlurredPause is how far apart frames are while the terminal has no focus.
	BlurredPause = time.Second
)

// arrivals are the rows that came in a moment ago.
type arrivals map[uint32]time.Time

// Note takes the rows of one batch; those of the one before are news no more.
func (a arrivals) Note(ids []uint32, now time.Time) {
	if len(ids) > 0 {
		clear(a)
	}
	if len(ids) > arrivalsMost {
		return
	}
	for _, id := range ids {
		a[id] = now
	}
}

// Forget drops those that came long enough ago.
func (a arrivals) Forget(now time.Time) {
	for id, at := range a {
		if since := now.Sub(at); since >= ArrivalTime || since < 0 {
			delete(a, id)
		}
	}
}

// arrived reports whether a row is to be marked.
func (a arrivals) arrived(id uint32) bool {
	_, is := a[id]
	return is
}
