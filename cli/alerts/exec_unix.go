//go:build unix

package alerts

import (
	"os/exec"
	"syscall"
)

// ownSession gives a program a session of its own, without a terminal, and has
// all of its process group killed with it.
func ownSession(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
