package view

import (
	"cmp"
	"slices"

	"optflow/model"
)

// Cell is what traded at one strike of one expiry of an underlying.
type Cell struct {
	Underlying            string
	Expiry                model.Date
	Strike                int32   // thousandths of a dollar
	Call, Put             float64 // premium in dollars
	CallVolume, PutVolume int64
	Contracts             int  // that traded
	Whole                 bool // as of its contracts
}

// Premium is that of calls and puts.
func (c *Cell) Premium() float64 { return c.Call + c.Put }

// Add counts a contract of the cell.
func (c *Cell) Add(l *Contract) {
	c.Underlying, c.Expiry, c.Strike, c.Whole = l.Of.Underlying, l.Of.Expiry, l.Of.Strike, l.Whole
	c.Contracts++
	if l.Of.Type == model.Put {
		c.Put += l.Premium
		c.PutVolume += l.Day
	} else {
		c.Call += l.Premium
		c.CallVolume += l.Day
	}
}

// Cells are those in which contracts traded: by underlying, then down the strikes
// and across the expiries as the heat map has them. Adjusted contracts have no
// place: their strike is no price of one share.
func Cells(lines []Contract) []Cell {
	type place struct {
		underlying string
		strike     int32
		expiry     model.Date
	}
	at := make(map[place]int)
	var out []Cell
	for i := range lines {
		c := lines[i].Of
		if c.Adjusted() {
			continue
		}
		p := place{c.Underlying, c.Strike, c.Expiry}
		n, is := at[p]
		if !is {
			n = len(out)
			at[p], out = n, append(out, Cell{})
		}
		out[n].Add(&lines[i])
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Underlying, b.Underlying), cmp.Compare(b.Strike, a.Strike), cmp.Compare(a.Expiry, b.Expiry))
	})
	return out
}
