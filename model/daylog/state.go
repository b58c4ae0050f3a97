package daylog

import (
	"encoding/json"
	"slices"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/termsafe"
)

// The ops that are no inputs of a book.
const (
	opState = 18
	opHole  = 19
)

// Reader is told what stands in a log; what is nil is not told.
type Reader struct {
	Input func(book.Input)   // has to have a book told it: the numbers of contracts are its answers
	State func(*model.State) // without what follows from the book, which Fill adds
	Hole  func(Hole)
}

// Hole is a time, in ms, of which the log has nothing although something was
// said: From is the last tick before it. Why says it in words for the user.
type Hole struct {
	From, To int64
	Why      string
}

// Fill adds to a state of a log what follows from the book that was told all
// before it: totals, and the book's own counters.
func Fill(s *model.State, b *book.Book) {
	beyond := s.Counters.Beyond // the log's has the book's part
	s.Totals = b.Totals(s.Tickers)
	b.Counters().Into(&s.Counters)
	s.Counters.Beyond = beyond
}

// lists of a state change hardly ever and may be long. They are written where
// they differ from those of the state before, back to the key.
type lists struct {
	any                   bool // there was one
	known, tickers, notes []string
}

type (
	stateOp struct {
		Link        uint8      `json:"link,omitzero"`
		Phase       uint8      `json:"phase,omitzero"`
		Reason      string     `json:"reason,omitzero"`
		Besides     string     `json:"besides,omitzero"`
		RetryAt     int64      `json:"retryat,omitzero"`
		PollEvery   int64      `json:"pollevery,omitzero"`
		Span        int32      `json:"span,omitzero"`
		Tickers     *[]string  `json:"tickers,omitempty"`
		Known       *[]string  `json:"known,omitempty"`
		Notes       *[]string  `json:"notes,omitempty"`
		Moves       uint64     `json:"moves,omitzero"`
		Sim         bool       `json:"sim,omitzero"`
		Plan        planOp     `json:"plan,omitzero"`
		Session     sessionOp  `json:"session,omitzero"`
		Newest      int64      `json:"newest,omitzero"`
		Received    int64      `json:"received,omitzero"`
		Contracts   int        `json:"contracts,omitzero"`
		Subscribed  int        `json:"subscribed,omitzero"`
		Wildcard    bool       `json:"wildcard,omitzero"`
		AutoRefresh bool       `json:"auto,omitzero"`
		Covers      *number    `json:"covers,omitempty"` // not there: unknown
		Counters    countersOp `json:"counters,omitzero"`
	}
	planOp struct {
		Known       bool  `json:"known,omitzero"`
		NoWebSocket bool  `json:"nowebsocket,omitzero"`
		NoSnapshots bool  `json:"nosnapshots,omitzero"`
		NoQuotes    bool  `json:"noquotes,omitzero"`
		NoSpots     bool  `json:"nospots,omitzero"`
		SpotDelayed bool  `json:"spotdelayed,omitzero"`
		Delayed     int64 `json:"delayed,omitzero"`
	}
	sessionOp struct {
		Open   bool   `json:"open,omitzero"`
		Text   string `json:"text,omitzero"`
		Date   int32  `json:"date,omitzero"`
		Forced bool   `json:"forced,omitzero"`
	}
	// countersOp are those that do not follow from the book.
	countersOp struct {
		Frames        uint64 `json:"frames,omitzero"`
		Events        uint64 `json:"events,omitzero"`
		Filtered      uint64 `json:"filtered,omitzero"`
		Malformed     uint64 `json:"malformed,omitzero"`
		DroppedFrames uint64 `json:"dropped,omitzero"`
		BeyondBars    uint64 `json:"beyondbars,omitzero"`
		BeyondLots    uint64 `json:"beyondlots,omitzero"`
		Held          uint64 `json:"held,omitzero"`
		Reconnects    uint64 `json:"reconnects,omitzero"`
		Dials         uint64 `json:"dials,omitzero"`
		Polls         uint64 `json:"polls,omitzero"`
		Requests      uint64 `json:"requests,omitzero"`
	}
	holeOp struct {
		From int64  `json:"from"`
		To   int64  `json:"to"`
		Why  string `json:"why"`
	}
)

