package socket

import (
	"errors"
	"fmt"
	"net"
	"os"
)

var errStranger = errors.New("another user's program")

// ours makes sure that the other end of a connection is of the same user, where the
// system can tell.
func ours(c net.Conn) error {
	u, is := c.(*net.UnixConn)
	if !is {
		return nil
	}
	switch uid, known, err := peer(u); {
	case err != nil:
		return fmt.Errorf("asking whose program it is: %w", err)
	case known && uid != os.Getuid():
		return errStranger
	}
	return nil
}
