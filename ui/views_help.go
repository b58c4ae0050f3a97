package ui

import (
	"optflow/ui/format"
	"optflow/ui/table"
)

// viewHelp explains the views' columns.
func viewHelp() []helpLine {
	out := []helpLine{{}, {head: "Contracts: a row is a contract's day"}}
	for _, c := range table.ContractColumns(&table.Cell{}) {
		out = append(out, helpLine{term: c.Head, text: c.Note})
	}
	out = append(out, helpLine{}, helpLine{head: "Tickers: a row is an underlying's day"})
	for _, c := range table.TickerColumns(&format.Zone{}, true) {
		out = append(out, helpLine{term: c.Head, text: c.Note})
	}
	return append(out, helpLine{}, helpLine{head: "Heat map: expiry across, strike down"},
		helpLine{term: "█ ▓ ▒ ░ ·", text: "premium against the largest cell; the line below says what each stands for"},
		helpLine{term: "C  P", text: "two thirds of the cell's premium or more is calls, puts"},
		helpLine{term: "≈", text: "the strike next to the spot"})
}
