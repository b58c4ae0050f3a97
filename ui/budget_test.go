package ui

import (
	"io"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/boards"
)

// Frames a second are 10, and less where so many look that their frames would take
// more than two fifths of the processors.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		cores, here int
		fps         float64
	}{{2, 0, 10}, {2, 1, 10}, {2, 50, 10}, {2, 100, 6.7}, {2, 200, 3.3}, {1, 200, 1.7}, {8, 200, 10}, {1, 1000, 0.33}} {
		b := boards.NewBudget(c.cores)
		for range c.here {
			b.Enter()
		}
		if fps := float64(time.Second) / float64(b.Pause()); fps < c.fps*0.97 || fps > c.fps*1.03 {
			t.Errorf("%d viewers on %d processors: %.2f frames a second, want %v", c.here, c.cores, fps, c.fps)
		}
		if b.Gap() > b.Pause() {
			t.Errorf("%d viewers on %d processors: keys are painted every %v", c.here, c.cores, b.Gap())
		}
	}
	leave := boards.NewBudget(runtime.NumCPU()).Enter()
	leave()
}

// The rate of a screen changes as others come and go; one without the focus has a
// frame a second.
func TestBudgetChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := boards.NewBudget(1)
		s := newStage(t, 120, 30, func(o *Options) { o.Budget, o.FPS = b, 60 })
		s.m.Wall = time.Now
		frames := func() (n int) {
			stop := make(chan struct{})
			var writing sync.WaitGroup
			writing.Go(func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(5 * time.Millisecond):
						s.tape.SetState(&model.State{})
					}
				}
			})
			for end := time.Now().Add(3 * time.Second); time.Now().Before(end); n++ {
				s.m.pull.Wait(t.Context())()
				s.m.onFrame()
			}
			close(stop)
			writing.Wait()
			return n / 3
		}
		if n := frames(); n != 10 {
			t.Errorf("%d frames a second for one", n)
		}
		var leave []func()
		for range 100 {
			leave = append(leave, b.Enter())
		}
		if n := frames(); n != 3 {
			t.Errorf("%d frames a second with a hundred others", n)
		}
		s.m.Update(tea.BlurMsg{})
		if n := frames(); n != 1 {
			t.Errorf("%d frames a second where nobody looks", n)
		}
		s.m.Update(tea.FocusMsg{})
		for _, l := range leave {
			l()
		}
		if n := frames(); n != 10 {
			t.Errorf("%d frames a second once they are gone", n)
		}
	})
}

// Run counts itself in and out.
func TestRunIsCounted(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	b, sizes, v := boards.NewBudget(2), make(chan Size, 1), ann(1)
	sizes <- Size{120, 30}
	a, in, ended := runViewer(t, Options{Market: s.m.opt.Market, Viewer: &v, Budget: b}, sizes)
	a.await(t, "viewer ann")
	if b.Here() != 1 {
		t.Errorf("%d are here", b.Here())
	}
	if _, err := io.WriteString(in, "q"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil || b.Here() != 0 {
		t.Errorf("ended with %v, %d are left", err, b.Here())
	}
}
