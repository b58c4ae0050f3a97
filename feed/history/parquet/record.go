package parquet

import (
	"cmp"
	"encoding/binary"
	"math"

	"optflow/model"
)

// record is a row on its way from the book to the files.
type record struct {
	model.Row // Contract is the deriver's number
	Rank      float32
	Windows   uint32
	Known     int64 // ms
}

// recordSize is what one takes in a temporary file.
const recordSize = 13 * 8

// compare orders records as files have them. Bursts are told apart by their first
// window, however long they got.
func (r *record) compare(o *record) int {
	c := cmp.Or(cmp.Compare(r.Start, o.Start), cmp.Compare(r.Contract, o.Contract), cmp.Compare(r.Kind, o.Kind))
	if c == 0 && r.Kind != model.KindBurst {
		c = cmp.Compare(r.Span, o.Span)
	}
	return c
}

// replace is what is left of two versions. What was watched is not replaced by
// what another run of the program read of its past.
func (r *record) replace(by *record) {
	if by.Is(model.FlagPast) && !r.Is(model.FlagPast) {
		return
	}
	known := r.Known
	if *r = *by; known != 0 {
		r.Known = known
	}
}

func (r *record) gap() bool { return r.Kind == model.KindGap }

// of is the row of a file. Numbers of contracts are not in it.
func (r *record) of(c *model.Contract) (row Row) {
	row.Row, row.Rank, row.Burst.Windows, row.FirstKnown, row.Of = r.Row, r.Rank, r.Windows, r.Known, c
	row.Row.Contract = c.ID
	return row
}

func (r *record) append(dst []byte) []byte {
	two := func(a, b uint32) { dst = binary.LittleEndian.AppendUint64(dst, uint64(a)|uint64(b)<<32) }
	floats := func(a, b float32) { two(math.Float32bits(a), math.Float32bits(b)) }
	dst = binary.LittleEndian.AppendUint64(dst, uint64(r.Start))
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(r.Premium))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(r.Known))
	two(uint32(r.Contract), uint32(r.Span))
	two(r.Size, r.DayVolume)
	floats(r.Open, r.High)
	floats(r.Low, r.Close)
	floats(r.Vwap, r.Prints)
	floats(r.Spot, r.IV)
	floats(r.Delta, r.Bid)
	two(math.Float32bits(r.Ask), r.OpenInterest)
	two(uint32(r.QuoteAge), math.Float32bits(r.Rank))
	windows := uint16(min(r.Windows, math.MaxUint16)) // a burst has 60 seconds at most
	return append(dst, byte(r.Revision), byte(r.Revision>>8), byte(windows), byte(windows>>8), byte(r.Kind)<<4|byte(r.Source), byte(r.Side),
		byte(r.Certainty)<<4|byte(r.Reason), byte(r.Flags))
}

func (r *record) read(from []byte) {
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(from[8*i:]) }
	two := func(i int) (a, b uint32) { return uint32(word(i)), uint32(word(i) >> 32) }
	floats := func(i int) (a, b float32) {
		x, y := two(i)
		return math.Float32frombits(x), math.Float32frombits(y)
	}
	*r = record{}
	r.Start, r.Premium, r.Known = int64(word(0)), math.Float64frombits(word(1)), int64(word(2))
	contract, span := two(3)
	r.Contract, r.Span = model.ContractID(contract), model.Span(span)
	r.Size, r.DayVolume = two(4)
	r.Open, r.High = floats(5)
	r.Low, r.Close = floats(6)
	r.Vwap, r.Prints = floats(7)
	r.Spot, r.IV = floats(8)
	r.Delta, r.Bid = floats(9)
	ask, interest := two(10)
	r.Ask, r.OpenInterest = math.Float32frombits(ask), interest
	age, rank := two(11)
	r.QuoteAge, r.Rank = int32(age), math.Float32frombits(rank)
	b := from[12*8:]
	r.Revision, r.Windows = binary.LittleEndian.Uint16(b), uint32(binary.LittleEndian.Uint16(b[2:]))
	r.Kind, r.Source, r.Side = model.Kind(b[4]>>4), model.Source(b[4]&15), model.Side(b[5])
	r.Certainty, r.Reason, r.Flags = model.Certainty(b[6]>>4), model.GapReason(b[6]&15), model.Flags(b[7])
}
