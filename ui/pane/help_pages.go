package pane

import (
	"optflow/ui/format"
	"optflow/ui/table"
)

// viewHelp explains the views' columns.
func viewHelp() []helpLine {
	out := []helpLine{{}, {Head: "Contracts: a row is a contract's day"}}
	for _, c := range table.ContractColumns(&table.Cell{}) {
		out = append(out, helpLine{Term: c.Head, text: c.Note})
	}
	out = append(out, helpLine{}, helpLine{Head: "Tickers: a row is an underlying's day"})
	for _, c := range table.TickerColumns(&format.Zone{}, true) {
		out = append(out, helpLine{Term: c.Head, text: c.Note})
	}
	out = append(out, helpLine{}, helpLine{Head: "Alerts: a row is an alert that fired"})
	for _, c := range table.AlertColumns(&table.Cell{}) {
		out = append(out, helpLine{Term: c.Head, text: c.Note})
	}
	return append(out, helpLine{}, helpLine{Head: "Heat map: expiry across, strike down"},
		helpLine{Term: "█ ▓ ▒ ░ ·", text: "premium against the largest cell; the line below says what each stands for"},
		helpLine{Term: "C  P", text: "two thirds of the cell's premium or more is calls, puts"},
		helpLine{Term: "≈", text: "the strike next to the spot"})
}
