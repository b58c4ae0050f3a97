package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"optflow/model/daylog"
)

// Block is a block of a day as it is read.
type Block struct {
	daylog.Block
	Unpacked []byte  // its ops; they are good until the next block
	Header   *Header // of its file
	Begins   bool    // it is the first of its file; see Header.Fresh
	// Hole is what is missing before it, since it is damaged or never was written.
	// nil: nothing. Unpacked begins with it, as with one that was written down, and
	// with what to tell a book of it. What is missing at the end of a day is said by a
	// last block that has nothing else.
	Hole *daylog.Hole
}

// withHole are ops behind what is missing before them.
func (b *Block) withHole(ops []byte) []byte {
	if b.Hole == nil {
		return ops
	}
	var e daylog.Encoder
	putHole(&e, *b.Hole)
	return append(e.Bytes(), ops...)
}

// reading puts the files of a day behind one another.
type reading struct {
	block Block
	mem   []byte // for what is unpacked

	next uint64 // op that is due; a day begins with 0
	last int64  // ms: start of the block before
	why  string // something is missing; "" nothing
}

const (
	whyDamaged = "damaged"
	whyMissing = "missing"
)

// Blocks goes through the blocks of a day in their order. Where something is
// damaged it goes on at the next key. It ends with an error where a file cannot be
// read, or needs a newer optflow (daylog.ErrNewer), and when ctx does. Progress,
// if any, is told of the bytes gone through.
func (d Day) Blocks(ctx context.Context, progress func(done, total int64)) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		var r reading
		gone := int64(0)
		for _, f := range d.Files {
			more, err := r.file(ctx, f.Path, func(at int64) {
				if progress != nil {
					progress(gone+at, d.Size)
				}
			}, yield)
			if err != nil {
				yield(Block{}, err)
			}
			if err != nil || !more {
				return
			}
			gone += f.Size
		}
		if r.why != "" {
			b := Block{Hole: &daylog.Hole{From: r.last, To: r.last, Why: r.why}}
			b.Unpacked = b.withHole(nil)
			yield(b, nil)
		}
	}
}

// file goes through the blocks of one file. More is false once yield wants none.
func (r *reading) file(ctx context.Context, path string, progress func(at int64), yield func(Block, error) bool) (more bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("reading the history: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	s := scan{from: file}
	switch err := s.begin(); {
	case errors.Is(err, errNoHeader) && len(s.buf) == 0:
		return true, nil // its writer ended before its first line
	case errors.Is(err, errNoHeader):
		r.why = whyDamaged
		return true, nil
	case err != nil:
		return false, fmt.Errorf("reading %s: %w", path, err)
	}
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		b, err := s.next()
		if s.bad {
			r.why = whyDamaged
		}
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if !r.take(b, &s.Header, first) {
			continue
		}
		progress(s.at)
		if !yield(r.block, nil) {
			return false, nil
		}
	}
}

// take makes a block the next one. It is false where it must be left out.
func (r *reading) take(b daylog.Block, h *Header, first bool) bool {
	if !r.admit(&b) {
		return false
	}
	ops, err := Unpack(&b, r.mem)
	if err != nil {
		r.why = whyDamaged
		return false
	}
	if b.Codec == daylog.Zstd {
		r.mem = ops
	}
	r.block = r.seal(b, h, first)
	r.block.Unpacked = r.block.withHole(ops)
	return true
}

// admit notes what is missing before a block, and is false where it must be left
// out for that: it may speak of contracts that nobody named.
func (r *reading) admit(b *daylog.Block) bool {
	if b.First > r.next && r.why == "" {
		r.why = whyMissing
	}
	return r.why == "" || b.Key
}

// seal makes a block the one that was read last.
func (r *reading) seal(b daylog.Block, h *Header, first bool) Block {
	out := Block{Block: b, Header: h, Begins: first}
	if r.why != "" {
		out.Hole = &daylog.Hole{From: r.last, To: b.Start, Why: r.why}
		if r.last == 0 {
			out.Hole.From = b.Start
		}
	}
	r.why, r.next, r.last = "", b.First+uint64(b.Ops), b.Start
	return out
}
