package state

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"optflow/config/textfile"
)

// Running marks that a program on this machine does what only one may do, such as
// streaming on a key: a file of the state folder, locked until the program ends,
// however it ends.
type Running struct {
	lock *flock.Flock
	what string // in an error: "mark the key as in use"
}

// NewRunning is the mark for a key and the URL of its stream, nil without a key or
// a state folder. Its name holds a hash of the key.
func NewRunning(statePath string, key, url string) *Running {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256([]byte("optflow streams on " + key + " at " + url))
	return newRunning(statePath, "running-"+hex.EncodeToString(sum[:4])+".lock", "mark the key as in use")
}

// NewDelivering is the mark of the program that delivers alerts and writes their
// log, nil without a state folder.
func NewDelivering(statePath string) *Running {
	return newRunning(statePath, "alerts.lock", "mark that alerts are delivered")
}

// NewServing is the mark of the program that serves viewers, nil without a state
// folder.
func NewServing(statePath string) *Running {
	return newRunning(statePath, "serve.lock", "mark that viewers are served")
}

func newRunning(statePath, name, what string) *Running {
	if statePath == "" {
		return nil
	}
	return &Running{flock.New(beside(statePath, name), flock.SetPermissions(0o600)), what}
}

// Beside is the path of a file that goes with the mark, named as it is but for its
// end.
func (r *Running) Beside(end string) string {
	return strings.TrimSuffix(r.lock.Path(), ".lock") + end
}

// Claim sets the mark. If another program has it, mine is false and holder that
// program's process number, 0 if it cannot be read.
func (r *Running) Claim() (mine bool, holder int, err error) {
	if err := os.MkdirAll(filepath.Dir(r.lock.Path()), 0o700); err != nil {
		return false, 0, fmt.Errorf("%s: %w", r.what, err)
	}
	mine, err = r.lock.TryLock()
	if err != nil {
		return false, 0, fmt.Errorf("%s: %w", r.what, err)
	}
	if mine {
		if err := os.WriteFile(r.lock.Path(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
			return true, 0, fmt.Errorf("%s: %w", r.what, err)
		}
		return true, 0, nil
	}
	content, err := textfile.Read(r.lock.Path())
	if err != nil {
		return false, 0, nil // where a lock keeps readers out as well
	}
	holder, err = strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil || holder < 0 {
		holder = 0
	}
	return false, holder, nil
}

// Lost reports that the mark is ours no more: its file was taken away, or another
// one put in its place.
func (r *Running) Lost() bool {
	ours, err := r.lock.Stat()
	there, gone := os.Stat(r.lock.Path())
	return err != nil || gone != nil || !os.SameFile(ours, there)
}

// Release takes the mark away. The file stays, since another program may be
// waiting for it.
func (r *Running) Release() error {
	if err := r.lock.Unlock(); err != nil {
		return fmt.Errorf("no longer %s: %w", r.what, err)
	}
	return nil
}
