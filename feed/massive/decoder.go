package massive

import "optflow/model"

// Decoder turns frames into bars and statuses. It belongs to one goroutine,
// the one that owns Contracts.
type Decoder struct {
	Contracts *model.Contracts
	Keep      func(underlying string) bool // nil keeps all; asked once per root until Refollow
	Assume    Channel                      // the channel of bars without "ev" (origin dialect); "" refuses them
}

// Refollow forgets what Keep said: call it when the followed set changed.
func (d *Decoder) Refollow() {}

// Decode appends what a frame says to into. An element that cannot be read
// costs that element; the error means that the frame as a whole cannot be
// read, and nothing of it was added.
func (d *Decoder) Decode(frame []byte, into *Batch) error { return errNotYet }

// Batch is what was decoded. Events = Bars + Statuses' elements + Filtered +
// Other + Malformed.
type Batch struct {
	Bars           []model.Bar
	Statuses       []Status
	NewUnderlyings []string // first heard of, followed or not
	Samples        []string // of malformed elements, sanitised, at most maxSamples
	Events         int      // elements seen
	Filtered       int      // bars of underlyings that Keep refused
	Other          int      // events of other channels
	Malformed      int      // elements that could not be read
}

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {}

// HasStatus reports whether a frame may hold a status. It is cheap and never
// misses one; it may be wrong the other way.
func HasStatus(frame []byte) bool { return true }

// StatusKind sorts the server's status messages.
type StatusKind uint8

// Kinds of status messages.
const (
	StatusUnknown StatusKind = iota // log and carry on
	StatusConnected
	StatusAuthOK
	StatusAuthFailed     // the key is refused
	StatusNoWebSocket    // the key is good, its plan has no WebSocket
	StatusAuthTimeout    // we did not authenticate in time; no sign of a bad key
	StatusSubscribed     // Pair was accepted
	StatusUnsubscribed   // Pair was dropped
	StatusNotAuthorized  // the plan lacks a channel just asked for; it is not named
	StatusMaxConnections // another connection of this key took the slot
	StatusError          // another error
)

// Status is one status message.
type Status struct {
	Kind    StatusKind
	Status  string // the vendor's word, sanitised
	Message string // sanitised
	Pair    string // of (un)subscribed: "AM.O:SPY251219C00650000"
}
