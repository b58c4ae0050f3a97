package tail

// printed remembers which tape rows were printed, one bit each, so that a
// correction of a printed row is printed as well even if it falls under the
// floor or out of the filter: a reader must never be left with a wrong line.
type printed struct {
	base  uint64 // sequence number of the first bit, a multiple of 64
	words []uint64
}

func (p *printed) add(seq uint64) {
	if seq < p.base {
		return
	}
	word := int((seq - p.base) / 64)
	for word >= len(p.words) {
		p.words = append(p.words, 0)
	}
	p.words[word] |= 1 << (seq % 64)
}

func (p *printed) has(seq uint64) bool {
	if seq < p.base {
		return false
	}
	word := int((seq - p.base) / 64)
	return word < len(p.words) && p.words[word]&(1<<(seq%64)) != 0
}

// forget drops everything before first: the tape does not hold it any more, so
// nothing will replace it. It moves memory only when half can go.
func (p *printed) forget(first uint64) {
	if first < p.base {
		return
	}
	whole := int((first - p.base) / 64)
	if whole < 1024 || whole < len(p.words)/2 {
		return
	}
	whole = min(whole, len(p.words))
	p.words = append(p.words[:0], p.words[whole:]...)
	p.base += uint64(whole) * 64
}
