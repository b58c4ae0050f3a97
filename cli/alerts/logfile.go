package alerts

import (
	"context"
	"errors"
	"io"
	"syscall"
)

// LogName is the file of `to = "log"` in the state's folder.
const LogName = "alerts.jsonl"

// logFile writes each alert as one line of JSON.
type logFile struct{ to io.Writer }

func (f logFile) send(_ context.Context, _ *lane, m *mail) result {
	if _, err := f.to.Write(append(m.body[:len(m.body):len(m.body)], '\n')); err != nil {
		return failed(diskCause(err))
	}
	return ok
}

// diskCause is why nothing could be written, in a few words.
func diskCause(err error) string {
	if errors.Is(err, syscall.ENOSPC) {
		return "the disk is full"
	}
	return "cannot be written"
}
