package feed

import (
	"testing"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/tape"
)

// inputs are what the book of a run was told, to be told to others.
type inputs struct {
	t     *testing.T
	log   []byte // blocks
	ids   map[string]model.ContractID
	ticks []int // which of its inputs they are
	first int64 // ms: the first of them
	keys  []entry
}

// entry is where a key begins in the blocks, and at which input.
type entry struct{ at, input int }

func newInputs(t *testing.T, log []byte) *inputs {
	s := &inputs{t: t, log: log, ids: make(map[string]model.ContractID)}
	first := book.New(tape.New(keepsAll), book.Options{})
	s.each(0, -1, func(n int, in book.Input) {
		first.Apply(in)
		switch in := in.(type) {
		case *book.Contract:
			s.ids[in.Symbol] = in.ID
		case *book.Tick:
			if len(s.ticks) == 0 {
				s.first = in.Now
			}
			s.ticks = append(s.ticks, n)
		}
	})
	return s
}

// each goes through inputs, to -1 to the end. What keys carry is left out: it is
// for whoever begins there.
func (s *inputs) each(from, to int, yield func(n int, in book.Input)) {
	begin := entry{}
	for _, k := range s.keys {
		if k.input <= from {
			begin = k
		}
	}
	n := begin.input
	var reader daylog.Decoder
	for at, size := begin.at, 0; at < len(s.log) && (to < 0 || n < to); at += size {
		var b daylog.Block
		var err error
		b, size, err = daylog.Next(s.log[at:])
		if b.Key && (len(s.keys) == 0 || n > s.keys[len(s.keys)-1].input) {
			s.keys = append(s.keys, entry{at, n})
		}
		if err == nil {
			err = reader.Ops(b.Stored, daylog.Reader{Input: func(in book.Input) {
				if _, carried := in.(*book.Carry); carried {
					return
				}
				switch c, named := in.(*book.Contract); {
				case n >= from && (to < 0 || n < to):
					yield(n, in)
				case named: // it was answered before
					c.ID = s.ids[c.Symbol]
				}
				n++
			}})
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}
