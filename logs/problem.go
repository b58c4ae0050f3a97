package logs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"
)

// tail is how much of a log is read to find its last problem, in bytes.
const tail = 256 << 10

// Problem is what a log tells of something that went wrong.
type Problem struct {
	At   time.Time
	Text string // the message with its reason or error, not yet safe to print
}

// LastProblem is the newest warning or error of a log, nil where there is none.
// Where no log was written yet the error is fs.ErrNotExist.
func LastProblem(path string) (*Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read the log: %w", errors.Join(err, fs.ErrInvalid))
	}
	from := max(info.Size()-tail, 0)
	text, err := io.ReadAll(io.NewSectionReader(f, from, tail))
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	var last *Problem
	scan := bufio.NewScanner(bytes.NewReader(text))
	scan.Buffer(nil, tail)
	for scan.Scan() { // a line cut at the beginning is no JSON and is skipped
		var line struct {
			Time              time.Time
			Level             slog.Level
			Msg, Reason, Text string
			Err               string
		}
		if json.Unmarshal(scan.Bytes(), &line) != nil || line.Level < slog.LevelWarn {
			continue
		}
		words := []string{line.Msg}
		for _, more := range []string{line.Reason, line.Text, line.Err} {
			if more != "" {
				words = append(words, more)
			}
		}
		last = &Problem{line.Time, strings.Join(words, ": ")}
	}
	return last, nil
}
