package exchange

import (
	"math"

	"optflow/feed/sim/basis"
)

// order is a large order worked in pieces: one contract hit again and again.
type order struct {
	c          *Contract
	buy        bool
	left       int   // pieces
	piece      int32 // mean contracts of one
	next, wait int64 // ms: of the next piece, mean distance
	code       uint8
}

// workedOrder draws an order worked over 5 to 60 seconds.
func (f *flow) workedOrder(ms int64) *order {
	r := f.r
	c := f.pick(f.pickUnderlying())
	pieces := 4 + int(math.Exp(1.5+0.7*r.NormFloat64()))
	duration := basis.LogUniform(r, 5000, 60_000)
	return &order{
		c: c, buy: f.buys(c), left: min(pieces, 60), piece: int32(basis.LogUniform(r, 3, 70) * f.makers.scaleAt(c, ms)),
		next: ms + int64(r.IntN(1000)), wait: max(40, int64(duration)/int64(pieces)), code: 'I',
	}
}

// work trades the order's pieces that fall into the second at ms, and says
// whether the order is done.
func (f *flow) work(o *order, ms int64) bool {
	r := f.r
	for o.left > 0 && o.next < ms+basis.Second {
		f.put(o.c, o.next, o.buy, workedOff.draw(r), int32(float64(o.piece)*(0.4+1.2*r.Float64())), o.code)
		o.left--
		o.next += 1 + int64(float64(o.wait)*r.ExpFloat64())
	}
	return o.left == 0
}

// sweep takes what several exchanges offer within a fraction of a second; where
// it takes more than the level holds, the later parts meet the next one.
func (f *flow) sweep(c *Contract, ms int64, buy bool, size int32) {
	r := f.r
	parts := 3 + r.IntN(5)
	for range parts {
		f.put(c, ms+int64(r.IntN(150)), buy, crosses, size/int32(parts), 'S')
	}
}

// twoLegs trades a spread: two contracts of one underlying, type and expiry, the
// one bought and the other sold, in one size on one venue within the same second.
func (f *flow) twoLegs(ms int64) {
	r := f.r
	a := f.pick(f.pickUnderlying())
	b := f.neighbour(a)
	size := roundLot(1 + int32(basis.LogUniform(r, 1, 160)*f.makers.scaleAt(a, ms)))
	t := ms + int64(r.IntN(950))
	buy, code := f.buys(a), "fgj"[r.IntN(3)]
	f.put(a, t, buy, packaged.draw(r), size, code)
	if b == nil {
		return
	}
	venue := f.out[len(f.out)-1].exchange
	f.put(b, t+int64(r.IntN(40)), !buy, packaged.draw(r), size, code)
	f.out[len(f.out)-1].exchange = venue
}

// neighbour is another strike of the contract's type and expiry, further from the
// money where there is one; nil if none.
func (f *flow) neighbour(c *Contract) *Contract {
	list := c.Under.Active
	at, away := c.Under.place(c), 1
	if c.Put {
		away = -1
	}
	for _, d := range []int{2 + f.r.IntN(6), 1, -1} {
		if i := at + d*away; i >= 0 && i < len(list) {
			if n := list[i]; n.Expiry == c.Expiry && n.Put == c.Put && n.root == c.root {
				return n
			}
		}
	}
	return nil
}

// whale spends a million dollars or more on one contract: in one print, as a
// sweep, or worked.
func (f *flow) whale(ms int64) {
	r := f.r
	var c *Contract
	var price float64
	for range 12 {
		c = f.pick(f.pickUnderlying())
		if price = f.makers.theoryAt(c, ms).Price; price > 0.8 {
			break
		}
	}
	premium := basis.LogUniform(r, 1e6, 7e6)
	size := roundLot(int32(min(premium/(100*max(price, 0.05))+1, 20_000)))
	t := ms + int64(r.IntN(800))
	switch x := r.Float64(); {
	case x < 0.45:
		code := "ace"[r.IntN(3)]
		f.put(c, t, f.buys(c), drawStyle(r, code), size, code)
	case x < 0.7:
		f.sweep(c, t, f.buys(c), size)
	default:
		pieces := 15 + r.IntN(25)
		f.orders = append(f.orders, &order{
			c: c, buy: f.buys(c), left: pieces, piece: max(1, size/int32(pieces)), next: t,
			wait: int64(basis.LogUniform(r, 8000, 40_000)) / int64(pieces), code: 'I',
		})
	}
}
