package rest

import (
	"testing"
	"time"

	"optflow/model/session"
)

// Of the pages that are due the longest overdue goes first, in units of the
// interval at which it is to be read; of two the busier.
func TestPollsGoByWhatIsOverdue(t *testing.T) {
	now := budgetStart
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	open, closed := session.Facts{Open: true}, session.Facts{}
	for name, c := range map[string]struct {
		pages   []*page
		session session.Facts
		live    bool // and the ticker silent
		want    int  // -1 none
	}{
		"nothing is due":             {[]*page{{hot: true, read: ago(4 * time.Second)}, {read: ago(59 * time.Second)}}, open, false, -1},
		"a busy page after 5 s":      {[]*page{{read: ago(30 * time.Second)}, {hot: true, read: ago(6 * time.Second)}}, open, false, 1},
		"a calm one after a minute":  {[]*page{{hot: true, read: ago(6 * time.Second)}, {read: ago(90 * time.Second)}}, open, false, 1},
		"calm ones wait when closed": {[]*page{{read: ago(9 * time.Minute)}}, closed, false, -1},
		"but not for ever":           {[]*page{{read: ago(11 * time.Minute)}}, closed, false, 0},
		"not read since the fall":    {[]*page{{hot: true, read: ago(time.Minute)}, {}, {hot: true}}, open, false, 2},
		"the busier of two":          {[]*page{{hot: true, volume: 1}, {hot: true, volume: 3}, {hot: true, volume: 2}}, open, false, 1},
		"not what is under way":      {[]*page{{hot: true, outstanding: true}, {}}, open, false, 1},
		"a ticker that is silent":    {[]*page{{}}, open, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ch := &Chain{underlying: "SPY", baseline: true, pages: c.pages}
			ch.pulse.silent = c.live
			p := &Polls{every: 5 * time.Second, following: &Following{Tickers: []string{"SPY"}, chains: map[string]*Chain{"SPY": ch}}}
			_, due := p.due(Moment{Now: now, Session: c.session, Live: c.live, Polling: !c.live})
			for i, page := range c.pages {
				if (page == due) != (i == c.want) {
					t.Errorf("page %d is due: %v", i, page == due)
				}
			}
			if c.want < 0 && due != nil {
				t.Errorf("%+v is due", due)
			}
		})
	}
}

// A page is busy whose volume changed, and what polling reaches is the mean of
// what its busy pages took.
func TestPaceOfPolling(t *testing.T) {
	m := Moment{Now: budgetStart, Market: 1000, Polling: true}
	p, of := &pace{}, &page{}
	for _, volume := range []int64{5, 6, 7, 7} {
		m.Now = m.Now.Add(8 * time.Second)
		m.Market += 8000
		p.polled(m, of, volume)
	}
	if of.hot || of.volume != 7 || !of.read.Equal(m.Now) {
		t.Errorf("%+v", of)
	}
	if p.reached != 8*time.Second || p.newest != 25_000 {
		t.Errorf("reached %v, newest at %d", p.reached, p.newest)
	}
}
