package model

// Burst is a row as faces show and filter it: windows of one contract joined by
// burst.Set, with how they stand among the others of their underlying. A window
// alone, a gap and a contract's day are shown as bursts, too.
type Burst struct {
	Row
	// Rank is the share of its underlying's bursts of the session, those in their
	// last day of trading and the others apart, that have at least its premium, as
	// of its last change. 0: it has none, see Top.
	Rank    float32
	Windows uint32 // how many it joins; 0 for a gap
}

// Top is the Rank, NaN where there is none: for gaps, for windows as the tape has
// them, and before RankFrom bursts were seen.
func (b *Burst) Top() float64 {
	if b.Rank == 0 {
		return Unknown
	}
	return float64(b.Rank)
}

// Twin answers whether another contract of the underlying had the same size, of
// twin.Size or more, in one of the burst's seconds. It is not known where a
// window that wide or a poll hides the seconds.
func (b *Burst) Twin() Truth {
	switch {
	case b.Flags&FlagTwin != 0:
		return True
	case b.Flags&FlagAlone != 0:
		return False
	}
	return Unknowable
}
