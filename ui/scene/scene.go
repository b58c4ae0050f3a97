// Package scene is what every page and pane of the screen reads: the feed's state,
// the time, who is followed, the filter language with what is known here, and how
// to draw. The screen's model writes it, and nobody else.
package scene

import (
	"slices"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/filter"
	"optflow/model/market"
	"optflow/model/ticker"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// Scene is what every page and pane reads: the feed's state, the time, who is
// followed, and how to draw. Model writes it, and nobody else.
type Scene struct {
	State     *model.State
	Clock     market.Clock
	Now       int64 // market time of the last tick, ms
	Wall      func() time.Time
	Contracts *model.Contracts
	Follows   *Followed
	Rules     *model.Rules
	Lists     []ticker.Named        // of tickers, from the settings
	Saved     func() []filter.Saved // what @name stands for; nil: nothing
	Alerts    *alert.Inbox          // that fired, never nil
	Fired     Fired                 // the bursts of those
	Zone      *format.Zone
	Keys      *keys.Map            // as the user has them
	Shown     *keys.Map            // and as the screen prints them
	FPS       int                  // frames of data a second
	Shared    func() time.Duration // between two of them at least, for the sake of others; nil: there are none
	Quiet     bool                 // nothing moves by itself
	Calm      bool                 // one line changes at a time
	Blurred   bool                 // the terminal said that nobody looks at it
	TailArgs  []string             // what optflow tail needs besides a view's own, to see the same

	Width, Height int // of the window, in cells
	Pen           paint.Pen
	Theme         *paint.Theme
}

// Key is the first key of an action as it is shown, its command if it has none.
func (s *Scene) Key(a keys.Action) string { return s.Keys.Key(a) }

// Tickers are those followed, sorted.
func (s *Scene) Tickers() []string { return s.Follows.tickers() }

// Followed are the underlyings whose rows are shown.
type Followed struct {
	Set   map[string]bool
	asked []uint8 // by contract: whether its underlying is followed, once asked
}

// Follow replaces them.
func (f *Followed) Follow(tickers []string) {
	f.Set = make(map[string]bool, len(tickers))
	for _, t := range tickers {
		f.Set[t] = true
	}
	f.asked = f.asked[:0]
}

// Takes reports whether a contract's underlying is followed.
func (f *Followed) Takes(id model.ContractID, c *model.Contract) bool {
	if int(id) >= len(f.asked) {
		f.asked = append(f.asked, make([]uint8, int(id)+1-len(f.asked))...)
	}
	if f.asked[id] == 0 {
		f.asked[id] = 1
		if f.Set[c.Underlying] {
			f.asked[id] = 2
		}
	}
	return f.asked[id] == 2
}

// tickers are the set, sorted.
func (f *Followed) tickers() []string {
	out := make([]string, 0, len(f.Set)) // it is asked for with every key
	for t := range f.Set {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

// SayEmpty writes why there is nothing into the middle of the rows.
func (s *Scene) SayEmpty(rows []string, head, more string) {
	for i, text := range []paint.Piece{paint.Text.Piece(head), paint.Dim.Piece(more)} {
		at := max(len(rows)/2-1, 0) + i
		if at >= len(rows) || text.Text == "" {
			continue
		}
		words := paint.Clip(text.Text, s.Width-2)
		s.Pen.Line(s.Theme, paint.OnPlain, s.Width)
		s.Pen.Space((s.Width - paint.Cells(words)) / 2)
		s.Pen.Put(text.Ink, words)
		rows[at] = s.Pen.End()
	}
}

// Following names the tickers followed.
func (s *Scene) Following() string { return "following " + strings.Join(s.Tickers(), ", ") }
