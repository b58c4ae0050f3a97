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

// figure writes a number by one of the formats.
func figure(p *paint.Pen, i paint.Ink, v float64, width int, write func([]byte, float64) []byte) {
	if math.IsNaN(v) {
		p.Space(width)
		return
	}
	p.Number(i, write(p.Scratch(), v), width)
}

func drawCount(p *paint.Pen, i paint.Ink, v uint32, width int) {
	if v == model.UnknownCount {
		p.Space(width)
		return
	}
	p.Number(i, format.AppendCountIn(p.Scratch(), int64(v), width), width)
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
	v, i := c.Row.Top(), paint.Dim
	switch {
	case v <= topLow:
		i = paint.Strong
	case v <= topRank:
		i = paint.Text
	}
	figure(p, i, v, width, format.AppendTop)
}

func keyTop(c *Cell) float64 { return c.Row.Top() }

func drawVolume(p *paint.Pen, c *Cell, width int) { drawCount(p, paint.Dim, c.Row.DayVolume, width) }
func keyVolume(c *Cell) float64                   { return keyCount(c.Row.DayVolume) }
func drawOI(p *paint.Pen, c *Cell, width int)     { drawCount(p, paint.Dim, c.Row.OpenInterest, width) }
func keyOI(c *Cell) float64                       { return keyCount(c.Row.OpenInterest) }

// highRatio is the V/OI from which the number stands out.
const highRatio = 1.25

func drawRatio(p *paint.Pen, c *Cell, width int) {
	v, i := c.Row.VolumeOverOI(), paint.Dim
	if v > highRatio {
		i = paint.Text
	}
	figure(p, i, v, width, format.AppendRatio)
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
	p.Number(i, format.AppendPriceIn(p.Scratch(), float64(c.Row.Spot), width), width)
}

func keySpot(c *Cell) float64 { return float64(c.Row.Spot) }

func drawOTM(p *paint.Pen, c *Cell, width int) {
	figure(p, paint.Dim, c.Row.OTM(c.Contract), width, format.AppendPercent)
}

func keyOTM(c *Cell) float64 { return c.Row.OTM(c.Contract) }

func drawIV(p *paint.Pen, c *Cell, width int) {
	figure(p, paint.Dim, float64(c.Row.IV), width, func(b []byte, v float64) []byte {
		if v >= 9.995 {
			return append(b, ">999"...)
		}
		return append(strconv.AppendFloat(b, v*100, 'f', 0, 64), '%')
	})
}

func keyIV(c *Cell) float64 { return float64(c.Row.IV) }

func drawDelta(p *paint.Pen, c *Cell, width int) {
	figure(p, paint.Dim, float64(c.Row.Delta), width, format.AppendDelta)
}

func keyDelta(c *Cell) float64 { return float64(c.Row.Delta) }
