//go:build unix

// Package cpu tells benchmarks what processor time they took.
package cpu

import (
	"syscall"
	"time"
)

// Used is what this process has used so far, its own servers included.
func Used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