// State writes a state that was published, of which only what does not follow
// from the book.
func (e *Encoder) State(s *model.State) {
	c, p := &s.Counters, &s.Plan
	o := stateOp{
		Link: uint8(s.Link), Phase: uint8(s.Phase), Reason: s.Reason, Besides: s.Besides, RetryAt: s.RetryAt, PollEvery: s.PollEvery, Span: int32(s.Span),
		Moves: s.Moves, Sim: s.Sim, Plan: planOp(*p), Session: sessionOp{s.Session.Open, s.Session.Text, int32(s.Session.Date), s.Session.Forced},
		Newest: s.Newest, Received: s.Received, Contracts: s.Contracts, Subscribed: s.Subscribed, Wildcard: s.Wildcard, AutoRefresh: s.AutoRefresh,
		Counters: countersOp{
			c.Frames, c.Events, c.Filtered, c.Malformed, c.DroppedFrames, c.Beyond.Bars, c.Beyond.Lots, c.Held, c.Reconnects, c.Dials, c.Polls, c.Requests,
		},
	}
	if s.Covers == s.Covers {
		covers := number(s.Covers)
		o.Covers = &covers
	}
	o.Tickers = e.lists.changed(&e.lists.tickers, s.Tickers)
	o.Known = e.lists.changed(&e.lists.known, s.Known)
	o.Notes = e.lists.changed(&e.lists.notes, s.Notes)
	e.lists.any = true
	e.json(opState, o)
}

// changed is a list, if it is not that of the state before.
func (l *lists) changed(before *[]string, list []string) *[]string {
	if l.any && slices.Equal(*before, list) {
		return nil
	}
	*before = append([]string{}, list...)
	return before
}

// Hole writes that something is missing here.
func (e *Encoder) Hole(h Hole) { e.json(opHole, holeOp(h)) }

// json writes an op of JSON.
func (e *Encoder) json(code uint64, said any) {
	text, err := json.Marshal(said)
	if err != nil { // none of its types can fail
		panic("daylog: " + err.Error())
	}
	e.op(code, text)
}

// state hands a state on. Each is one of its own.
func (d *Decoder) state(text []byte, tell func(*model.State)) error {
	o, err := parse[stateOp](text)
	if err != nil {
		return err
	}
	if o.Link > uint8(model.Stopped) || o.Phase > uint8(model.PhasePaused) {
		return ErrNewer
	}
	c := &o.Counters
	s := &model.State{
		Link: model.Link(o.Link), Phase: model.Phase(o.Phase), Reason: safe(o.Reason), Besides: safe(o.Besides), RetryAt: o.RetryAt, PollEvery: o.PollEvery, Span: model.Span(o.Span),
		Tickers: kept(&d.lists.tickers, o.Tickers), Known: kept(&d.lists.known, o.Known), Notes: kept(&d.lists.notes, o.Notes),
		Moves: o.Moves, Sim: o.Sim, Plan: model.Plan(o.Plan),
		Session: model.Session{Open: o.Session.Open, Text: safe(o.Session.Text), Date: model.Date(o.Session.Date), Forced: o.Session.Forced},
		Newest:  o.Newest, Received: o.Received, Contracts: o.Contracts, Subscribed: o.Subscribed, Wildcard: o.Wildcard, AutoRefresh: o.AutoRefresh,
		Covers: model.Unknown,
		Counters: model.Counters{
			Frames: c.Frames, Events: c.Events, Filtered: c.Filtered, Malformed: c.Malformed, DroppedFrames: c.DroppedFrames,
			Beyond: model.Beyond{Bars: c.BeyondBars, Lots: c.BeyondLots}, Held: c.Held, Reconnects: c.Reconnects, Dials: c.Dials, Polls: c.Polls, Requests: c.Requests,
		},
	}
	if o.Covers != nil {
		s.Covers = float64(*o.Covers)
	}
	if tell != nil {
		tell(s)
	}
	return nil
}

// kept is a list as it is now. It is replaced and never changed, since states hold it.
func kept(before *[]string, list *[]string) []string {
	if list != nil {
		for i := range *list {
			(*list)[i] = safe((*list)[i])
		}
		*before = *list
	}
	return *before
}

func (d *Decoder) hole(text []byte, tell func(Hole)) error {
	o, err := parse[holeOp](text)
	if err == nil && tell != nil {
		o.Why = safe(o.Why)
		tell(Hole(o))
	}
	return err
}

// safe is text of a log as a terminal may have it: others may have written it.
func safe(text string) string { return termsafe.String(text, 1000) }
