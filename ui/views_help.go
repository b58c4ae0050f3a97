package ui

import (
	"strings"

	"optflow/ui/format"
)

// viewHelp explains the views' columns.
func viewHelp() []helpLine {
	out := []helpLine{{}, {head: "Contracts: a row is a contract's day"}}
	for _, c := range contractColumns(&cell{}) {
		out = append(out, helpLine{term: c.head, text: c.note})
	}
	out = append(out, helpLine{}, helpLine{head: "Tickers: a row is an underlying's day"})
	for _, c := range tickerColumns(&format.Zone{}, true) {
		out = append(out, helpLine{term: c.head, text: c.note})
	}
	return append(out, helpLine{}, helpLine{head: "Heat map: expiry across, strike down"},
		helpLine{term: "█ ▓ ▒ ░ ·", text: "premium against the largest cell; the line below says what each stands for"},
		helpLine{term: "C  P", text: "two thirds of the cell's premium or more is calls, puts"},
		helpLine{term: "≈", text: "the strike next to the spot"})
}

// viewText is the view shown, for Kept.
func (m *Model) viewText() string { return strings.ToLower(viewNames[m.views.at]) }

// restoreView goes to the view that a text of viewText names; one that nobody
// wrote is no error.
func (m *Model) restoreView(text string) {
	for at, name := range viewNames {
		if strings.ToLower(name) == text {
			m.goTo(view(at))
			m.loadView()
		}
	}
}
