package ui

import (
	"fmt"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/market"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// status is the first line: is it live, why not and what happens next, how old
// the newest data is, what is missing, and whether it is real.
type status struct {
	st     *model.State
	alerts int       // that nobody has seen
	now    int64     // market time, ms
	wall   time.Time // for the countdown to a retry
	beat   bool      // the dot's pulse
	zone   *format.Zone
	calm   bool // nothing in it counts seconds
	// Who looks, where it is a viewer, in full and short.
	viewer, viewerBrief string
	poll                string // the key that polls now; "" where keys are not spoken of

	playing *market.Playing // a recording is played so; nil: the market is a running one

	dots, news, ends []paint.Piece // room for what is built anew each time
}

// render writes the line. State with its reason, SIM or lateness, age and gaps
// never leave; the session's words leave first, then the clock.
func (s *status) render(p *paint.Pen, th *paint.Theme, columns int) string {
	if s.playing != nil {
		return s.renderReplay(p, th, columns)
	}
	p.Line(th, paint.OnPlain, columns)
	dot, state := s.state()
	facts := s.facts(false)
	right := s.right(rightMost)
	for level := rightMost - 1; level >= 0 && 1+paint.Width(dot)+paint.Cells(state)+paint.Width(facts)+2+paint.Width(right)+1 > columns; level-- {
		right = s.right(level)
	}
	room := columns - 1 - paint.Width(dot) - paint.Width(facts) - 1 - paint.Width(right) - 1
	if paint.Cells(state) > room {
		facts = s.facts(true)
		if closed, ok := strings.CutPrefix(state, ", market closed"); ok {
			dot[1].Text, state = "Closed", closed
		}
		room = columns - 1 - paint.Width(dot) - paint.Width(facts) - 1 - paint.Width(right) - 1
	}
	p.Space(1)
	p.Pieces(dot)
	p.Put(paint.Text, s.fitted(state, room))
	p.Pieces(facts)
	p.Right(right)
	return p.End()
}

// state is the dot with the word, and the reason with what happens next.
func (s *status) state() (dot []paint.Piece, reason string) {
	st := s.st
	hollow, ink, word := "○ ", paint.Dim, "Starting"
	switch st.Link {
	case model.Live:
		word = "Live"
		switch {
		case !st.Session.Open && !st.Sim && st.Session.Text != "": // else it is not known yet
			ink, reason = paint.Text, ", "+closedText(st.Session.Text)
		case s.beat:
			hollow, ink = "● ", paint.Good
		default:
			hollow, ink = "● ", paint.Pulse
		}
		if st.Phase == model.PhaseQuiet {
			ink = paint.Warn
		}
	case model.Polling:
		word, ink = "Polling", paint.Dim
	case model.Stopped:
		word, ink = "Stopped", paint.Bad
	case model.Behind:
		s.dots = append(s.dots[:0], paint.Warn.Piece(hollow), paint.Warn.Piece(behind(st)))
		return s.dots, ""
	}
	name := ink
	if ink == paint.Pulse {
		name = paint.Good // the dot pulses, the word stands
	}
	s.dots = append(s.dots[:0], ink.Piece(hollow), name.Piece(word))
	return s.dots, s.reason(reason)
}

// reason completes the sentence behind the word, in full.
func (s *status) reason(session string) string {
	st := s.st
	if st.Link == model.Live && session == "" && st.Reason == "" && st.Phase != model.PhaseQuiet && st.Via == "" {
		return liveReason[st.Span >= model.Minute]
	}
	return s.manner(session) + s.why(st.Why()) + s.next()
}

// fitted is that sentence in so many cells: what was the matter before leaves
// first, then how often it polls, then when it tries again. The present reason
// is cut last.
func (s *status) fitted(full string, room int) string {
	if paint.Cells(full) <= room || s.st.Reason == "" {
		return paint.Clip(full, max(room, 8))
	}
	now := s.why(s.st.Reason)
	for _, text := range []string{s.manner("") + now + s.next(), now + s.next()} {
		if paint.Cells(text) <= room {
			return text
		}
	}
	return paint.Clip(now, max(room, 8))
}

// manner is how it is in the state that the word names.
func (s *status) manner(session string) string {
	st := s.st
	switch {
	case st.Link == model.Live:
		text := session
		switch {
		case st.Via != "":
			text = via(st) + session
		case session == "":
			text = " " + spanName(st.Span)
		}
		if st.Phase == model.PhaseQuiet && st.Session.Open {
			text += ", quiet" // colour alone would not say it
		}
		return text
	case st.Link == model.Polling && st.PollEvery > 0:
		return " every " + format.Interval(st.PollEvery)
	}
	return ""
}

// behind is what stands in the place of Live where what is followed is not the
// present.
func behind(st *model.State) string {
	switch {
	case st.Reason == "":
		return st.Via + " " + lag(st) + " behind"
	case st.Read > 0:
		return fmt.Sprintf("%s %d%%", st.Reason, st.Read)
	}
	return st.Reason
}

// via is whose market is followed, and how late it comes that way.
func via(st *model.State) string {
	if st.Lag == 0 {
		return " via " + st.Via
	}
	return " via " + st.Via + ", " + lag(st) + " behind"
}

func lag(st *model.State) string { return fmt.Sprintf("%ds", st.Lag/1000) }

// why is a reason as it stands in the sentence.
func (s *status) why(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

// next is what happens next, and when.
func (s *status) next() string {
	if s.st.Phase == model.PhasePaused && s.poll != "" {
		return ", " + s.poll + " polls now"
	}
	if s.st.RetryAt == 0 || s.st.Link == model.Live {
		return ""
	}
	if s.calm {
		return ", will retry"
	}
	if left := s.st.RetryAt - s.wall.UnixMilli(); left > 0 {
		return ", retry in " + countdown(left)
	}
	return ", retrying"
}

// countdown writes how long something will be: 4s, 14m57s.
func countdown(ms int64) string {
	if s := (ms + 999) / 1000; s >= 120 {
		return format.Age(s * 1000)
	}
	return fmt.Sprintf("%ds", (ms+999)/1000)
}

// liveReason is what stands behind Live when all is well, by whether the windows
// are minutes.
var liveReason = map[bool]string{false: " 1s", true: " 1m"}

// closedText is the session's sentence, fit to follow "Live, ".
func closedText(text string) string {
	if text == "" || strings.HasPrefix(text, "market") {
		return text
	}
	return "market " + text
}

// facts are the age of the newest data and the gaps, shorter where it is tight.
func (s *status) facts(tight bool) []paint.Piece {
	f := s.news[:0]
	if s.st.Newest > 0 {
		late := s.now - s.st.Newest
		old, ink, stale := format.Age(late), paint.Own, late-s.st.Plan.Delayed > staleAfter(s.st.Span)
		if s.st.Session.Open && stale {
			ink = paint.Warn
		}
		switch bound := s.st.Plan.Delayed + staleAfter(s.st.Span); {
		case s.calm && !stale:
			old = "under " + format.Interval(bound)
		case s.calm && late < int64(model.Minute):
			old = "over " + format.Interval(bound)
		case s.calm:
			old = format.Age(late - late%int64(model.Minute))
		}
		if tight {
			f = append(f, ink.Piece("  "), ink.Piece(old), ink.Piece(" old"))
		} else {
			f = append(f, paint.Dim.Piece("  newest "), ink.Piece(old), ink.Piece(" ago"))
		}
	}
	if c := s.st.Counters; c.LostGaps > 0 {
		if tight {
			f = append(f, paint.Warn.Piece("  gaps "+string(format.AppendScaled(nil, float64(c.LostVolume)))))
		} else {
			f = append(f, paint.Warn.Piece("  gaps "+format.Count(int64(c.LostGaps))+" ("+format.Count(int64(c.LostVolume))+" lots)"))
		}
	}
	if s.alerts > 0 {
		f = append(f, paint.Accent.Piece("  !"+format.Count(int64(s.alerts))))
	}
	s.news = f
	return f
}

// staleAfter is the age in ms from which the newest data is called old.
func staleAfter(span model.Span) int64 {
	if span >= model.Minute {
		return 2*int64(span) + 15_000
	}
	return 15_000
}

// rightMost is the level of all that stands at the right end.
const rightMost = 3

// right is what stands at the right end. Level 3 is all of it, 2 without the
// session and how many viewers there are, 1 without the clock, 0 without the
// viewer.
func (s *status) right(level int) []paint.Piece {
	r := s.ends[:0]
	if viewer := s.viewer; level >= 1 && viewer != "" {
		if level < rightMost {
			viewer = s.viewerBrief
		}
		r = append(r, paint.Dim.Piece(viewer), paint.Own.Piece("  "))
	}
	if s.st.Sim {
		r = append(r, paint.Sim.Piece(" SIM "))
	}
	if late := s.st.Plan.Delayed; late > 0 {
		if s.st.Sim {
			r = append(r, paint.Own.Piece(" "))
		}
		r = append(r, paint.Late.Piece(" "+format.Interval(late)+" late "))
	}
	if level >= rightMost {
		if s.playing != nil && !s.st.Sim {
			r = append(r, paint.Dim.Piece("  "+s.playing.Feed))
		}
		text := s.st.Session.Text
		switch {
		case text == "": // not known yet
		case !s.st.Session.Open:
			text = "closed"
		case text != "open":
			r = append(r, paint.Own.Piece("  "), paint.Own.Piece(text))
			text = "open"
		}
		if text != "" {
			r = append(r, paint.Own.Piece("  "), paint.Own.Piece(text))
		}
	}
	if level >= 2 && s.now > 0 && s.playing == nil {
		r = append(r, paint.Own.Piece("  "), paint.Own.Piece(s.clock()), paint.Own.Piece(" "), paint.Own.Piece(s.zone.String()))
	}
	s.ends = r
	return r
}

func spanName(s model.Span) string {
	if s == 0 {
		return ""
	}
	return format.Interval(int64(s))
}

// feedSaid is the feed's state in a sentence that does not count.
func feedSaid(st *model.State) (paint.Ink, string) {
	still := *st
	still.RetryAt, still.PollEvery, still.Read = 0, 0, 0 // these count, and change nothing
	if still.Lag = 0; st.Link == model.Behind && st.Reason == "" {
		still.Reason = st.Via + " is behind"
	}
	s := status{st: &still}
	dot, reason := s.state()
	i := paint.Text
	switch st.Link {
	case model.Polling, model.Behind:
		i = paint.Warn
	case model.Stopped:
		i = paint.Bad
	}
	return i, dot[1].Text + reason
}

// clock is the market time, to the minute where nothing counts seconds.
func (s *status) clock() string {
	if s.calm {
		return s.zone.Clock(s.now)[:len("10:41")]
	}
	return s.zone.Clock(s.now)
}
