package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/format"
)

// Clause is what a cell says in the language of the filter. Of what is counted
// or measured, only keeps as much or more, and hide leaves out as much or less.
type Clause struct{ Only, Hide string }

// ClauseOf turns one cell of the tape into a clause that is true of its row.
func ClauseOf(id ID, c *Cell) (Clause, error) {
	col := &Tape[id]
	if col.Clause == nil {
		return Clause{}, fmt.Errorf("the filter has no word for %s", col.Name)
	}
	return col.Clause(c)
}

func strikeClause(c *Cell) (Clause, error) {
	kind := "calls"
	if c.Contract.Type == model.Put {
		kind = "puts"
	}
	text := "strike=" + string(format.AppendStrike(nil, c.Contract.Strike)) + " " + kind
	return Clause{text, "not (" + text + ")"}, nil
}

func sideClause(c *Cell) (Clause, error) {
	if c.Row.Side == model.SideUnknown {
		return unknownClause("side"), nil
	}
	return Clause{"side=" + c.Row.Side.String(), "side!=" + c.Row.Side.String()}, nil
}

func ratioClause(c *Cell) (Clause, error) {
	if c.Row.OpenInterest == 0 { // both are known, the ratio is none
		return Clause{"oi=0", "oi!=0"}, nil
	}
	return measured("vol/oi", c.Row.VolumeOverOI(), 1, 1), nil
}

func deltaClause(c *Cell) (Clause, error) {
	k := measured32("delta", float32(math.Abs(float64(c.Row.Delta))), 1, 2)
	if !model.Known32(c.Row.Delta) {
		return k, nil
	}
	return Clause{strings.Replace(k.Only, "delta", "abs(delta)", 1), strings.Replace(k.Hide, "delta", "abs(delta)", 1)}, nil
}

// newYorkMinute is the minute of a time as the filter reads it: New York's,
// whatever zone the screen shows.
func newYorkMinute(ms int64) string {
	return format.Exchange().Minute(ms)
}

func TickerClause(symbol string) Clause {
	text := filter.Print(&filter.Ticker{Name: symbol})
	return Clause{text, "not " + text}
}

func unknownClause(field string) Clause {
	return Clause{"not has(" + field + ")", "has(" + field + ")"}
}

// markClause asks for the weightiest mark of a row that the language names.
func markClause(marks model.Marks) (Clause, error) {
	for _, mark := range []model.Marks{model.MarkWhale, model.MarkUnusual, model.MarkUnusualLater, model.MarkFired} {
		if marks&mark != 0 {
			return Clause{"mark=" + mark.String(), "mark!=" + mark.String()}, nil
		}
	}
	if marks&model.MarkTwin != 0 {
		return Clause{"twin", "not twin"}, nil
	}
	return Clause{}, fmt.Errorf("this row has no mark that the filter knows")
}

// measured is the clause of a number, written times scale with some decimals.
func measured(field string, v, scale float64, decimals int) Clause {
	return measuredAs(field, v, v, scale, decimals, func(x float64) float64 { return x / scale })
}

// measured32 is the same for one that is held as float32: the decimal number
// that it stands for is written, and the filter compares it as float32.
func measured32(field string, v float32, scale float64, decimals int) Clause {
	stated, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'f', -1, 32), 64)
	if err != nil {
		stated = float64(v) // cannot happen: what was printed reads back
	}
	return measuredAs(field, float64(v), stated, scale, decimals, func(x float64) float64 { return float64(float32(x / scale)) })
}

func measuredAs(field string, v, stated, scale float64, decimals int, read func(float64) float64) Clause {
	if math.IsNaN(v) {
		return unknownClause(field)
	}
	percent := ""
	if scale == 100 {
		percent = "%"
	}
	return Clause{
		field + ">=" + rounded(v, stated*scale, read, decimals, -1) + percent,
		field + ">" + rounded(v, stated*scale, read, decimals, 1) + percent,
	}
}

// rounded writes scaled, which is v in other units, down or up so that what it
// reads back as is never on the wrong side of v.
func rounded(v, scaled float64, read func(float64) float64, decimals int, way float64) string {
	grain := math.Pow10(decimals)
	n := scaled * grain
	if whole := math.Round(n); math.Abs(n-whole) < 1e-9*math.Abs(n) { // 40.999999999999993 means 41
		n = whole
	}
	if n = math.Floor(n); way > 0 && n < scaled*grain*(1-1e-9) {
		n++
	}
	for ; ; n += way {
		text := strconv.FormatFloat(n/grain, 'f', decimals, 64)
		back, err := strconv.ParseFloat(text, 64)
		if err == nil && (way < 0 && read(back) > v || way > 0 && read(back) < v) {
			continue
		}
		if strings.Contains(text, ".") {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		return text
	}
}

// topClause keeps what is as rare or rarer: a small rank is a high one.
func topClause(v float64) Clause {
	if math.IsNaN(v) {
		return unknownClause("top")
	}
	read := func(x float64) float64 { return float64(float32(x / 100)) }
	return Clause{"top<=" + rounded(v, v*100, read, 2, 1) + "%", "top<" + rounded(v, v*100, read, 2, -1) + "%"}
}

// moneyClause keeps three digits: prem>=1.12m.
func moneyClause(field string, v float64) Clause {
	unit, suffix := 1e3, "k"
	for _, u := range []struct {
		size float64
		name string
	}{{1e6, "m"}, {1e9, "b"}} {
		if v >= u.size {
			unit, suffix = u.size, u.name
		}
	}
	decimals := 2
	for scaled := v / unit; scaled >= 10 && decimals > 0; scaled /= 10 {
		decimals--
	}
	read := func(x float64) float64 { return x * unit }
	return Clause{
		field + ">=" + rounded(v, v/unit, read, decimals, -1) + suffix,
		field + ">" + rounded(v, v/unit, read, decimals, 1) + suffix,
	}
}
