package boards

import (
	"sync/atomic"
	"time"
)

const (
	// frameCost is what a painted frame takes of a processor, most of it in the
	// library's renderer (docs/performance.md).
	frameCost = 1200 * time.Microsecond
	// frameShare is the part of the processors that frames of viewers may take.
	frameShare = 0.4
	// leastPause is that of the rate that screens have by themselves.
	leastPause = time.Second / 10
	// keyShare is how many times sooner than data a key's frame may follow another.
	keyShare = 4
)

// Budget is the processor time that the screens of one process share for their
// frames: the more there are, the fewer each has. It may be used from any
// goroutine.
type Budget struct {
	cores float64
	here  atomic.Int64
}

// NewBudget is one of so many processors.
func NewBudget(cores int) *Budget { return &Budget{cores: float64(max(cores, 1))} }

// Here is how many screens share it now.
func (b *Budget) Here() int { return int(b.here.Load()) }

// Enter counts a screen in until it leaves. Nil is for a screen that has no
// others beside it.
func (b *Budget) Enter() (leave func()) {
	if b == nil {
		return func() {}
	}
	b.here.Add(1)
	return func() { b.here.Add(-1) }
}

// Pause is how far apart data frames of one screen are at least: a tenth of a
// second, and more once there are so many screens that their frames would take
// more than their share.
func (b *Budget) Pause() time.Duration {
	if b == nil {
		return 0
	}
	return max(leastPause, time.Duration(float64(b.here.Load())*float64(frameCost)/(frameShare*b.cores)))
}

// Gap is how far apart painted frames are at least for the sake of others, whatever
// they show: keys are to be seen sooner than data.
func (b *Budget) Gap() time.Duration { return b.Pause() / keyShare }
