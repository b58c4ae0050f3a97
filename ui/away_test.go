package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"optflow/model/alert"

	tea "charm.land/bubbletea/v2"
)

// pass lets time go by, of the market and of the wall.
func (s *stage) pass(d time.Duration) {
	s.wall = s.wall.Add(d)
	s.m.Now += d.Milliseconds()
	s.m.away.Tick()
	s.m.dirty = true
}

// came are bursts that come while nobody looks.
func (s *stage) came(n int) {
	for i := range n {
		tr := newer
		tr.at = fmt.Sprintf("10:42:%02d", i%60)
		tr.symbol = fmt.Sprintf("O:SPY261218C00%d000", 600+i)
		tr.size = uint32(200 + 100*i)
		now := s.m.Now
		s.append(tr)
		s.m.Now = now
	}
}

// leftAt is the line of the screen that says where the reader left, -1 without.
func (s *stage) leftAt() int {
	for i, l := range strings.Split(s.screen(), "\n") {
		if strings.Contains(l, "you left here") {
			return i
		}
	}
	return -1
}

// TestOnReturn: whichever way nobody looked, the place is in the tape and what came
// is said, until the next key, which does what it does.
func TestOnReturn(t *testing.T) {
	for name, c := range map[string]struct{ leave, back func(s *stage) }{
		"focus":  {func(s *stage) { s.m.Update(tea.BlurMsg{}) }, func(s *stage) { s.m.Update(tea.FocusMsg{}) }},
		"frozen": {func(s *stage) { s.keys("space") }, func(s *stage) { s.keys("space") }},
		"focus while frozen": {func(s *stage) { s.keys("space"); s.m.Update(tea.BlurMsg{}) }, func(s *stage) {
			s.m.Update(tea.FocusMsg{})
			if s.leftAt() >= 0 {
				s.t.Error("a frozen picture says what came")
			}
			s.keys("space")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, 120, 30, nil).fill()
			s.m.View()
			c.leave(s)
			s.pass(12 * time.Minute)
			s.came(4)
			if s.leftAt() >= 0 {
				t.Fatal("the place is shown before anybody is back")
			}
			c.back(s)
			s.has("you left here 10:41, 12m ago ─", "away 12m   4 bursts $420K   largest SPY 603 C 18Dec26 $150K   SPY 602 C 18Dec26 $120K   SPY 601 C 18Dec26 $90.0K")
			if at := s.leftAt(); at != 7 || !strings.Contains(strings.Split(s.screen(), "\n")[at+1], "10:41:26") {
				t.Errorf("the line is at %d", at)
			}
			s.has("62 of 754 bursts") // the line is none
			checkCells(t, s.m.View().Content, 120, 30)
			s.pass(time.Minute)
			s.has("you left here 10:41, 13m ago", "away 12m")
			row := strings.Split(s.screen(), "\n")[4]
			s.keys("j")
			if s.leftAt() >= 0 || strings.Contains(s.screen(), "away 12m") {
				t.Error("a key leaves it there")
			}
			if got := s.selected(); got[5:40] != row[3:38] && !strings.Contains(got, strings.TrimSpace(row[:30])) {
				t.Errorf("j goes to %q, not to %q", got, row)
			}
		})
	}
}

// TestAwayWithoutFocusReports: five minutes without a key, where the terminal
// reports no focus; one that does is believed.
func TestAwayWithoutFocusReports(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.m.View()
	s.pass(4 * time.Minute)
	s.came(1)
	s.keys("g")
	if s.leftAt() >= 0 {
		t.Fatal("four minutes are taken for an absence")
	}
	s.pass(5 * time.Minute)
	s.came(3)
	s.pass(3 * time.Minute)
	s.keys("g")
	s.has("away 3m", "you left here 10:50, 3m ago")
	s.keys("g")
	s.hasNot("away")
	s.m.Update(tea.FocusMsg{})
	s.pass(time.Hour)
	s.came(5)
	s.keys("g")
	s.hasNot("away")
}

