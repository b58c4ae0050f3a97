package socket

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// peer is the user at the other end of a connection.
func peer(c *net.UnixConn) (uid int, known bool, err error) {
	err = control(c, func(fd int) error {
		cred, err := unix.GetsockoptUcred(fd, syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		if err == nil {
			uid = int(cred.Uid)
		}
		return err
	})
	return uid, true, err
}
