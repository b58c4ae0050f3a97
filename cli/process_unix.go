//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stopCheck is how long after asking to be stopped the program must still be
// running to know that nobody stops it: without a shell that controls jobs, as
// under ssh HOST optflow, the system drops the request.
const stopCheck = 300 * time.Millisecond

// continuations tells of the program's being continued after others stopped it,
// by kill or a shell: the terminal may have been anything to anybody meanwhile.
func (p *Process) continuations() <-chan os.Signal {
	p.goesOn = make(chan os.Signal, 1)
	signal.Notify(p.goesOn, syscall.SIGCONT)
	return p.goesOn
}

// suspend stops the program, and with it the others of its job, until it is
// continued. The terminal has been given back before. The request to stop is not
// caught anywhere: once caught, the runtime never lets it act again.
func (p *Process) suspend() {
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
