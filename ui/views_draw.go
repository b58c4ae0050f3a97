package ui

import (
	"fmt"
	"strings"

	"optflow/model"
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
		m.viewEmpty(out[from:])
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

// viewTitle is the second line: which view, of what, in what order, how much.
func (m *Model) viewTitle() string {
	p, v := &m.pen, &m.views
	p.line(m.th, groundPlain, m.width)
	p.space(1)
	p.put(inkStrong, viewNames[v.at])
	p.space(2)
	switch v.at {
	case viewContracts:
		if of := v.within.String(); of != "" {
			p.put(inkText, of)
			p.space(2)
		}
		p.put(inkDim, v.contracts.sorting())
	case viewTickers:
		p.put(inkDim, v.tickers.sorting())
	case viewHeat:
		p.put(inkText, v.ticker)
		p.put(inkDim, "  premium by expiry and strike")
	}
	if v.frozen {
		p.space(2)
		p.put(inkLate, " frozen ")
	}
	right := m.matching()
	if text := m.filterText(); text != "" && m.pane != paneFilter {
		if room := m.width - p.at - 5 - width(right) - 2; room >= 8 {
			p.space(3)
			p.put(inkAccent, "/ ")
			p.put(inkText, clip(text, room))
		}
	}
	if w := width(right); w+2 <= p.left() {
		p.to(m.width - 1 - w)
		for _, r := range right {
			p.put(r.ink, r.text)
		}
	}
	return p.end()
}

// String names what is left.
func (n narrowing) String() string {
	if !n.cell {
		return n.ticker
	}
	return n.ticker + " " + string(appendStrike(nil, n.strike)) + " " + n.expiry.UTC().Format("02Jan06")
}

// viewMatching is the count of rows of a view.
func (m *Model) viewMatching() []piece {
	t := &m.views.tally
	what := [viewCount]string{viewContracts: " contracts", viewTickers: " tickers", viewHeat: " contracts"}[m.views.at]
	if m.views.filters[m.views.at] == nil {
		return []piece{{inkText, count(int64(t.of))}, {inkDim, what}}
	}
	out := []piece{{inkStrong, count(int64(t.shown))}, {inkDim, " of " + count(int64(t.of)) + what}}
	if t.lack > 0 {
		lack := "unknown"
		if t.lacks != 0 {
			lack = "lack " + t.lacks.String()
		}
		out = append(out, piece{inkWarn, fmt.Sprintf(" (%s %s)", count(int64(t.lack)), lack)})
	}
	return out
}

// viewEmpty says in the middle of a view why there are no rows.
func (m *Model) viewEmpty(rows []string) {
	head, more := m.whyViewEmpty()
	for i, text := range []piece{{inkText, head}, {inkDim, more}} {
		at := max(len(rows)/2-1, 0) + i
		if at >= len(rows) || text.text == "" {
			continue
		}
		words := clip(text.text, m.width-2)
		m.pen.line(m.th, groundPlain, m.width)
		m.pen.space((m.width - cells(words)) / 2)
		m.pen.put(text.ink, words)
		rows[at] = m.pen.end()
	}
}

func (m *Model) whyViewEmpty() (head, more string) {
	v := &m.views
	switch {
	case m.opt.Feed == nil:
		return "there is no feed to read the day from", ""
	case v.trouble != "":
		return v.trouble, ""
	case v.filters[v.at] != nil && v.tally.of > 0:
		return "nothing matches the filter", "F clears it · " + count(int64(v.tally.of)) + " without it"
	case v.at != viewTickers && !v.read:
		return "loading", "reading the day's accounts"
	case v.at == viewTickers:
		return "nothing is known of a ticker yet", "following " + strings.Join(m.list.tickers(), ", ")
	case v.at == viewHeat:
		return "nothing traded in " + v.ticker + " yet", "[ ] other tickers"
	}
	return "nothing traded yet", "following " + strings.Join(m.list.tickers(), ", ")
}
