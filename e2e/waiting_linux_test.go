package e2e

import "golang.org/x/sys/unix"

// bytesWaiting asks a terminal how much waits to be read.
const bytesWaiting = unix.TIOCINQ
