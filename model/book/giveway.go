package book

import (
	"sort"

	"optflow/model"
)

// giveWay takes out of the polled rows what exact bars account for. Up to each
// poll, past, bars and polled rows must not exceed what it stated; the excess
// leaves the rows that overlap bars, oldest first. What exceeds the whole day
// after that leaves the past (in balance), as far as no row shows it, and only
// then any row. A statement surely counts the windows that had ended, and perhaps a
// part of one under way: what is given for want of a larger day is taken back once a
// later statement has room for it. So the sizes follow from the day and from the polls
// and bars held, not from the order they came in.
func (ps *parts) giveWay(a *account, candidate int64) {
	settled := ps.settledPolls(a)
	if ps.giveWayFrom(a, settled, candidate) > 0 && settled > 0 {
		ps.giveWayFrom(a, 0, candidate) // the later rows do not hold it all
	}
}

// giveWayFrom is giveWay among the polls from number settled on. It returns
// what they could not give, and changes nothing then unless settled is 0.
func (ps *parts) giveWayFrom(a *account, settled int, candidate int64) (rest int64) {
	polls := a.polls[settled:]
	sizes := make([]int64, len(polls))
	claims := make([]int64, len(polls))
	within := make([]int64, len(polls))
	a.matchPolls(polls, claims, within)
	sum := int64(0)
	for k := range settled {
		sum += a.polls[k].size
	}
	give := func(to int, excess int64, claimed bool) int64 {
		for j := 0; j <= to && excess > 0; j++ {
			part := min(excess, sizes[j])
			if claimed {
				part = min(part, claims[j])
				claims[j] -= part
			}
			sizes[j] -= part
			sum -= part
			excess -= part
		}
		return max(0, excess)
	}
	for k := range polls {
		sizes[k] = polls[k].raw
		sum += polls[k].raw
		give(k, sum+candidate+within[k]-polls[k].volume, true)
	}
	last := len(polls) - 1
	stated := sum
	excess := give(last, sum+candidate+a.exact-a.total, true)
	if rest = give(last, excess-(candidate-a.history), false); rest > 0 && settled > 0 {
		return rest
	}
	a.polled, a.lent = sum, stated-sum
	for k := range polls {
		if p := &polls[k]; p.size != sizes[k] {
			p.size = sizes[k]
			p.revision++
			ps.write.poll(a, p)
		}
	}
	return rest
}

// settledPolls is how many polls are so old that bars beside them are no longer
// expected or are packed; their rows stay as they are.
func (ps *parts) settledPolls(a *account) int {
	before := ps.time.now - int64(hotMillis)
	if a.windows.count+a.windows.gone > 0 && len(a.windows.hot) > 0 {
		before = max(before, a.day.from+int64(a.windows.hot[0].start))
	}
	return pollAfter(a.polls, before)
}

// pollAfter is the number of the first poll that ends after a time.
func pollAfter(polls []poll, ms int64) int {
	return sort.Search(len(polls), func(k int) bool { return polls[k].end > ms })
}

// matchPolls fills claims with the volume of the bars in each poll's span, which
// reaches back to what the statement before was sure to count, and
// within with that of all bars which its statement counts: a stream bar whose
// own day volume is no larger, a backfilled one that ended before.
func (a *account) matchPolls(polls []poll, claims, within []int64) {
	for i := range a.windows.hot {
		w := &a.windows.hot[i]
		if w.is(windowPast) {
			continue
		}
		start, end := a.day.from+int64(w.start), a.day.from+int64(w.end())
		for k := pollAfter(polls, start); k < len(polls) && polls[k].since < end; k++ {
			claims[k] += int64(w.size)
		}
		counts := sort.Search(len(polls), func(k int) bool {
			if w.day != model.UnknownCount {
				return polls[k].volume >= int64(w.day)
			}
			return polls[k].asOf >= end
		})
		if counts < len(polls) {
			within[counts] += int64(w.size)
		}
	}
	sum := a.windows.sum + a.windows.goneSum
	for k := range within {
		sum += within[k]
		within[k] = sum
	}
}
