package ui

// viewTitle is the second line: which view, of what, in what order, since when,
// how much.
func (m *Model) viewTitle() string {
	p, v := &m.pen, &m.views
	p.line(m.th, groundPlain, m.width)
	p.space(1)
	p.put(inkStrong, viewNames[v.at])
	p.space(2)
	right := m.matching()
	switch v.at {
	case viewContracts:
		if of := v.within.String(); of != "" {
			p.put(inkText, of)
			p.space(2)
		}
		p.put(inkDim, v.contracts.sorting())
	case viewTickers:
		m.tickersTitle(p, p.left()-width(right)-3-m.frozenWidth())
	case viewHeat:
		p.put(inkText, v.ticker)
		p.put(inkDim, "  premium by expiry and strike")
	}
	if v.frozen {
		p.space(2)
		p.put(inkLate, frozenSign)
	}
	if text := m.filterText(); text != "" && m.pane != paneFilter {
		if room := m.width - p.written() - 5 - width(right) - 2; room >= 8 {
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

// frozenSign says that the rows stand still.
const frozenSign = " frozen "

func (m *Model) frozenWidth() int {
	if m.views.frozen {
		return cells(frozenSign) + 2
	}
	return 0
}

// tickersTitle says in what order the tickers stand and since when the shares
// and balances count, in so many cells. Where room is short the order leaves
// first, unless its arrow is not on the screen, and the filter is left some.
func (m *Model) tickersTitle(p *pen, room int) {
	v := &m.views
	order := v.tickers.sorting()
	if m.filterText() != "" && m.pane != paneFilter {
		room -= 5 + min(cells(m.filterText()), 16)
	}
	var said []string
	if v.joint > 0 {
		said = append(said, "TAPE since "+m.zone.minute(v.joint))
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
		need += 2 + cells(text)
	}
	if cells(order)+need <= room || !v.tickers.shows(v.tickers.sort) {
		p.put(inkDim, order)
		room -= cells(order)
	}
	for _, text := range said {
		if cells(text)+2 > room {
			break
		}
		if p.written() > 11 { // behind the name of the view there is a gap already
			p.space(2)
		}
		p.put(inkDim, text)
		room -= cells(text) + 2
	}
}
