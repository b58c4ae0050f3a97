package burst

// slots holds bursts in chunks, so that they neither move nor leave holes.
type slots struct {
	chunks []*[slotChunk]Burst
	used   int      // slots ever given out
	free   []uint32 // to be given out again, longest free first
}

// slotChunk bursts of 120 bytes are whole pages of memory.
const slotChunk = 1024

func (s *slots) at(id uint32) *Burst { return &s.chunks[id/slotChunk][id%slotChunk] }

// take returns a free slot.
func (s *slots) take() uint32 {
	if len(s.free) > 0 {
		id := s.free[0]
		s.free = s.free[1:]
		return id
	}
	if s.used == len(s.chunks)*slotChunk {
		s.chunks = append(s.chunks, new([slotChunk]Burst))
	}
	s.used++
	return uint32(s.used - 1)
}

// give returns slots.
func (s *slots) give(ids []uint32) {
	s.free = append(s.free, ids...)
}
