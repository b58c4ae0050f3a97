package page

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/model/filter"
)

// RuleText are filters that a rule for alerts may begin with: what is in force,
// and the row that was chosen, the likelier first.
func (t *Tape) RuleText() (list []string) {
	shown, row := t.Tabs.TakenText(t.Lens.Filter), ""
	if shown == "" && t.Tabs.Front().Own != nil {
		shown = t.Tabs.Front().Own.Text
	}
	if at, chosen := t.Table.Chosen(); chosen {
		row = rowRule(&at.Row.Row, at.Contract)
	}
	shown = t.WithoutNames(shown) // rules outlive the tabs saved here
	list = []string{shown, row}
	if t.Lens.Filter == nil && !t.Table.Following {
		list = []string{row, shown}
	}
	return slices.DeleteFunc(list, func(text string) bool { return text == "" })
}

// rowRule asks for rows like one: the ticker, the type, the side and as much
// premium.
func rowRule(r *model.Row, c *model.Contract) string {
	text := strings.ToLower(filter.Print(&filter.Ticker{Name: c.Underlying}))
	if c.Type == model.Put {
		text += " puts"
	} else {
		text += " calls"
	}
	switch r.Side {
	case model.SideAsk, model.SideAboveAsk, model.SideNearAsk:
		text += " side=ask"
	case model.SideBid, model.SideBelowBid, model.SideNearBid:
		text += " side=bid"
	}
	if r.Premium >= 1 {
		text += " prem>=" + round(r.Premium)
	}
	return text
}

// round is the next number down of 1, 2 and 5 with zeros, such as 500k.
func round(v float64) string {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{5, 2, 1} {
		if step*unit <= v {
			v = step * unit
			break
		}
	}
	for _, in := range []struct {
		size float64
		name string
	}{{1e9, "b"}, {1e6, "m"}, {1e3, "k"}} {
		if v >= in.size {
			return strconv.FormatFloat(v/in.size, 'f', -1, 64) + in.name
		}
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
