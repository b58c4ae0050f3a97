package serving

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"optflow/config/state"
	"optflow/config/viewers"
	"optflow/model/memory"
)

const (
	// choicesName is the folder of what viewers have chosen, with one of each key's.
	choicesName = "viewers"
	// choicesMost is what a viewer's folder holds, in bytes: a hundred filters and
	// some tabs take 20 KB.
	choicesMost = 256 << 10
)

// folderOf is where what somebody has chosen is kept: by the key, since names may
// be given anew.
func (s *Serving) folderOf(v *viewers.Viewer) string {
	sum := sha256.Sum256(v.Key.Marshal())
	return filepath.Join(filepath.Dir(s.o.State), choicesName, hex.EncodeToString(sum[:8]))
}

// choosing is the memory of a viewer. It is all that a viewer has written here:
// tabs, lines typed, pins and choices, in files that the program names.
type choosing struct {
	*state.Memory
	folder string
	shared *state.Memory // the server's own
}

// Recall is what the viewer has chosen, and the volumes of the server's sessions.
func (c *choosing) Recall() (memory.Remembered, []error) {
	own, failed := c.Memory.Recall()
	theirs, _ := c.shared.Recall() // the server's owner is told
	own.Volumes = theirs.Volumes
	return own, failed
}

var errFull = errors.New("there is no more room for what you choose")

// Keep keeps the viewer's choices, and nothing else.
func (c *choosing) Keep(item memory.Item) error {
	if _, is := item.(memory.Volumes); is {
		return nil
	}
	if size := sizeOf(c.folder); size > choicesMost {
		return errFull
	}
	return c.Memory.Keep(item)
}

// sizeOf is how many bytes the files of a folder have.
func sizeOf(folder string) (n int64) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0 // there is none yet
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}
