package table

import (
	"math"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

func drawTime(p *paint.Pen, c *Cell, _ int) {
	p.Number(paint.Small, c.Zone.AppendClock(p.Scratch(), c.Row.Start), 8)
}

func keyTime(c *Cell) float64 { return float64(c.Row.Start) }

func drawMark(p *paint.Pen, c *Cell, width int) {
	text := MarkTexts[c.Marks&^model.MarkFired]
	if c.Marks&model.MarkFired != 0 {
		text = firedText(text, width)
	}
	p.Start(paint.Mark, text, width)
}

// firedText puts ! into the last place of the marks, or into the first that is
// free where that is taken.
func firedText(marks string, width int) string {
	if n := len(marks); n < width {
		return marks + "    "[:width-n-1] + "!"
	}
	if i := strings.IndexByte(marks, ' '); i >= 0 {
		return marks[:i] + "!" + marks[i+1:]
	}
	return marks[:width-1] + "!" // above all of them
}

// MarkTexts are how every set of marks prints: each mark at a place of its own,
// so that the eye finds them down the column.
var MarkTexts = func() (texts [256]string) {
	for i := range texts {
		text := []byte("   ")
		for _, m := range []struct {
			mark   model.Marks
			at     int
			letter byte
		}{{model.MarkWhale, 0, 'W'}, {model.MarkUnusual, 1, 'U'}, {model.MarkUnusualLater, 1, 'u'}, {model.MarkAboveOI, 2, '>'}} {
			if model.Marks(i)&m.mark != 0 {
				text[m.at] = m.letter
			}
		}
		if model.Marks(i)&model.MarkTwin != 0 {
			if text[2] == ' ' {
				text[2] = '='
			} else {
				text = append(text, '=')
			}
		}
		texts[i] = strings.TrimRight(string(text), " ")
	}
	return texts
}()

// keyMark ranks W before U before > before u before =.
func keyMark(c *Cell) float64 {
	key := 0.0
	for mark, weight := range markWeights {
		if c.Marks&mark != 0 {
			key += weight
		}
	}
	return key
}

var markWeights = map[model.Marks]float64{
	model.MarkWhale: 8, model.MarkUnusual: 4, model.MarkAboveOI: 2, model.MarkUnusualLater: 1, model.MarkTwin: 0.5,
}

func drawTick(p *paint.Pen, c *Cell, width int) { p.Start(paint.Strong, c.Contract.Underlying, width) }

func keyTick(c *Cell) float64 { return tickerKey(c.Contract.Underlying) }

// tickerKey is a ticker as a number that sorts like its first six letters.
func tickerKey(ticker string) float64 {
	key := 0.0
	for i := range 6 {
		key *= 256
		if i < len(ticker) {
			key += float64(ticker[i])
		}
	}
	return key
}

func drawStrike(p *paint.Pen, c *Cell, width int) {
	i, letter := paint.Call, byte('C')
	if c.Contract.Type == model.Put {
		i, letter = paint.Put, 'P'
	}
	between := byte(' ')
	if c.Contract.Adjusted() {
		between = '*'
	}
	text := append(format.AppendStrike(p.Scratch(), c.Contract.Strike), between, letter)
	if n := len(text); n > width { // 5833.33C rather than a strike cut short
		text = append(text[:n-2], text[n-1])
	}
	p.Number(i, text, width)
}

func keyStrike(c *Cell) float64 { return float64(c.Contract.Strike) }

func drawExpiry(p *paint.Pen, c *Cell, _ int) {
	p.Number(paint.Small, format.AppendExpiry(p.Scratch(), c.Contract.Expiry), 7)
}

func keyExpiry(c *Cell) float64 { return float64(c.Contract.Expiry) }

func drawDTE(p *paint.Pen, c *Cell, width int) {
	days := int64(c.dte())
	text := strconv.AppendInt(p.Scratch(), days, 10)
	if len(text) > width { // the longest dated: whole years and more
		text = append(strconv.AppendInt(p.Scratch(), days/365, 10), "y+"...)
	}
	p.Number(paint.Small, text, width) // as the expiry beside it: every change of ink is twenty bytes a row
}

func keyDTE(c *Cell) float64 { return float64(c.dte()) }

// SideLetters are how sides print (docs/words.md#sides).
var SideLetters = [...]string{
	model.SideMid: "M", model.SideAsk: "A", model.SideBid: "B", model.SideAboveAsk: "AA",
	model.SideBelowBid: "BB", model.SideNearAsk: "a", model.SideNearBid: "b",
}

func drawSide(p *paint.Pen, c *Cell, width int) {
	from := p.Written()
	i := paint.Dim
	switch c.Row.Side {
	case model.SideAsk, model.SideAboveAsk, model.SideNearAsk:
		i = paint.Ask
	case model.SideBid, model.SideBelowBid, model.SideNearBid:
		i = paint.Bid
	}
	if c.Row.Certainty == model.CertaintyLoose {
		i = paint.Dim
	}
	if int(c.Row.Side) < len(SideLetters) {
		p.Put(i, SideLetters[c.Row.Side])
	}
	switch c.Row.Certainty {
	case model.CertaintyFair:
		p.Put(paint.Dim, "?")
	case model.CertaintyLoose:
		p.Put(paint.Dim, "~")
	}
	p.Space(width - (p.Written() - from))
}

// keySide goes from beyond the ask to beyond the bid, the unknown last.
func keySide(c *Cell) float64 {
	switch c.Row.Side {
	case model.SideAboveAsk:
		return 3
	case model.SideAsk:
		return 2
	case model.SideNearAsk:
		return 1
	case model.SideMid:
		return 0
	case model.SideNearBid:
		return -1
	case model.SideBid:
		return -2
	case model.SideBelowBid:
		return -3
	}
	return model.Unknown
}

// Premium from which a number is drawn brighter, in dollars.
const (
	midPremium   = 100_000
	largePremium = 1_000_000
)

func drawPremium(p *paint.Pen, c *Cell, width int) {
	i := paint.Small
	switch {
	case c.Row.Premium >= largePremium:
		i = paint.Large
	case c.Row.Premium >= midPremium:
		i = paint.Mid
	}
	p.Number(i, format.AppendMoney(p.Scratch(), c.Row.Premium), width)
}

func keyPremium(c *Cell) float64 { return c.Row.Premium }

func drawSize(p *paint.Pen, c *Cell, width int) {
	p.Number(paint.Text, format.AppendCountIn(p.Scratch(), int64(c.Row.Size), width), width)
}

func keySize(c *Cell) float64 { return float64(c.Row.Size) }

func drawPrints(p *paint.Pen, c *Cell, width int) {
	n := float64(c.Row.Prints)
	switch {
	case math.IsNaN(n):
		p.Space(width)
	case n == 1:
		p.Number(paint.Text, append(p.Scratch(), '1'), width)
	default:
		p.Number(paint.Text, format.AppendCountIn(append(p.Scratch(), '~'), int64(math.Round(n)), width-1), width)
	}
}

func keyPrints(c *Cell) float64 { return float64(c.Row.Prints) }

func drawPrice(p *paint.Pen, c *Cell, width int) {
	v := float64(c.Row.Vwap)
	if math.IsNaN(v) {
		p.Space(width)
		return
	}
	if c.Row.Is(model.FlagApproximate) { // the sign is needed more than the last digit
		p.Number(paint.Text, format.AppendPriceIn(append(p.Scratch(), "≈"...), v, width-1), width)
		return
	}
	p.Number(paint.Text, format.AppendPriceIn(p.Scratch(), v, width), width)
}

func keyPrice(c *Cell) float64 { return float64(c.Row.Vwap) }

func drawQuote(p *paint.Pen, c *Cell, width int) {
	if !model.Known32(c.Row.Bid) || !model.Known32(c.Row.Ask) {
		p.Space(width)
		return
	}
	text := append(format.AppendPrice(p.Scratch(), float64(c.Row.Bid)), " × "...)
	p.Number(paint.Dim, format.AppendPrice(text, float64(c.Row.Ask)), width)
}

func keyQuote(c *Cell) float64 { return float64(c.Row.Ask) }
