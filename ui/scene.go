package ui

import (
	"slices"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/market"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// scene is what every page and pane reads: the feed's state, the time, who is
// followed, and how to draw. Model writes it, and nobody else.
type scene struct {
	st        *model.State
	clock     market.Clock
	now       int64 // market time of the last tick, ms
	wall      func() time.Time
	contracts *model.Contracts
	follows   *followed
	rules     *model.Rules
	zone      *format.Zone
	keys      *keys.Map // as the user has them
	shown     *keys.Map // and as the screen prints them
	fps       int       // frames of data a second
	quiet     bool      // nothing moves by itself
	blurred   bool      // the terminal said that nobody looks at it

	width, height int // of the window, in cells
	pen           paint.Pen
	th            *paint.Theme
}

// key is the first key of an action as it is shown, its command if it has none.
func (s *scene) key(a keys.Action) string { return s.keys.Key(a) }

// tickers are those followed, sorted.
func (s *scene) tickers() []string { return s.follows.tickers() }

// followed are the underlyings whose rows are shown.
type followed struct {
	set   map[string]bool
	asked []uint8 // by contract: whether its underlying is followed, once asked
}

// follow replaces them.
func (f *followed) follow(tickers []string) {
	f.set = make(map[string]bool, len(tickers))
	for _, t := range tickers {
		f.set[t] = true
	}
	f.asked = f.asked[:0]
}

// takes reports whether a contract's underlying is followed.
func (f *followed) takes(id model.ContractID, c *model.Contract) bool {
	if int(id) >= len(f.asked) {
		f.asked = append(f.asked, make([]uint8, int(id)+1-len(f.asked))...)
	}
	if f.asked[id] == 0 {
		f.asked[id] = 1
		if f.set[c.Underlying] {
			f.asked[id] = 2
		}
	}
	return f.asked[id] == 2
}

// tickers are the set, sorted.
func (f *followed) tickers() []string {
	out := make([]string, 0, len(f.set))
	for t := range f.set {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

// sayEmpty writes why there is nothing into the middle of the rows.
func (s *scene) sayEmpty(rows []string, head, more string) {
	for i, text := range []paint.Piece{paint.Text.Piece(head), paint.Dim.Piece(more)} {
		at := max(len(rows)/2-1, 0) + i
		if at >= len(rows) || text.Text == "" {
			continue
		}
		words := paint.Clip(text.Text, s.width-2)
		s.pen.Line(s.th, paint.OnPlain, s.width)
		s.pen.Space((s.width - paint.Cells(words)) / 2)
		s.pen.Put(text.Ink, words)
		rows[at] = s.pen.End()
	}
}

// following names the tickers followed.
func (s *scene) following() string { return "following " + strings.Join(s.tickers(), ", ") }
