package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/format"
)

// clause is what a cell says in the language of the filter. Of what is counted
// or measured, only keeps as much or more, and hide leaves out as much or less.
type clause struct{ only, hide string }

// clauseOf turns one cell of the tape into a clause that is true of its row.
func clauseOf(id columnID, c *cell) (clause, error) {
	col := &tapeColumns[id]
	if col.clause == nil {
		return clause{}, fmt.Errorf("the filter has no word for %s", col.name)
	}
	return col.clause(c)
}

func strikeClause(c *cell) (clause, error) {
	kind := "calls"
	if c.contract.Type == model.Put {
		kind = "puts"
	}
	text := "strike=" + string(format.AppendStrike(nil, c.contract.Strike)) + " " + kind
	return clause{text, "not (" + text + ")"}, nil
}

func sideClause(c *cell) (clause, error) {
	if c.row.Side == model.SideUnknown {
		return unknownClause("side"), nil
	}
	return clause{"side=" + c.row.Side.String(), "side!=" + c.row.Side.String()}, nil
}

func ratioClause(c *cell) (clause, error) {
	if c.row.OpenInterest == 0 { // both are known, the ratio is none
		return clause{"oi=0", "oi!=0"}, nil
	}
	return measured("vol/oi", c.row.VolumeOverOI(), 1, 1), nil
}

func deltaClause(c *cell) (clause, error) {
	k := measured32("delta", float32(math.Abs(float64(c.row.Delta))), 1, 2)
	if !model.Known32(c.row.Delta) {
		return k, nil
	}
	return clause{strings.Replace(k.only, "delta", "abs(delta)", 1), strings.Replace(k.hide, "delta", "abs(delta)", 1)}, nil
}

// newYorkMinute is the minute of a time as the filter reads it: New York's,
// whatever zone the screen shows.
func newYorkMinute(ms int64) string {
	return format.Exchange().Minute(ms)
}

func tickerClause(symbol string) clause {
	text := filter.Print(&filter.Ticker{Name: symbol})
	return clause{text, "not " + text}
}

func unknownClause(field string) clause {
	return clause{"not has(" + field + ")", "has(" + field + ")"}
}

// markClause asks for the weightiest mark of a row that the language names.
func markClause(marks model.Marks) (clause, error) {
	for _, mark := range []model.Marks{model.MarkWhale, model.MarkUnusual, model.MarkUnusualLater} {
		if marks&mark != 0 {
			return clause{"mark=" + mark.String(), "mark!=" + mark.String()}, nil
		}
	}
	if marks&model.MarkTwin != 0 {
		return clause{"twin", "not twin"}, nil
	}
	return clause{}, fmt.Errorf("this row has no mark that the filter knows")
}

// measured is the clause of a number, written times scale with some decimals.
func measured(field string, v, scale float64, decimals int) clause {
	return measuredAs(field, v, v, scale, decimals, func(x float64) float64 { return x / scale })
}

// measured32 is the same for one that is held as float32: the decimal number
// that it stands for is written, and the filter compares it as float32.
func measured32(field string, v float32, scale float64, decimals int) clause {
	stated, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'f', -1, 32), 64)
	if err != nil {
		stated = float64(v) // cannot happen: what was printed reads back
	}
	return measuredAs(field, float64(v), stated, scale, decimals, func(x float64) float64 { return float64(float32(x / scale)) })
}

func measuredAs(field string, v, stated, scale float64, decimals int, read func(float64) float64) clause {
	if math.IsNaN(v) {
		return unknownClause(field)
	}
	percent := ""
	if scale == 100 {
		percent = "%"
	}
	return clause{
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
func topClause(v float64) clause {
	if math.IsNaN(v) {
		return unknownClause("top")
	}
	read := func(x float64) float64 { return float64(float32(x / 100)) }
	return clause{"top<=" + rounded(v, v*100, read, 2, 1) + "%", "top<" + rounded(v, v*100, read, 2, -1) + "%"}
}

// moneyClause keeps three digits: prem>=1.12m.
func moneyClause(field string, v float64) clause {
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
	return clause{
		field + ">=" + rounded(v, v/unit, read, decimals, -1) + suffix,
		field + ">" + rounded(v, v/unit, read, decimals, 1) + suffix,
	}
}
