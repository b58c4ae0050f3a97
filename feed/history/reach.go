package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Reach is from when to when a day was recorded, in ms of market time, and the
// header of its newest file.
type Reach struct {
	From, To int64
	Header   Header
}

// Reach goes through the blocks of a day without unpacking them. It has no times
// where the day has no block.
func (d Day) Reach(ctx context.Context) (r Reach, err error) {
	for _, f := range d.Files {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if err := r.file(f.Path); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *Reach) file(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading the history: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	s := scan{from: file}
	switch err := s.begin(); {
	case errors.Is(err, errNoHeader):
		return nil
	case err != nil:
		return fmt.Errorf("reading %s: %w", path, err)
	}
	r.Header = s.Header
	for {
		b, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if r.From == 0 {
			r.From = b.Start
		}
		r.To = max(r.To, b.Start)
	}
}
