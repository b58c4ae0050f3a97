package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"optflow/model/daylog"
)

// Header is the first line of a file, in JSON.
type Header struct {
	Version int    `json:"v"`       // of the form (daylog.Version)
	Optflow string `json:"optflow"` // which wrote it
	Feed    string `json:"feed"`
	Date    string `json:"date"`  // trading date
	Epoch   string `json:"epoch"` // one start of the program, made up
	Rules   int    `json:"rules"` // by which the book went (book.Rules)
	Sim     bool   `json:"sim"`   // the market is an invented one
	// Fresh says that the book began empty here, and did not go on from the files
	// before: whoever reads them begins anew as well.
	Fresh bool `json:"fresh,omitzero"`
}

// headerMost is how long the first line may be, in bytes.
const headerMost = 4096

// line is the header as it stands in the file.
func (h *Header) line() ([]byte, error) {
	text, err := json.Marshal(h)
	return append(text, '\n'), err
}

var errNoHeader = errors.New("no first line")

// readHeader reads the first line of data and says how long it is.
func readHeader(data []byte) (h Header, size int, err error) {
	end := bytes.IndexByte(data[:min(len(data), headerMost)], '\n')
	if end < 0 || json.Unmarshal(data[:end], &h) != nil || h.Version < 1 {
		return h, 0, errNoHeader
	}
	if h.Version > daylog.Version {
		return h, 0, fmt.Errorf("%w: it is of version %d, and this one reads up to %d", daylog.ErrNewer, h.Version, daylog.Version)
	}
	return h, end + 1, nil
}
