//go:build !unix

package process

import "runtime"

// Yield has this process work on one processor.
func Yield() { runtime.GOMAXPROCS(1) }
