package ui

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"optflow/model"
	"optflow/model/market"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// replay is the recording that is played, if the market is one.
type replay struct {
	player market.Player  // nil: the market is a running one
	now    market.Playing // at the last frame
	said   market.Hole    // that was said last
	ended  bool           // and that it is over was
}

var (
	errNoReplay   = errors.New("nothing is played here: optflow replay plays a recorded day")
	errReplayed   = errors.New("this is a recording: nothing is asked of the feed")
	errReplaySpan = errors.New("this is a recording: its windows are as wide as they were recorded")
)

// look takes over how it is played, and says what was passed over.
func (r *replay) look(n *notices, z *format.Zone) {
	if r.player == nil {
		return
	}
	r.now = r.player.Playing()
	if h := r.now.Hole; r.now.Holes > 0 && h != r.said {
		n.say(paint.Warn, holeText(h, z))
	}
	r.said = r.now.Hole
	if r.now.Ended && !r.ended {
		n.say(paint.Text, "the recording ends here")
	}
	r.ended = r.now.Ended
}

// holeText says what is missing in a recording.
func holeText(h market.Hole, z *format.Zone) string {
	text := fmt.Sprintf("nothing is recorded from %s to %s %s", z.Clock(h.From), z.Clock(h.To), z)
	if h.Why != "" {
		text += ": " + h.Why
	}
	return text
}

// rate is that of the clock: in ms of market time in one of wall time.
func (r *replay) rate() float64 {
	switch {
	case r.player == nil:
		return 1
	case r.now.Paused || r.now.Ended:
		return 0
	}
	return r.now.Rate
}

// refuses says why an effect has no place here, nil where it has.
func (r *replay) refuses(e act.Effect) error {
	switch e.(type) {
	case act.Pause, act.Skip, act.Seek, act.Faster, act.Speed:
		if r.player == nil {
			return errNoReplay
		}
	case act.Poll, act.AutoRefresh:
		if r.player != nil {
			return errReplayed
		}
	case act.Window:
		if r.player != nil {
			return errReplaySpan
		}
	}
	return nil
}

// steer plays on otherwise. It is false where an effect is something else.
func (r *replay) steer(e act.Effect, z *format.Zone) bool {
	if r.player == nil {
		return false
	}
	now := r.player.Playing()
	switch e := e.(type) {
	case act.Pause:
		r.player.Pause(now.Target != 0 || !now.Paused)
	case act.Skip:
		r.player.SeekTo(cmp.Or(now.Target, now.At) + e.By.Milliseconds())
	case act.Seek:
		r.player.SeekTo(now.TimeOn(e.Clock, z.Location()))
	case act.Faster:
		r.player.Play(faster(now.Rate, e.By))
	case act.Speed:
		r.player.Play(e.Rate)
	default:
		return false
	}
	return true
}

// faster is a rate times a factor. Max is behind the fastest, and gives way to it.
func faster(rate, by float64) float64 {
	switch {
	case rate == market.Unpaced && by < 1:
		return market.FastestRate
	case rate == market.Unpaced:
		return rate
	}
	return rate * by
}

// renderReplay writes the first line while a recording is played: how it is played
// and how far it is. It never says that anything is live. The session's words leave
// first, then how many lots are in the gaps, the date, the bar.
func (s *status) renderReplay(p *paint.Pen, th *paint.Theme, columns int) string {
	p.Line(th, paint.OnPlain, columns)
	var left, right []paint.Piece
	for level := range playedLeast + 1 {
		right = s.right(max(rightMost-level, rightReplay))
		if left = s.played(level); 1+paint.Width(left)+2+paint.Width(right)+1 <= columns {
			break
		}
	}
	p.Space(1)
	p.Pieces(left)
	room := columns - 2 - paint.Width(left) - paint.Width(right) - 2
	if was := s.recorded(); was != "" && room > 12 {
		p.Put(paint.Dim, paint.Clip("  "+was, room))
	}
	p.Right(right)
	return p.End()
}

// rightReplay is the level of the right end that has no clock: the left has it.
const rightReplay = 1

// played is how it is played and how far it is, shorter at each level.
func (s *status) played(level int) []paint.Piece {
	n := s.playing
	mark, word := "▷ ", "Replay "+market.RateText(n.Rate)
	switch {
	case n.Target != 0:
		mark, word = "» ", "Replay to "+s.zone.Clock(n.Target)
	case n.Ended:
		mark, word = "□ ", "Replay ended"
	case n.Paused:
		mark, word = "‖ ", "Replay paused"
	}
	at := s.clock() + " " + s.zone.String()
	if level < 3 {
		at = time.UnixMilli(s.now).In(s.zone.Location()).Format("Mon 2 Jan ") + at
	}
	out := append(s.dots[:0], paint.Accent.Piece(mark), paint.Accent.Piece(word), paint.Own.Piece("  "), paint.Own.Piece(at), paint.Own.Piece("  "))
	if level < playedLeast {
		out = append(out, bar(n)...)
	}
	if c := s.st.Counters; c.LostGaps > 0 {
		text := " gaps " + format.Count(int64(c.LostGaps))
		if level < 2 {
			text += " (" + format.Count(int64(c.LostVolume)) + " lots)"
		}
		out = append(out, paint.Warn.Piece(text))
	}
	s.dots = out
	return out
}

// playedLeast is the level without the bar.
const playedLeast = 4

// barCells is how wide the bar is that says how far it is.
const barCells = 8

const full, empty = "▇▇▇▇▇▇▇▇", "▁▁▁▁▁▁▁▁"

// bar is how much of the recording is played.
func bar(n *market.Playing) []paint.Piece {
	done := 0
	if n.To > n.From {
		done = int(min(max(n.At-n.From, 0), n.To-n.From) * barCells / (n.To - n.From))
	}
	cell := len(full) / barCells
	return []paint.Piece{paint.Accent.Piece(full[:done*cell]), paint.Dim.Piece(empty[done*cell:])}
}

// recorded is what was the matter with the feed when that was recorded, "" nothing.
func (s *status) recorded() string {
	if s.st.Link == model.Live || s.st.Link == model.Starting {
		return ""
	}
	_, text := feedSaid(s.st)
	return "then: " + text
}
