package burst

// slots holds bursts in chunks, so that they neither move nor leave holes.
type slots struct {
	chunks []*[slotChunk]Burst
	used   int      // slots ever given out
	free   []uint32 // to be given out again, longest free first
	taken  int      // of free
}

// slotChunk bursts of 120 bytes are whole pages of memory.
const slotChunk = 1024

func (s *slots) at(id uint32) *Burst { return &s.chunks[id/slotChunk][id%slotChunk] }

// take returns a free slot.
func (s *slots) take() uint32 {
	if s.taken < len(s.free) {
		id := s.free[s.taken]
		s.taken++
		if s.taken == len(s.free) {
			s.free, s.taken = s.free[:0], 0
		}
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
	if s.taken > 0 && s.taken >= len(s.free)/2 {
		s.free = s.free[:copy(s.free, s.free[s.taken:])]
		s.taken = 0
	}
	s.free = append(s.free, ids...)
}
