package ui

import "optflow/ui/paint"

// viewTitle is the second line: which view, of what, in what order, since when,
// how much.
func (m *Model) viewTitle() string {
	p, v := &m.pen, &m.views
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(1)
	p.Put(paint.Strong, viewNames[v.at])
	p.Space(2)
	right := m.matching()
	switch v.at {
	case viewContracts:
		if of := v.within.String(); of != "" {
			p.Put(paint.Text, of)
			p.Space(2)
		}
		p.Put(paint.Dim, v.contracts.sorting())
	case viewTickers:
		m.tickersTitle(p, p.Left()-paint.Width(right)-3-m.frozenWidth())
	case viewHeat:
		p.Put(paint.Text, v.ticker)
		p.Put(paint.Dim, "  premium by expiry and strike")
	}
	if v.frozen {
		p.Space(2)
		p.Put(paint.Late, frozenSign)
	}
	if text := m.filterText(); text != "" && m.pane != paneFilter {
		if room := m.width - p.Written() - 5 - paint.Width(right) - 2; room >= 8 {
			p.Space(3)
			p.Put(paint.Accent, "/ ")
			p.Put(paint.Text, paint.Clip(text, room))
		}
	}
	if w := paint.Width(right); w+2 <= p.Left() {
		p.To(m.width - 1 - w)
		for _, r := range right {
			p.Put(r.Ink, r.Text)
		}
	}
	return p.End()
}

// frozenSign says that the rows stand still.
const frozenSign = " frozen "

func (m *Model) frozenWidth() int {
	if m.views.frozen {
		return paint.Cells(frozenSign) + 2
	}
	return 0
}

// tickersTitle says in what order the tickers stand and since when the shares
// and balances count, in so many cells. Where room is short the order leaves
// first, unless its arrow is not on the screen, and the filter is left some.
func (m *Model) tickersTitle(p *paint.Pen, room int) {
	v := &m.views
	order := v.tickers.sorting()
	if m.filterText() != "" && m.pane != paneFilter {
		room -= 5 + min(paint.Cells(m.filterText()), 16)
	}
	var said []string
	if v.joint > 0 {
		said = append(said, "TAPE since "+m.zone.Minute(v.joint))
	}
	if balance := sinceText(m.totalsShown(), m.zone); balance != "" && !v.tickers.showsNamed("since") {
		said = append(said, "BULL-BEAR "+balance)
	}
	if v.tickers.showsNamed("last hour") {
		if text := wholeText(m.totalsShown(), m.zone); text != "" {
			said = append(said, "LAST HOUR "+text)
		}
	}
	need := 0
	for _, text := range said {
		need += 2 + paint.Cells(text)
	}
	if paint.Cells(order)+need <= room || !v.tickers.shows(v.tickers.sort) {
		p.Put(paint.Dim, order)
		room -= paint.Cells(order)
	}
	for _, text := range said {
		if paint.Cells(text)+2 > room {
			break
		}
		if p.Written() > 11 { // behind the name of the view there is a gap already
			p.Space(2)
		}
		p.Put(paint.Dim, text)
		room -= paint.Cells(text) + 2
	}
}
