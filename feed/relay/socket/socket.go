// Package socket carries a feed's day log from the program that owns it to others
// of the same user, by a unix socket that nobody else can open. Each follower has
// a reader of the files of its own, so that one that stalls costs nothing.
package socket

import (
	"fmt"
	"net"
	"os"
	"time"
)

const (
	// greeting is how long either side may take to say who it is.
	greeting = 5 * time.Second
	// stalled is how long a follower may take to read what was written.
	stalled = time.Minute
	// positionEvery is how often the publisher says how far it is.
	positionEvery = time.Second
	// mostFollowers are those at a time; each is a goroutine or three and a file.
	mostFollowers = 64
	// asksAtOnce are the questions of one follower that are under way together.
	asksAtOnce = 8
)

// Listen makes the socket at a path whose owner we are, which whoever calls makes
// sure of by a lock: what an earlier run left there is taken away.
func Listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("listening for followers: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listening for followers: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("listening for followers: %w", err)
	}
	return l, nil
}
