package table

import (
	"math"
	"strconv"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// These columns show what the market around the burst looked like, frozen when
// it was appended. What is unknown is blank, never 0.

func drawCount(p *paint.Pen, i paint.Ink, v uint32, width int) {
	if v == model.UnknownCount {
		p.Space(width)
		return
	}
	var b [24]byte
	p.Number(i, format.AppendCountIn(b[:0], int64(v), width), width)
}

func keyCount(v uint32) float64 {
	if v == model.UnknownCount {
		return model.Unknown
	}
	return float64(v)
}

// Shares of a ticker's bursts under which a rank stands out.
const (
	topLow  = 0.01
	topRank = 0.05
)

func drawTop(p *paint.Pen, c *Cell, width int) {
	v := c.Row.Top()
	i := paint.Dim
	switch {
	case math.IsNaN(v):
		p.Space(width)
		return
	case v <= topLow:
		i = paint.Strong
	case v <= topRank:
		i = paint.Text
	}
	var b [24]byte
	p.Number(i, format.AppendTop(b[:0], v), width)
}

func keyTop(c *Cell) float64 { return c.Row.Top() }

func drawVolume(p *paint.Pen, c *Cell, width int) { drawCount(p, paint.Dim, c.Row.DayVolume, width) }
func keyVolume(c *Cell) float64                   { return keyCount(c.Row.DayVolume) }
func drawOI(p *paint.Pen, c *Cell, width int)     { drawCount(p, paint.Dim, c.Row.OpenInterest, width) }
func keyOI(c *Cell) float64                       { return keyCount(c.Row.OpenInterest) }

// highRatio is the V/OI from which the number stands out.
const highRatio = 1.25

func drawRatio(p *paint.Pen, c *Cell, width int) {
	v := c.Row.VolumeOverOI()
	if math.IsNaN(v) {
		p.Space(width)
		return
	}
	i := paint.Dim
	if v > highRatio {
		i = paint.Text
	}
	var b [24]byte
	p.Number(i, format.AppendRatio(b[:0], v), width)
}

func keyRatio(c *Cell) float64 { return c.Row.VolumeOverOI() }

func drawSpot(p *paint.Pen, c *Cell, width int) {
	if !model.Known32(c.Row.Spot) || c.Row.Spot <= 0 {
		p.Space(width)
		return
	}
	i := paint.Dim
	if math.IsNaN(c.Row.SpotPrice()) {
		i = paint.Faint // a delayed one beside real-time options
	}
	var b [24]byte
	p.Number(i, format.AppendPriceIn(b[:0], float64(c.Row.Spot), width), width)
}

func keySpot(c *Cell) float64 { return float64(c.Row.Spot) }

func drawOTM(p *paint.Pen, c *Cell, width int) {
	v := c.Row.OTM(c.Contract)
	if math.IsNaN(v) {
		p.Space(width)
		return
	}
	var b [24]byte
	p.Number(paint.Dim, format.AppendPercent(b[:0], v), width)
}

func keyOTM(c *Cell) float64 { return c.Row.OTM(c.Contract) }

func drawIV(p *paint.Pen, c *Cell, width int) {
	v := float64(c.Row.IV)
	if math.IsNaN(v) {
		p.Space(width)
		return
	}
	var b [24]byte
	text := strconv.AppendFloat(b[:0], v*100, 'f', 0, 64)
	if v >= 9.995 {
		text = append(b[:0], ">999"...)
	} else {
		text = append(text, '%')
	}
	p.Number(paint.Dim, text, width)
}

func keyIV(c *Cell) float64 { return float64(c.Row.IV) }

func drawDelta(p *paint.Pen, c *Cell, width int) {
	v := float64(c.Row.Delta)
	if math.IsNaN(v) {
		p.Space(width)
		return
	}
	var b [24]byte
	p.Number(paint.Dim, format.AppendDelta(b[:0], v), width)
}

func keyDelta(c *Cell) float64 { return float64(c.Row.Delta) }
