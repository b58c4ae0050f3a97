package ui

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"
)

// A frame follows its key at once, however long nothing was painted, and many
// keys in a row share the frames that there are.
func TestPaintsSoon(t *testing.T) {
	onWire(t, 120, 30, colorprofile.ANSI256, func(w *wire) {
		if tickerOf(w.p) == nil {
			t.Fatal("this version of the library has no ticker to set: it looks for frames all the time")
		}
		for range 5 {
			time.Sleep(time.Duration(1000-w.clock.Now()%1000)*time.Millisecond + 700*time.Millisecond)
			w.take()
			w.press("?")
			synctest.Wait()
			time.Sleep(paintSoon + time.Millisecond)
			if _, writes := w.take(); writes == 0 {
				t.Error("nothing was painted after the key")
			}
			w.press("q")
		}
		time.Sleep(time.Duration(1000-w.clock.Now()%1000)*time.Millisecond + 150*time.Millisecond)
		w.take()
		const span = 500 * time.Millisecond
		for range int(span / time.Millisecond) {
			w.press("j")
			synctest.Wait()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(paintGap + paintSoon)
		if _, writes := w.take(); writes < 5 || writes > int(span/paintGap)+2 {
			t.Errorf("%d writes in %v", writes, span)
		}
	})
}

// Once the view is painted the library hardly looks.
func TestRestsOncePainted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shown atomic.Int32
		p := painter{ticker: time.NewTicker(paintGap), shown: func() { shown.Add(1) }}
		defer p.ticker.Stop()
		p.slow = time.AfterFunc(time.Hour, p.rest)
		defer p.slow.Stop()
		ticks := func(span time.Duration) (n int) {
			for end := time.After(span); ; {
				select {
				case <-p.ticker.C:
					n++
				case <-end:
					return n
				}
			}
		}
		p.viewed(nil)
		if n := ticks(paintSoon + paintSoon/4); n != 1 {
			t.Errorf("looked %d times as the view was due", n)
		}
		if n := ticks(paintGap + paintSoon); n != 1 {
			t.Errorf("looked %d times for a view that was handed over late", n)
		}
		if n := ticks(10 * time.Second); n > 11 {
			t.Errorf("looked %d times in ten seconds of rest", n)
		}
		p.viewed(nil)
		p.viewed(nil)
		if n := ticks(paintSoon + paintSoon/4); n != 1 {
			t.Errorf("looked %d times for two views at once", n)
		}
		if n := shown.Load(); n != 1 {
			t.Errorf("said %d times that the first frame is shown", n)
		}
	})
}
