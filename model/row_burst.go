package model

import "math"

// SetTop writes a rank into a burst's row, as Top tells it; 0 is none.
func (r *Row) SetTop(share float32) {
	r.Flags &^= FlagRanked
	r.Replaces = 0
	if share != 0 {
		r.Flags |= FlagRanked
		r.Replaces = math.Float32bits(share)
	}
}

// Top is a burst's rank: the share of its underlying's bursts of the session,
// those in their last day of trading and the others apart, that have at least
// its premium, as of its last change. NaN where there is none: for gaps, for
// windows as the tape has them, and before RankFrom bursts were seen.
func (r *Row) Top() float64 {
	if r.Flags&FlagRanked == 0 {
		return Unknown
	}
	return float64(math.Float32frombits(r.Replaces))
}

// Twin answers whether another contract of the underlying had the same size, of
// twin.Size or more, in one of the row's seconds. It is known of bursts only, and
// not where a window that wide or a poll hides the seconds.
func (r *Row) Twin() Truth {
	switch {
	case r.Flags&FlagTwin != 0:
		return True
	case r.Flags&FlagAlone != 0:
		return False
	}
	return Unknowable
}
