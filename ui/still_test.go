package ui

import (
	"fmt"
	"strings"
	"testing"

	"optflow/model"
)

// TestFrozenIsOfOneMoment: but for the first line and the counts of what came
// since nothing moves, whatever comes in and however long it takes.
func TestFrozenIsOfOneMoment(t *testing.T) {
	rest := func(s *stage) string { // without the status line, and the badge at the end of the last line
		lines := strings.Split(s.screen(), "\n")
		last := lines[len(lines)-1]
		if i := strings.LastIndex(last, "? help"); i >= 0 {
			lines[len(lines)-1] = last[:i]
		}
		return strings.Join(lines[1:], "\n")
	}
	for _, size := range [][2]int{{80, 24}, {120, 30}, {200, 50}} {
		for view, keys := range map[string][]string{"tape": nil, "contracts": {"v"}, "tickers": {"v", "v"}, "heat": {"v", "v", "v"}, "details": {"enter"}} {
			t.Run(fmt.Sprintf("%s-%dx%d", view, size[0], size[1]), func(t *testing.T) {
				s := newStage(t, size[0], size[1], nil).fill().day()
				s.keys(keys...)
				s.look()
				s.keys("space")
				s.look()
				before := rest(s)
				if view != "details" && !strings.Contains(before, "frozen") {
					t.Fatalf("it does not say that it is frozen:\n%s", before)
				}
				for i := range 3 {
					more := newer
					more.size += uint32(1000 * i)
					s.append(more)
					for a := range s.feed.accounts {
						s.feed.accounts[a].Day += 1000
						s.feed.accounts[a].Premium *= 2
					}
					s.state(func(st *model.State) {
						for i := range st.Totals {
							st.Totals[i].CallPremium *= 3
							st.Totals[i].Spot += 7
							st.Totals[i].Since = at("10:30:00")
							st.Totals[i].Joint *= float64(i + 1)
							st.Totals[i].Partial = 0
						}
					})
					s.wall = s.wall.Add(1e9 * 20)
					s.m.tick()
					s.m.Now = fixtureNow + int64(i)*20_000
					s.look()
				}
				if got := rest(s); got != before {
					t.Errorf("the frozen picture moved:\n%s\nwas\n%s", got, before)
				}
				s.keys("space")
				s.look()
				if got := rest(s); view != "details" && got == before {
					t.Errorf("thawed it shows nothing new:\n%s", got)
				}
			})
		}
	}
}
