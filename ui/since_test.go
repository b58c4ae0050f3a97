package ui

import (
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/totals"
)

// TestSharesOfACommonTime: the share is that of the time that all tickers have
// in common, not of sums that began one by one.
func TestSharesOfACommonTime(t *testing.T) {
	s := newStage(t, 120, 30, nil)
	s.state(func(st *model.State) {
		for i := range st.Totals {
			st.Totals[i].Joint, st.Totals[i].JointSince = float64(i+1)*10e6, at("10:15:00")
		}
		st.Totals[2].Premium = 900e6 // alone for a long time
	})
	s.keys("v", "v")
	s.has("TAPE since 10:15")
	for ticker, want := range map[string]string{"NVDA": "17%", "QQQ": "33%", "SPY": "50%"} {
		for _, l := range strings.Split(s.screen(), "\n")[3:6] {
			if strings.Contains(l, ticker) && !strings.Contains(l, want) {
				t.Errorf("%s has not %s: %s", ticker, want, l)
			}
		}
	}
	s.state(func(st *model.State) {
		st.Totals[0].JointSince, st.Totals[0].Joint = 0, 0 // nothing of it came in yet
	})
	for _, l := range strings.Split(s.screen(), "\n")[3:6] {
		if strings.Contains(l, "NVDA") && strings.Contains(l, " 0%") {
			t.Errorf("a ticker that does not count yet has a share: %s", l)
		}
	}
}

// TestEachTickerItsOwnStart: the start of one ticker is not said of another.
func TestEachTickerItsOwnStart(t *testing.T) {
	for _, c := range []struct {
		width, height int
		keys          []string
		want, not     []string
	}{
		{120, 30, nil, []string{"since 09:52", "bull-bear begun 09:52 to 10:15"}, []string{"BULL-BEAR since"}},
		{200, 50, nil, []string{"since 10:15", "since 09:52"}, []string{"BULL-BEAR since"}},
		{140, 24, nil, []string{"bull-bear begun 09:52 to 10:15"}, []string{"since 09:52"}},
		{80, 24, []string{"v", "v"}, []string{"BULL-BEAR begun 09:52 to 10:15"}, nil},
		{120, 30, []string{"v", "v"}, []string{" 10:15 ", " 09:52 ", "SINCE"}, nil},
	} {
		s := newStage(t, c.width, c.height, nil)
		s.state(func(st *model.State) { st.Totals[1].Since = at("10:15:30") })
		s.keys(c.keys...)
		s.has(c.want...)
		s.hasNot(c.not...)
		s.state(nil) // and one that they share is said once
		if len(c.keys) == 0 && strings.Count(s.screen(), "09:52") > 2 {
			t.Errorf("%dx%d: the common start is repeated:\n%s", c.width, c.height, s.screen())
		}
	}
	// Where the time has no place, neither has the balance.
	s := newStage(t, 80, 24, nil)
	s.state(nil)
	if l := s.line(22); strings.Contains(l, "on 41%") {
		t.Errorf("a balance without its time: %q", l)
	}
}

// TestMinutesThatAreNotWhole look so in every theme and in ASCII, and the words
// say from when they are.
func TestMinutesThatAreNotWhole(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		s := newStage(t, 200, 50, func(o *Options) { o.ASCII = ascii; o.Theme = "mono" })
		s.state(func(st *model.State) {
			for i := range st.Totals {
				st.Totals[i].Minutes = make([]float64, 60)
				for k := range st.Totals[i].Minutes {
					st.Totals[i].Minutes[k] = 1e6
				}
				st.Totals[i].Minutes[3] = 0
			}
		})
		want := "·" + strings.Repeat("┊", 6) + strings.Repeat("█", 49) + "┊"
		if ascii {
			want = "|" + strings.Repeat(":", 6) + strings.Repeat("#", 49) + ":"
		}
		s.has(want, "last hour, whole from 09:52")
	}
	zone := newStage(t, 80, 24, nil).m.Zone
	for _, c := range []struct {
		partial uint64
		want    string
	}{
		{0, ""}, {1 << 59, ""}, {3 << 58, ""}, {7 << 57, "no whole minute"},
		{1<<60 - 1, "no whole minute"}, {1<<58 - 1 | 1<<59, "whole from 10:40"}, {1 << 30, "whole from 10:13"},
	} {
		r := model.Totals{Minutes: make([]float64, 60), Minute: at("10:41:00"), Partial: c.partial}
		if got := string(totals.AppendWhole(nil, []model.Totals{r}, zone)); got != c.want {
			t.Errorf("%060b: %q, want %q", c.partial, got, c.want)
		}
	}
}

// TestColumnsWithoutValuesLeaveFirst: what says nothing gives its place to what
// does, and the price of the underlying is among the last to go.
func TestColumnsWithoutValuesLeaveFirst(t *testing.T) {
	s := newStage(t, 80, 24, remembering(&fakeMemory{Remembered: memory.Remembered{Volumes: new(model.Volumes)}}))
	s.state(nil)
	s.keys("v", "v")
	s.has(" SPOT ", "655.02", " TAPE ")
	s.hasNot("VS MEAN", "– (0)")
	s.state(func(st *model.State) {
		for i := range st.Totals {
			st.Totals[i].Spot = model.Unknown
			st.Totals[i].JointSince = 0
		}
	})
	s.hasNot(" SPOT ", " TAPE ")
	s.has("SINCE") // which has the room now
	s.state(nil)
	s.has(" SPOT ")

	s = newStage(t, 80, 24, nil).day()
	s.state(nil)
	for i := range s.feed.accounts {
		s.feed.accounts[i].OpenInterest = model.Unknown
	}
	s.keys("v")
	s.look()
	s.has(" LAST ", " WIN ", " GAPS ")
	s.hasNot(" V/OI ", " OI ")
}

// TestViewsSayWhatIsNotReadYet: before the sweep is through, the sums and counts
// of the day are what has been heard so far, in every view.
func TestViewsSayWhatIsNotReadYet(t *testing.T) {
	s := newStage(t, 200, 50, nil).fill().day()
	s.state(func(st *model.State) {
		st.Totals[0].Whole = false
		st.Totals[1].Whole, st.Totals[1].CallPremium, st.Totals[1].PutPremium, st.Totals[1].CallVolume = false, 0, 0, 0
	})
	s.keys("v")
	s.look()
	if l := s.line(1); !strings.Contains(l, "≥") {
		t.Errorf("the contracts are counted as if all were read: %q", l)
	}
	s.keys("v")
	s.has("≥$48.2M", "≥$21.0M", "≥$69.2M", "≥60,000")
	for _, l := range strings.Split(s.screen(), "\n")[3:6] {
		if strings.Contains(l, "NVDA") && strings.Contains(l, "0.44") || strings.Contains(l, "QQQ") && strings.Contains(l, "$0") {
			t.Errorf("part of the sums is shown as all of it: %s", l)
		}
		if strings.Contains(l, "SPY") && strings.Contains(l, "≥") {
			t.Errorf("what is read is said not to be: %s", l)
		}
	}
}
