package model

import "slices"

// giveWay takes out of the polled rows what exact bars account for. Up to each
// poll, past, bars and polled rows must not exceed what it stated; the excess
// leaves the rows that overlap bars, oldest first. What exceeds the whole day
// after that leaves the past (in balance), and only then any row. The sizes
// follow from the polls and bars held, not from the order they came in.
func (b *Book) giveWay(a *account, candidate int64) {
	sizes := make([]int64, len(a.polls))
	claims := make([]int64, len(a.polls))
	within := make([]int64, len(a.polls))
	settled := a.settledPolls()
	a.matchPolls(claims, within)
	sum := int64(0)
	give := func(from, to int, excess int64, claimed bool) int64 {
		for j := from; j <= to && excess > 0; j++ {
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
	last := len(a.polls) - 1
	for k := range a.polls {
		p := &a.polls[k]
		if k < settled {
			sizes[k] = p.size
			sum += p.size
			continue
		}
		sizes[k] = p.raw
		sum += p.raw
		give(settled, k, sum+candidate+within[k]-p.volume, true)
	}
	excess := give(settled, last, sum+candidate+a.exact-a.total, true)
	give(0, last, excess-candidate, false)
	a.polled = sum
	for k := range a.polls {
		if p := &a.polls[k]; p.size != sizes[k] {
			p.size = sizes[k]
			p.revision++
			b.printPoll(a, p)
		}
	}
}

// settledPolls is how many polls are so old that the windows beside them are
// packed; their rows stay as they are.
func (a *account) settledPolls() int {
	if a.windows.count == 0 || len(a.windows.hot) == 0 {
		return 0
	}
	first := a.day.from + int64(a.windows.hot[0].start)
	at, _ := slices.BinarySearchFunc(a.polls, first, func(p poll, t int64) int {
		if p.end <= t {
			return -1
		}
		return 1
	})
	return at
}

// matchPolls fills claims with the volume of the bars in each poll's span, and
// within with that of all bars which its statement counts: a stream bar whose
// own day volume is no larger, a backfilled one that ended before.
func (a *account) matchPolls(claims, within []int64) {
	for i := range a.windows.hot {
		w := &a.windows.hot[i]
		if w.is(windowPast) {
			continue
		}
		start, end := a.day.from+int64(w.start), a.day.from+int64(w.end())
		k, _ := slices.BinarySearchFunc(a.polls, start, func(p poll, t int64) int {
			if p.end <= t {
				return -1
			}
			return 1
		})
		for ; k < len(a.polls) && a.polls[k].start < end; k++ {
			claims[k] += int64(w.size)
		}
		counts, _ := slices.BinarySearchFunc(a.polls, w, func(p poll, w *window) int {
			if w.day != UnknownCount && p.volume >= int64(w.day) || w.day == UnknownCount && p.asOf >= end {
				return 1
			}
			return -1
		})
		if counts < len(a.polls) {
			within[counts] += int64(w.size)
		}
	}
	sum := a.windows.sum
	for k := range within {
		sum += within[k]
		within[k] = sum
	}
}
