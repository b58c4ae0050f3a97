//go:build !unix

package process

import (
	"os"
	"runtime"
	"time"

	"optflow/model/crash"
)

// writeWithoutWaiting writes to the console and gives up soon.
func writeWithoutWaiting(text string) {
	done := make(chan struct{})
	crash.Go("console", func() {
		_, _ = os.Stdout.WriteString(text)
		close(done)
	})
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}

// Continuations: nobody stops and continues programs here.
func (p *Process) Continuations() <-chan os.Signal { return nil }

// Suspend does nothing here.
func (p *Process) Suspend() {}

// Yield has this process work on one processor.
func Yield() { runtime.GOMAXPROCS(1) }
