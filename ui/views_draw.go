package ui

import (
	"fmt"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// arrangeViews lays the views out in the window.
func (m *Model) arrangeViews() {
	v := &m.views
	v.contracts.arrange(m.width)
	v.tickers.arrange(m.width)
	v.heat.width = m.width
	m.details.stale = true
}

// resizeViews tells the views how many rows fit.
func (m *Model) resizeViews(height int) {
	v := &m.views
	if v.contracts.height == height && v.heat.height == height {
		return
	}
	v.contracts.height, v.tickers.height, v.heat.height = height, height, height
	v.contracts.settle()
	v.tickers.settle()
	v.heat.settle()
}

// viewBody draws the title, the header and the rows of a view.
func (m *Model) viewBody(out []string) []string {
	v := &m.views
	out = append(out, m.viewTitle())
	from := len(out) + 1
	switch v.at {
	case viewContracts:
		out = append(out, v.contracts.header(&m.pen, m.th, m.width))
		out = v.contracts.render(&m.pen, m.th, m.width, out)
	case viewTickers:
		out = append(out, v.tickers.header(&m.pen, m.th, m.width))
		out = v.tickers.render(&m.pen, m.th, m.width, out)
	case viewHeat:
		day := m.st.Session.Date
		if day == 0 {
			day = model.TradingDate(m.beside().now)
		}
		out = append(out, v.heat.header(&m.pen, m.th, m.width))
		out = v.heat.render(&m.pen, m.th, m.width, m.spotOf(v.ticker), v.tally.premium, day, out)
	}
	if v.tally.shown == 0 {
		m.sayEmpty(out[from:], m.whyViewEmpty)
	}
	return out
}

// spotOf is a ticker's spot, NaN unknown.
func (m *Model) spotOf(ticker string) float64 {
	all := m.totalsShown()
	for i := range all {
		if all[i].Underlying == ticker {
			return all[i].Spot
		}
	}
	return model.Unknown
}

// String names what is left.
func (n narrowing) String() string {
	if !n.cell {
		return n.ticker
	}
	return n.ticker + " " + string(format.AppendStrike(nil, n.strike)) + " " + n.expiry.UTC().Format("02Jan06")
}

// viewMatching is the count of rows of a view.
func (m *Model) viewMatching() []paint.Piece {
	t := &m.views.tally
	what := [viewCount]string{viewContracts: " contracts", viewTickers: " tickers", viewHeat: " contracts"}[m.views.at]
	least := ""
	if m.views.at != viewTickers && !m.dayRead() {
		least = "≥"
	}
	if m.views.filters[m.views.at] == nil {
		return []paint.Piece{paint.Text.Piece(least + format.Count(int64(t.of))), paint.Dim.Piece(what)}
	}
	out := []paint.Piece{paint.Strong.Piece(least + format.Count(int64(t.shown))), paint.Dim.Piece(" of " + least + format.Count(int64(t.of)) + what)}
	if t.lack > 0 {
		lack := "unknown"
		if t.lacks != 0 {
			lack = "lack " + t.lacks.String()
		}
		out = append(out, paint.Warn.Piece(fmt.Sprintf(" (%s %s)", format.Count(int64(t.lack)), lack)))
	}
	return out
}

// dayRead reports whether the day is read to its end of all tickers that the
// view shows.
func (m *Model) dayRead() bool {
	v := &m.views
	only := v.within.ticker
	if v.at == viewHeat {
		only = v.ticker
	}
	all := m.totalsShown()
	for i := range all {
		if !all[i].Whole && (only == "" || only == all[i].Underlying) {
			return false
		}
	}
	return true
}
