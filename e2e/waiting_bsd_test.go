//go:build unix && !linux

package e2e

// bytesWaiting asks a terminal how much waits to be read: FIONREAD of
// sys/filio.h, _IOR('f', 127, int).
const bytesWaiting = 0x4004667f
