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

// chosen is the selected burst as it is shown.
func (t *table) chosen() (*cell, bool) {
	if !t.has || t.selected&gapBit != 0 {
		return nil, false
	}
	f := t.keep(t.selected)
	c := t.list.contracts.At(f.row.Contract)
	if !f.fresh || c == nil {
		return nil, false
	}
	return &cell{row: &f.row, contract: c, marks: f.marks, zone: t.zone}, true
}

// clauseOf turns one cell into a clause that is true of its row.
func clauseOf(id columnID, c *cell) (clause, error) {
	r := c.row
	switch id {
	case colTime:
		at := newYorkMinute(r.Start)
		return clause{"time=" + at, "time!=" + at}, nil
	case colMark:
		return markClause(c.marks)
	case colTick:
		return tickerClause(c.contract.Underlying), nil
	case colStrike:
		kind := "calls"
		if c.contract.Type == model.Put {
			kind = "puts"
		}
		text := "strike=" + string(format.AppendStrike(nil, c.contract.Strike)) + " " + kind
		return clause{text, "not (" + text + ")"}, nil
	case colExpiry:
		day := strings.ToLower(c.contract.Expiry.UTC().Format("2Jan2006"))
		return clause{"exp=" + day, "exp!=" + day}, nil
	case colDTE:
		return clause{"dte=" + strconv.Itoa(c.dte()), "dte!=" + strconv.Itoa(c.dte())}, nil
	case colSide:
		if r.Side == model.SideUnknown {
			return unknownClause("side"), nil
		}
		return clause{"side=" + r.Side.String(), "side!=" + r.Side.String()}, nil
	case colPremium:
		return moneyClause("prem", r.Premium), nil
	case colTop:
		return topClause(r.Top()), nil
	case colSize:
		return measured("size", float64(r.Size), 1, 0), nil
	case colPrints:
		return measured32("prints", r.Prints, 1, 0), nil
	case colPrice:
		return measured32("price", r.Vwap, 1, 2), nil
	case colVolume:
		return measured("vol", counted(r.DayVolume), 1, 0), nil
	case colOI:
		return measured("oi", counted(r.OpenInterest), 1, 0), nil
	case colRatio:
		if r.OpenInterest == 0 { // both are known, the ratio is none
			return clause{"oi=0", "oi!=0"}, nil
		}
		return measured("vol/oi", r.VolumeOverOI(), 1, 1), nil
	case colSpot:
		return measured32("spot", float32(r.SpotPrice()), 1, 2), nil
	case colOTM:
		return measured("otm", r.OTM(c.contract), 100, 1), nil
	case colIV:
		return measured32("iv", r.IV, 100, 0), nil
	case colDelta:
		k := measured32("delta", float32(math.Abs(float64(r.Delta))), 1, 2)
		if !model.Known32(r.Delta) {
			return k, nil
		}
		return clause{strings.Replace(k.only, "delta", "abs(delta)", 1), strings.Replace(k.hide, "delta", "abs(delta)", 1)}, nil
	}
	return clause{}, fmt.Errorf("the filter has no word for %s", columnTable[id].name)
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

func counted(n uint32) float64 {
	if n == model.UnknownCount {
		return model.Unknown
	}
	return float64(n)
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

// clauseAt is the clause of the selected row's cell in a column.
func (t *table) clauseAt(id columnID) (clause, error) {
	if g, ok := t.list.gapLines[t.selected]; ok && t.has {
		if id != colTick {
			return clause{}, fmt.Errorf("a gap has no %s to filter by", columnTable[id].name)
		}
		return tickerClause(g.underlying), nil
	}
	row, ok := t.chosen()
	if !ok {
		return clause{}, errNoRow
	}
	return clauseOf(id, row)
}

// clause is that of the cell under the column cursor. Before the cursor was used,
// it is the ticker's.
func (t *table) clause() (clause, error) {
	if !t.pick {
		return t.clauseAt(colTick)
	}
	return t.clauseAt(t.cursor)
}
