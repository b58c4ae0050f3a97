package table

import (
	"cmp"
	"strings"

	"optflow/model/alert"
	"optflow/ui/paint"
)

// Alert is a line of the inbox.
type Alert struct {
	alert.Alert
	Number uint32
}

// AlertColumns are those of the inbox. The probe is what the tape's columns draw
// from.
func AlertColumns(probe *Cell) []Column[Alert] {
	type line = Alert
	via := func(draw func(*paint.Pen, *Cell, int)) func(*paint.Pen, *line, int) {
		return func(p *paint.Pen, l *line, width int) {
			if l.Contract == nil || l.Contract.Symbol == "" { // of an earlier run, or a ticker's
				p.Space(width)
				return
			}
			probe.Row, probe.Contract = &l.Row, l.Contract
			draw(p, probe, width)
		}
	}
	text := func(of func(*line) (string, paint.Ink)) func(*paint.Pen, *line, int) {
		return func(p *paint.Pen, l *line, width int) {
			words, ink := of(l)
			p.Start(ink, words, width)
		}
	}
	return []Column[line]{
		{Head: "TIME", Name: "time", Letter: "t", Always: true, Width: 8, ToStart: true, Falls: true, Note: "market time at which it fired",
			Draw: func(p *paint.Pen, l *line, _ int) { p.Number(paint.Small, probe.Zone.AppendClock(nil, l.At), 8) }, Key: func(l *line) float64 { return float64(l.At) }},
		{Head: "RULE", Name: "rule", Letter: "u", Always: true, Width: 14, ToStart: true, Note: "the rule's name",
			Draw: text(func(l *line) (string, paint.Ink) { return l.Rule, paint.Text }), Key: func(l *line) float64 { return tickerKey(l.Rule) }},
		{Head: "TICK", Name: "ticker", Letter: "k", Width: 5, ToStart: true, Note: "underlying",
			Draw: text(func(l *line) (string, paint.Ink) { return alertTicker(l), paint.Strong }), Key: func(l *line) float64 { return tickerKey(alertTicker(l)) }},
		{Head: "STRIKE", Name: "strike", Letter: "r", Width: 9, Leaves: 10, Note: "strike, C call or P put",
			Draw: via(drawStrike), Key: func(l *line) float64 { return float64(l.Row.Contract) }},
		{Head: "EXPIRY", Name: "expiry", Letter: "e", Width: 7, ToStart: true, Leaves: 40, Note: "day of expiry",
			Draw: via(drawExpiry), Key: func(l *line) float64 { return float64(l.Row.Contract) }},
		{Head: "SD", Name: "side", Letter: "d", Width: 3, ToStart: true, Leaves: 50, Note: "side of the quote when it fired",
			Draw: via(drawSide), Key: func(l *line) float64 { return float64(l.Row.Side) }},
		{Head: "SIZE", Name: "size", Letter: "z", Width: 6, Falls: true, Leaves: 60, Note: "contracts when it fired",
			Draw: via(drawSize), Key: func(l *line) float64 { return float64(l.Row.Size) }},
		{Head: "PREMIUM", Name: "premium", Letter: "p", Width: 7, Falls: true, Leaves: 5, Note: "premium when it fired",
			Draw: via(drawPremium), Key: func(l *line) float64 { return l.Row.Premium }},
		{Head: "STATE", Name: "state", Letter: "s", Width: 7, ToStart: true, Note: "new, seen, or revised: corrected since, so that its rule is no longer true",
			Draw: text(alertState), Key: func(l *line) float64 { return float64(l.State) }},
		{Head: "DELIVERY", Name: "delivery", Letter: "l", Width: 9, ToStart: true, Note: "ok, waiting, held back, dropped or failed",
			Draw: text(delivery), Key: func(l *line) float64 { return float64(l.Outcome) }},
		{Head: "NOTE", Name: "note", Letter: "n", Width: 24, ToStart: true, Leaves: 45, Note: "why it was held back or not delivered",
			Draw: text(func(l *line) (string, paint.Ink) { return l.Note, paint.Dim }), Key: func(l *line) float64 { return tickerKey(l.Note) }},
		{Head: "WHY", Name: "why", Letter: "w", Width: 32, ToStart: true, Leaves: 90, Note: "what the rule asked for, and what was there",
			Draw: text(func(l *line) (string, paint.Ink) { return cmp.Or(strings.Join(l.Why, ", "), l.Text), paint.Dim }), Key: func(l *line) float64 { return float64(len(l.Why)) }},
	}
}

// alertTicker is the underlying: of an earlier run the first word of its line.
func alertTicker(l *Alert) string {
	if l.Contract != nil {
		return l.Contract.Underlying
	}
	name, _, _ := strings.Cut(l.Text, " ")
	return name
}

// alertState is what its reader knows of it.
func alertState(l *Alert) (string, paint.Ink) {
	switch {
	case l.Test:
		return "TEST", paint.Late
	case l.State == alert.New:
		return l.State.String(), paint.Strong
	case l.State == alert.Revised:
		return l.State.String(), paint.Warn
	}
	return l.State.String(), paint.Dim
}

// delivery is what became of it.
func delivery(l *Alert) (string, paint.Ink) {
	switch l.Outcome {
	case alert.Delivered:
		return l.Outcome.String(), paint.Good
	case alert.Dropped, alert.Failed:
		return l.Outcome.String(), paint.Warn
	}
	return l.Outcome.String(), paint.Dim
}
