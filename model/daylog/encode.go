package daylog

import (
	"encoding/binary"

	"optflow/model"
	"optflow/model/book"
)

// The packed ops. All others are JSON (rare.go).
const (
	opBar       = 1
	opSnapshot  = 2
	opCarry     = 20
	opContracts = 27
	// optional is the first op that a reader may pass over.
	optional = 64
)

// Bits of a bar's start.
const (
	barMillis = 1 // the start is no whole second
	barMinute = 2
)

// What a snapshot has.
const (
	snapshotDay = 1 << iota
	snapshotQuote
	snapshotLateSpot
	snapshotMore
)

// before is the bar or snapshot before, which the next one differs from a little.
type before struct {
	contract int64
	start    int64 // ms
	read     int64 // ms
	spot     float64
}

// usualBlock is how many bytes of memory are kept for the next block.
const usualBlock = 1 << 20

// Encoder writes the inputs of one block. Its zero value is at the block's start.
type Encoder struct {
	ops     []byte
	n       uint32
	last    before
	lists   lists // of the last state
	payload []byte
}

// Len is how many bytes the ops so far have.
func (e *Encoder) Len() int { return len(e.ops) }

// Ops is how many there are.
func (e *Encoder) Ops() uint32 { return e.n }

// Bytes are the ops so far, until the next call.
func (e *Encoder) Bytes() []byte { return e.ops }

// Reset begins the next block.
func (e *Encoder) Reset() {
	if cap(e.ops) > usualBlock {
		e.ops = nil // what is carried over is a hundred times the size of other blocks
	}
	if cap(e.payload) > usualBlock {
		e.payload = nil
	}
	e.ops, e.n, e.last = e.ops[:0], 0, before{}
}

// Put writes an input that a book has been told. A book's answers in it matter:
// they say under which number a contract is spoken of from then on.
func (e *Encoder) Put(in book.Input) {
	switch in := in.(type) {
	case *book.Bar:
		if b := &in.Bar; packs(b) {
			e.bar(b)
			return
		}
	case *book.Snapshot:
		e.snapshot(in)
		return
	case *book.Carry:
		e.op(opCarry, in.Image)
		return
	}
	e.json(rare(in))
}

func (e *Encoder) op(code uint64, payload []byte) {
	e.ops = binary.AppendUvarint(e.ops, code)
	e.ops = binary.AppendUvarint(e.ops, uint64(len(payload)))
	e.ops = append(e.ops, payload...)
	e.n++
}

// packs reports whether a bar is one that the packed form can say: any that a
// market sends.
func packs(b *model.Bar) bool {
	return (b.Span == model.Second || b.Span == model.Minute) && b.Volume >= 0 && b.Start >= 0 && b.Start < 1<<50 && b.DayVolume >= -1
}

func (e *Encoder) bar(b *model.Bar) {
	id, p := int64(b.Contract), e.payload[:0]
	moved, bits := b.Start-e.last.start, int64(0)
	if b.Span == model.Minute {
		bits = barMinute
	}
	if moved%1000 != 0 {
		bits |= barMillis
	} else {
		moved /= 1000
	}
	p = appendInt(p, id-e.last.contract)
	p = appendInt(p, moved<<2|bits)
	p = binary.AppendUvarint(p, uint64(b.Volume))
	p = appendInt(p, b.DayVolume-b.Volume)
	p = appendNumber(p, b.Close, 0)
	p = appendNumber(p, b.Open, b.Close)
	p = appendNumber(p, b.High, b.Close)
	p = appendNumber(p, b.Low, b.Close)
	p = appendNumber(p, b.Vwap, b.Close)
	p = appendNumber(p, b.DayVwap, b.Close)
	p = appendNumber(p, b.AvgSize, 0)
	e.last.contract, e.last.start, e.payload = id, b.Start, p
	e.op(opBar, p)
}

func (e *Encoder) snapshot(in *book.Snapshot) {
	s, p := in.Snapshot, e.payload[:0]
	id, has := int64(s.Contract), byte(0)
	for _, b := range [...]struct {
		is  bool
		bit byte
	}{{s.HasDay, snapshotDay}, {s.HasQuote, snapshotQuote}, {s.SpotDelayed, snapshotLateSpot}, {s.More, snapshotMore}} {
		if b.is {
			has |= b.bit
		}
	}
	p = append(p, byte(in.Mode))
	p = appendInt(p, id-e.last.contract)
	p = append(p, has)
	p = appendInt(p, s.Read-e.last.read)
	p = appendNumber(p, s.Shares, 100)
	ref := 0.0
	if s.HasDay {
		p = appendInt(p, s.DayUpdated-s.Read)
		p = appendInt(p, s.DayVolume)
		p = appendNumber(p, s.DayVwap, 0)
		p = appendNumber(p, s.DayClose, s.DayVwap)
		p = appendNumber(p, s.DayOpen, s.DayClose)
		p = appendNumber(p, s.DayHigh, s.DayClose)
		p = appendNumber(p, s.DayLow, s.DayClose)
		ref = s.DayClose
	}
	p = appendNumber(p, s.LastTrade, ref)
	p = appendInt(p, s.LastTradeTime-s.Read)
	if q := &s.Quote; s.HasQuote {
		p = appendNumber(p, q.Bid, ref)
		p = appendNumber(p, q.Ask, q.Bid)
		p = appendNumber(p, q.BidSize, 0)
		p = appendNumber(p, q.AskSize, 0)
		p = appendInt(p, q.Updated-s.Read)
		p = appendInt(p, q.Read-s.Read)
	}
	for _, v := range [...]float64{s.OpenInterest, s.IV, s.Delta, s.Gamma, s.Theta, s.Vega} {
		p = appendNumber(p, v, 0)
	}
	p = appendNumber(p, s.Spot, e.last.spot)
	p = appendInt(p, s.SpotUpdated-s.Read)
	e.last.contract, e.last.read, e.last.spot, e.payload = id, s.Read, s.Spot, p
	e.op(opSnapshot, p)
}

func appendInt(dst []byte, n int64) []byte { return binary.AppendUvarint(dst, zigzag(n)) }