// TestReturnToAnotherOrder: the line stands where rows stand by time, either way, and
// the summary tells why it is not there.
func TestReturnToAnotherOrder(t *testing.T) {
	s := newStage(t, 120, 90, nil).fill()
	s.m.View()
	s.m.tape.Sort("time") // oldest first
	s.keys("G")
	s.m.Update(tea.BlurMsg{})
	s.came(2)
	s.m.Update(tea.FocusMsg{})
	s.keys("G")
	s.hasNot("you left")
	s.m.Update(tea.BlurMsg{})
	s.came(4) // two of them grow
	s.m.Update(tea.FocusMsg{})
	s.has("2 bursts")
	all := strings.Split(s.screen(), "\n")
	if at := s.leftAt(); at < 0 || !strings.Contains(all[at+1], "602 C") || !strings.Contains(all[at-1], "601 C") {
		t.Errorf("oldest first the line is at %d:\n%s", at, s.screen())
	}
	s.m.tape.Sort("premium")
	s.m.Update(tea.BlurMsg{})
	tr := newer
	tr.symbol = "O:SPY261218C00777000"
	s.append(tr)
	s.m.Update(tea.FocusMsg{})
	s.has("1 burst $150K by premium, falling: no line")
	if s.leftAt() >= 0 {
		t.Error("a line stands among rows by premium")
	}
}

// TestReturnSpeaksOfWhatIsShown: through the tab's filter and the line of /, with
// gaps, and with what began before and crossed the floor since.
func TestReturnSpeaksOfWhatIsShown(t *testing.T) {
	s := newStage(t, 160, 40, nil).fill()
	s.m.View()
	s.keys("c") // calls
	s.m.Update(tea.BlurMsg{})
	s.came(3)
	put := newer
	put.symbol = "O:SPY261218P00650000"
	s.append(put)
	s.m.Update(tea.FocusMsg{})
	s.has("3 bursts $270K")
	s.keys("F")
	small := newer
	small.symbol, small.size, small.at = "O:QQQ261218C00555000", 10, "10:42:30"
	s.append(small)
	s.m.Update(tea.BlurMsg{})
	small.size, small.at = 500, "10:42:33"
	s.append(small)
	for _, g := range gapsOf(t, s.tape)[:2] {
		g.Start, g.Contract = at("10:42:31"), s.intern("O:QQQ261218C00555000")
		s.tape.Append(g)
	}
	s.tape.Publish()
	s.frame()
	s.m.Update(tea.FocusMsg{})
	s.has("1 burst $153K, 1 begun before", "gaps: 143 lots in 1 contract")
	s.keys("3") // Big: none of it
	s.m.Update(tea.BlurMsg{})
	s.came(9)
	s.m.Update(tea.FocusMsg{})
	s.hasNot("away")
}

// TestReturnAfterTrimming says so, and counts at least.
func TestReturnAfterTrimming(t *testing.T) {
	s := newStage(t, 120, 30, func(o *Options) { o.MaxRows = 30 }).fill()
	s.m.View()
	s.m.Update(tea.BlurMsg{})
	s.came(50)
	s.m.Update(tea.FocusMsg{})
	s.has("≥30 bursts", "50 bursts left the tape meanwhile")
	s.keys("g")
	s.m.Update(tea.BlurMsg{})
	s.m.Update(tea.FocusMsg{})
	s.hasNot("away")
}

// TestReturnBehindHelp: what could not be seen stays until it can.
func TestReturnBehindHelp(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	s.m.View()
	s.keys("?")
	s.m.Update(tea.BlurMsg{})
	s.came(3)
	s.m.Update(tea.FocusMsg{})
	s.keys("j", "esc")
	s.has("you left here", "3 bursts")
	s.click(10, 5)
	s.hasNot("you left here")
}

// TestAlertsWhileAway: those that called somebody are counted, neither the ones
// before nor those held back.
func TestAlertsWhileAway(t *testing.T) {
	f := new(fakeDesk)
	s := newStage(t, 120, 30, alerted(f)).fill()
	s.m.View()
	left := s.m.Now
	s.m.Update(tea.BlurMsg{})
	s.came(1)
	f.inbox = &alert.Inbox{Alerts: []alert.Alert{{At: left - 100}, {At: left + 100}, {At: left + 200, Outcome: alert.Held}, {At: left + 300}, {At: left + 400, Test: true}}}
	s.frame()
	s.m.Update(tea.FocusMsg{})
	s.has("1 burst", "2 alerts")
	s.keys("j")
	s.hasNot("2 alerts")
}
