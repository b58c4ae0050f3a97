package daylog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"optflow/model"
	"optflow/model/book"
)

// ErrNewer says that an op is of a later version of the form.
var ErrNewer = errors.New("the recording needs a newer optflow")

// ErrUnnamed says that an op speaks of a contract that none has named before.
var ErrUnnamed = errors.New("a contract that was not named")

// Decoder reads blocks for a book. It keeps which number each contract that was
// named has in that book.
type Decoder struct {
	ids     []model.ContractID // a reader's numbers by those of the log, unnamed where there is none
	strange bool               // an op spoke of a contract that has no number

	named contractOp // the last one

	last  before
	lists lists // of the last state
	bar   book.Bar
	snap  book.Snapshot
	data  model.Snapshot
}

// unnamed is no number.
const unnamed = model.ContractID(^uint32(0))

// Ops goes through the ops of a block, as they were before it was packed, and
// hands each on. An input is good until the call returns. What is carried over
// from other rules is left, and stands in the input's Err. Without a Reader's
// Input nothing but states and holes is read.
func (d *Decoder) Ops(ops []byte, to Reader) error {
	d.last = before{}
	for n := 1; len(ops) > 0; n++ {
		code, size := binary.Uvarint(ops)
		if size <= 0 {
			return fmt.Errorf("op %d: %w", n, ErrDamaged)
		}
		ops = ops[size:]
		length, size := binary.Uvarint(ops)
		if size <= 0 || length > uint64(len(ops)-size) {
			return fmt.Errorf("op %d: %w", n, ErrDamaged)
		}
		payload := ops[size : size+int(length)]
		ops = ops[size+int(length):]
		if code >= optional {
			continue
		}
		if err := d.op(code, payload, to); err != nil {
			return fmt.Errorf("op %d (%d): %w", n, code, err)
		}
	}
	return nil
}

func (d *Decoder) op(code uint64, payload []byte, to Reader) error {
	switch code {
	case opState:
		return d.state(payload, to.State)
	case opHole:
		return d.hole(payload, to.Hole)
	}
	if to.Input == nil {
		return nil
	}
	if code == opContracts {
		return d.contracts(payload, to.Input)
	}
	in, err := d.input(code, payload)
	if err != nil {
		return err
	}
	d.tell(in, to.Input)
	if c, is := in.(*book.Carry); is && !errors.Is(c.Err, book.ErrOtherRules) {
		return c.Err
	}
	return nil
}

func (d *Decoder) input(code uint64, payload []byte) (in book.Input, err error) {
	d.strange = false
	switch r := (reader{data: payload}); code {
	case opBar:
		d.readBar(&r)
		in, err = &d.bar, r.err()
	case opSnapshot:
		d.readSnapshot(&r)
		in, err = &d.snap, r.err()
	case opCarry:
		in = &book.Carry{Image: payload}
	default:
		in, err = d.rare(code, payload)
	}
	if err == nil && d.strange {
		err = ErrUnnamed
	}
	return in, err
}

func (d *Decoder) tell(in book.Input, to func(book.Input)) {
	to(in)
	if c, is := in.(*book.Contract); is && c.Err == nil && !d.named.None {
		d.name(d.named.ID, c.ID)
	}
}

// name notes a reader's number of a contract.
func (d *Decoder) name(id uint32, own model.ContractID) {
	if id >= model.MaxContracts {
		return // of which nothing is said then
	}
	for int(id) >= len(d.ids) {
		d.ids = append(d.ids, unnamed)
	}
	d.ids[id] = own
}

// own is a reader's number of a contract.
func (d *Decoder) own(id int64) model.ContractID {
	if id < 0 || id >= int64(len(d.ids)) || d.ids[id] == unnamed {
		d.strange = true
		return 0
	}
	return d.ids[id]
}

func (r *reader) err() error {
	if r.bad {
		return ErrDamaged
	}
	return nil
}

func (d *Decoder) readBar(r *reader) {
	b := &d.bar.Bar
	d.last.contract += r.int()
	moved := r.int()
	bits := moved & 3
	if moved >>= 2; bits&barMillis == 0 {
		moved *= 1000
	}
	d.last.start += moved
	b.Contract, b.Start, b.Span = d.own(d.last.contract), d.last.start, model.Second
	if bits&barMinute != 0 {
		b.Span = model.Minute
	}
	b.Volume = int64(r.uint())
	b.DayVolume = r.int() + b.Volume
	b.Close = r.number(0)
	b.Open = r.number(b.Close)
	b.High = r.number(b.Close)
	b.Low = r.number(b.Close)
	b.Vwap = r.number(b.Close)
	b.DayVwap = r.number(b.Close)
	b.AvgSize = r.number(0)
}

func (d *Decoder) readSnapshot(r *reader) {
	s := &d.data
	*s = model.Snapshot{}
	d.snap.Snapshot, d.snap.Mode = s, book.Mode(r.byte())
	d.last.contract += r.int()
	has := r.byte()
	d.last.read += r.int()
	s.Contract, s.Read = d.own(d.last.contract), d.last.read
	s.HasDay, s.HasQuote = has&snapshotDay != 0, has&snapshotQuote != 0
	s.SpotDelayed, s.More = has&snapshotLateSpot != 0, has&snapshotMore != 0
	s.Shares = r.number(100)
	ref := 0.0
	if s.HasDay {
		s.DayUpdated = r.int() + s.Read
		s.DayVolume = r.int()
		s.DayVwap = r.number(0)
		s.DayClose = r.number(s.DayVwap)
		s.DayOpen = r.number(s.DayClose)
		s.DayHigh = r.number(s.DayClose)
		s.DayLow = r.number(s.DayClose)
		ref = s.DayClose
	}
	s.LastTrade = r.number(ref)
	s.LastTradeTime = r.int() + s.Read
	if q := &s.Quote; s.HasQuote {
		q.Bid = r.number(ref)
		q.Ask = r.number(q.Bid)
		q.BidSize = r.number(0)
		q.AskSize = r.number(0)
		q.Updated = r.int() + s.Read
		q.Read = r.int() + s.Read
	}
	for _, v := range [...]*float64{&s.OpenInterest, &s.IV, &s.Delta, &s.Gamma, &s.Theta, &s.Vega} {
		*v = r.number(0)
	}
	s.Spot = r.number(d.last.spot)
	s.SpotUpdated = r.int() + s.Read
	d.last.spot = s.Spot
}
