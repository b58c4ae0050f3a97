package ledger

// Bound is what the open interest of the next morning proves of the lots that
// fired. D is the change of open interest, V the day's volume, s the lots: at
// least max(0, d-(V-s)) of them opened positions on both sides, at least
// max(0, -d-(V-s)) closed some, if none was exercised. No adjustments by
// clearing members are assumed. Each lot of volume changes open interest by one
// at most, which is all that it rests on.
type Bound struct {
	Lots   int64
	Opened int64
	Closed int64 // ~: an exercise lowers open interest as well
}

// Interest is the bound, or why it cannot be told.
func (f *Followed) Interest() (b Bound, cannot string) {
	m := f.Morning
	switch {
	case m == nil:
		return b, "not yet"
	case !f.listed:
		return b, "a ticker has no open interest"
	case m.Gap || !m.Volume.Known():
		return b, "the day's volume is not known"
	case !f.OI.Known() || !m.OI.Known():
		return b, "no open interest"
	case int64(m.Volume) < f.Size:
		return b, "the day's volume is less than what fired"
	}
	d, others := int64(m.OI)-int64(f.OI), int64(m.Volume)-f.Size
	return Bound{Lots: f.Size, Opened: min(max(0, d-others), f.Size), Closed: min(max(0, -d-others), f.Size)}, ""
}
