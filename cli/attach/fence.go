package attach

import (
	"sync/atomic"

	"optflow/feed"
)

// Fence keeps why nothing is published at a hub, for the user.
type Fence struct{ why atomic.Pointer[string] }

// Say takes why, "" for nothing.
func (f *Fence) Say(why string) { f.why.Store(&why) }

// With is a recorder whose trouble is that as well.
func (f *Fence) With(r feed.Recorder) feed.Recorder { return fenced{r, f} }

type fenced struct {
	feed.Recorder
	fence *Fence
}

func (f fenced) Trouble() string {
	trouble := f.Recorder.Trouble()
	if why := f.fence.why.Load(); trouble == "" && why != nil && *why != "" {
		trouble = "hub: " + *why
	}
	return trouble
}
