//go:build unix

package process

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stopCheck is how long we wait to be stopped. Without a shell that controls jobs,
// as under `ssh HOST optflow`, the system drops the request and we go on.
const stopCheck = 300 * time.Millisecond

// Continuations says when the program is continued after somebody else stopped
// it: meanwhile others may have written on the terminal.
func (p *Process) Continuations() <-chan os.Signal {
	p.goesOn = make(chan os.Signal, 1)
	signal.Notify(p.goesOn, syscall.SIGCONT)
	return p.goesOn
}

// Suspend stops the program, and with it the others of its job, until it is
// continued. The terminal was given back before. SIGTSTP is caught nowhere: once
// a Go program has caught it, it never stops by it again.
func (p *Process) Suspend() {
	if p.goesOn != nil { // this time it is known
		signal.Stop(p.goesOn)
		defer signal.Notify(p.goesOn, syscall.SIGCONT)
	}
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return
	}
	select {
	case <-goesOn:
	case <-time.After(stopCheck):
	}
}

// writeWithoutWaiting writes to the controlling terminal what it takes at once.
// It opens the terminal anew: a write to standard output may block for ever, and
// making that non-blocking would change it for others too.
func writeWithoutWaiting(text string) {
	fd, err := unix.Open("/dev/tty", unix.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	_, _ = unix.Write(fd, []byte(text))
	_ = unix.Close(fd)
}

// Yield has this process work when no other wants to, and on one processor.
func Yield() {
	runtime.GOMAXPROCS(1)
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 19) // else it is quick, and no harm done
}
