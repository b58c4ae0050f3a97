package feed

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// threadClock keeps the calling goroutine on its thread and tells what processor
// time that has had: what a machine with other things to do does not add to.
func threadClock() func() time.Duration {
	runtime.LockOSThread()
	return func() time.Duration {
		var used unix.Rusage
		if unix.Getrusage(unix.RUSAGE_THREAD, &used) != nil {
			return 0
		}
		return time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
}
