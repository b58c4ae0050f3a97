package daylog

import (
	"encoding/binary"

	"optflow/model"
	"optflow/model/book"
)

// Key writes, at the beginning of a block, all that a reader needs to begin
// there: the contracts so far, under the numbers by which the book has them, and
// what holds from now on. To a book that was told all before it, it says nothing
// new. A book that begins there has heard of nothing before: that is what Carry
// is for, right behind it.
func (e *Encoder) Key(b *book.Book) {
	e.lists = lists{}
	p := binary.AppendUvarint(e.payload[:0], 0)
	for symbol := range book.LogOf(b).Contracts {
		p = appendText(p, symbol)
	}
	e.payload = p
	e.op(opContracts, p)
	book.LogOf(b).Key(e.Put)
}

// Carry writes what the book has come to, so that one that begins there goes on
// as it does: behind the Key of a day's first block, since the book may be older
// than the day, and of a block behind a hole. It writes nothing and is false where
// that is more than a block may have.
func (e *Encoder) Carry(b *book.Book) bool {
	const length = 5 // bytes, whatever is said in them: it is known afterwards
	before := len(e.ops)
	e.ops = binary.AppendUvarint(e.ops, opCarry)
	at := len(e.ops)
	e.ops = book.LogOf(b).Carry(append(e.ops, make([]byte, length)...))
	if len(e.ops) > MaxBlock {
		e.ops = append([]byte(nil), e.ops[:before]...)
		return false
	}
	e.n++
	n := uint64(len(e.ops) - at - length)
	for i := range length {
		e.ops[at+i] = byte(n>>(7*i))&0x7f | 0x80
	}
	e.ops[at+length-1] &= 0x7f
	return true
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// contracts tells of many contracts, numbered one after the other.
func (d *Decoder) contracts(payload []byte, to func(book.Input)) error {
	r := reader{data: payload}
	for id := r.uint(); len(r.data) > 0; id++ {
		symbol := r.text()
		if r.bad || id >= model.MaxContracts {
			return ErrDamaged
		}
		d.named = contractOp{ID: uint32(id)}
		d.tell(&book.Contract{Symbol: symbol}, to)
	}
	return r.err()
}

func (r *reader) text() string {
	n := r.uint()
	if n > uint64(len(r.data)) {
		r.bad, r.data = true, nil
		return ""
	}
	text := string(r.data[:n])
	r.data = r.data[n:]
	return text
}
