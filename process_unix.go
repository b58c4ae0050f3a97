//go:build unix

package main

import "golang.org/x/sys/unix"

// writeWithoutWaiting writes to the controlling terminal what it takes at once.
// The terminal is opened anew: standard output may be held by a write that will
// never end, and must not be made non-blocking under others' feet.
func writeWithoutWaiting(text string) {
	fd, err := unix.Open("/dev/tty", unix.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	_, _ = unix.Write(fd, []byte(text))
	_ = unix.Close(fd)
}
