package history

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// Summary is what a recorded day comes to.
type Summary struct {
	Rows  uint64 `json:"rows"`  // versions of them counted once
	Gaps  uint64 `json:"gaps"`  // that are open in the end
	Holes int    `json:"holes"` // in the recording
	Sim   bool   `json:"sim"`

	Size  int64 `json:"size"` // bytes of the files that it is of
	Rules int   `json:"rules"`
}

// summaryName is the file of a day's folder that keeps its summary, since it takes
// a second or so to find out. It is good while nothing is appended.
const summaryName = "summary.json"

// Summary goes through a day, or reads what came of that before.
func (d Day) Summary(ctx context.Context, progress func(done, total int64)) (s Summary, err error) {
	path := filepath.Join(d.Dir, summaryName)
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &s) == nil && s.Size == d.Size && s.Rules == book.Rules {
		return s, nil
	}
	s = Summary{Size: d.Size, Rules: book.Rules}
	var (
		run     runThrough
		decoder daylog.Decoder
	)
	run.begin()
	for b, err := range d.Blocks(ctx, progress) {
		if err != nil {
			return s, err
		}
		first := b.Begins && (run.blocks == 0 || b.Header.Fresh)
		if first && run.blocks > 0 {
			run.add(&s)
			run.begin()
			decoder = daylog.Decoder{}
		}
		if b.Header != nil {
			s.Sim = s.Sim || b.Header.Sim
		}
		err := decoder.Ops(b.Unpacked, daylog.Reader{Input: run.book.Apply, Hole: func(daylog.Hole) { s.Holes++ }})
		if err != nil {
			return s, fmt.Errorf("reading the history of %s: %w", d.Date, err)
		}
		if run.blocks++; first {
			run.book.Counters().Into(&run.carried)
		}
	}
	run.add(&s)
	if text, err := json.Marshal(s); err == nil {
		_ = os.WriteFile(path, text, fileOf) // it is found out again
	}
	return s, nil
}

// runThrough is a book that is told a day, and what it had come to before that.
type runThrough struct {
	book    *book.Book
	blocks  int
	carried model.Counters
}

func (r *runThrough) begin() {
	*r = runThrough{book: book.New(tape.New(tape.Options{}), book.Options{})}
}

func (r *runThrough) add(s *Summary) {
	var now model.Counters
	r.book.Counters().Into(&now)
	s.Rows += now.Rows - r.carried.Rows
	s.Gaps += now.LostGaps
}
