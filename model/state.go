package model

// Link is what the status bar's dot says.
type Link uint8

// Links.
const (
	Starting Link = iota
	Live          // the WebSocket delivers
	Polling       // REST does the work
	Stopped       // neither may work
	Behind        // a follower has not all that there is where it follows, or does not hear of it
)

// Phase is a state of the feed's state machine (docs/faults.md#states).
type Phase uint8

// Phases.
const (
	PhaseIdle Phase = iota
	PhaseDialing
	PhaseGreeting
	PhaseAuthenticating
	PhaseSubscribing
	PhaseLive
	PhaseQuiet
	PhaseStale
	PhaseBackoff
	PhaseRefused
	PhaseNotEntitled
	PhaseEvicted
	PhasePaused // auto-refresh is off
)

var phaseNames = [...]string{
	"idle", "dialing", "greeting", "authenticating", "subscribing", "live", "quiet", "stale", "backoff", "refused", "not entitled", "evicted", "paused",
}

// String is the phase in a word or two, for logs.
func (p Phase) String() string { return phaseNames[p] }

// Session is what the market does now.
type Session struct {
	Open   bool
	Text   string // "open", "simulated market", "closed: showing Fri 20 Nov, opens Mon 09:30 ET"
	Date   Date   // the trading date whose data is shown
	Forced bool   // the server's own market status said so, not the calendar
}

// Plan is what the key's plan turned out to carry. Known says that it was tried.
type Plan struct {
	Known       bool
	NoWebSocket bool
	NoSnapshots bool
	NoQuotes    bool // side unknown
	NoSpots     bool // OTM% unknown
	SpotDelayed bool
	Delayed     int64 // ms by which the whole feed is late
}

// SpotsLag reports whether stock prices are late beside real-time options. Where
// both are late they go together.
func (p Plan) SpotsLag() bool { return p.SpotDelayed && p.Delayed == 0 }

// Totals are one underlying's sums of the day, from the accounts.
type Totals struct {
	Underlying  string
	Spot        float64 // NaN unknown
	SpotTime    int64   // ms
	Whole       bool    // a complete sweep stands behind the day's sums; else they are what has been heard so far
	CallPremium float64
	PutPremium  float64
	CallVolume  int64
	PutVolume   int64
	Bull, Bear  float64   // premium of rows with a sure side
	Premium     float64   // premium of all rows since Since, sure or not
	Since       int64     // ms: from when Bull, Bear and Premium count
	Joint       float64   // premium of rows that began at JointSince or later
	JointSince  int64     // ms: from when all tickers count, whoever joined last; 0 this one does not yet
	Minutes     []float64 // premium of the last 60 minutes, oldest first, the running one last
	Minute      int64     // ms: start of the last of Minutes
	Partial     uint64    // minutes that are not whole, a bit each: history, gaps, the running one
}

// Reading reports whether what is followed is still read from the day's start.
func (s *State) Reading() bool { return s.Link == Behind && s.Read > 0 }

// Present is the first row of the present of a tape that has rows up to next: a
// follower's tape begins with those that were before it came.
func (s *State) Present(next uint64) uint64 {
	if s.Reading() {
		return next
	}
	return min(s.Before, next)
}

// Why is all that is said of why it is not live, the present reason first.
func (s *State) Why() string {
	if s.Besides == "" {
		return s.Reason
	}
	return s.Reason + "; " + s.Besides
}

// Counters count what happened since the start.
type Counters struct {
	Frames, Events, Filtered           uint64 // Filtered: events of underlyings not followed
	Rows, Duplicates, Corrections      uint64
	Malformed, DroppedFrames           uint64
	Beyond                             Beyond // left out for want of room for their contracts
	Held                               uint64 // bars held back now: their time fits no day of the accounts
	Reconnects, Dials, Polls, Requests uint64
	GapRows                            uint64
	Missing                            uint64 // contracts missing in all, whatever the reason
	LostGaps, LostVolume               uint64 // open gaps of reason lost or since unknown: what the status bar counts
}

// State is one immutable picture of the feed, published beside the rows.
type State struct {
	Link        Link
	Via         string // whose market is followed, such as "process 4711"; "" it is our own
	Lag         int64  // ms by which what comes that way is late, once that is worth a word
	Read        int    // percent of the day that were read that way, while it is Behind for that
	Before      uint64 // rows below this number are those that were read that way, or recovered from the run before
	Phase       Phase
	Reason      string // why it is not live, in words, what is so now; "" when live
	Besides     string // what was the matter before that and still is; "" nothing
	RetryAt     int64  // wall time in ms of the next attempt; 0 none
	PollEvery   int64  // ms: the interval that polling really reaches; 0 not polling
	Span        Span
	Tickers     []string // underlyings followed, sorted
	Known       []string // underlyings heard of, sorted
	Moves       uint64   // times that contracts turned out to be of another underlying than was thought
	Sim         bool
	Plan        Plan
	Session     Session
	Newest      int64 // ms: end of the newest window received; 0 none
	Received    int64 // ms, market clock: when the last data event came in
	Contracts   int   // contracts known of the followed tickers
	Subscribed  int   // contracts subscribed to by name; 0 when the wildcard carries
	Wildcard    bool
	AutoRefresh bool
	Covers      float64 // share of the day's premium that the history at start covers; NaN unknown
	Counters    Counters
	Totals      []Totals // one per followed ticker, in their order
	Notes       []string // sentences for the user, newest last (plan, refusals)
}
