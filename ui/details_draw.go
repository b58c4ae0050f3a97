package ui

import (
	"strings"

	"optflow/model"
)

const (
	// factLabel is the room of a fact's label.
	factLabel = 12
	// besideLeast is the width from which the chart stands beside the facts.
	besideLeast = 110
)

// detailsPane writes the pane into exactly height lines. They are drawn anew
// only when something in them changed.
func (m *Model) detailsPane(height int, out []string) []string {
	d := &m.details
	m.followRow()
	if d.stale || len(d.drawn) != height {
		d.stale = false
		d.drawn = m.drawDetails(height, d.drawn[:0])
	}
	return append(out, d.drawn...)
}

func (m *Model) drawDetails(height int, out []string) []string {
	d, p := &m.details, &m.pen
	c := m.opt.Tape.Contracts.At(d.id)
	if height <= 0 || c == nil {
		return out
	}
	out = append(out, m.detailsTitle(c))
	rest := height - 1
	chartWidth, chartHeight := m.width-2, max(min(rest/3, 12), 4)
	factWidth := m.width - 2
	if m.width >= besideLeast {
		chartWidth, chartHeight = m.width/2-3, rest
		factWidth = m.width - chartWidth - 4
	} else if rest < 9 {
		chartHeight = 0
	}
	picture := m.chartLines(chartWidth, chartHeight)
	text := wrapFacts(m.detailFacts(c), factWidth-factLabel)
	beside := m.width >= besideLeast
	d.facts, d.fit = len(text), rest
	if !beside {
		d.fit = rest - len(picture)
		for _, l := range picture {
			p.line(m.th, groundPlain, m.width)
			p.space(1)
			chartText(p, l)
			out = append(out, p.end())
		}
	}
	d.offset = max(min(d.offset, d.facts-d.fit), 0)
	for i := range d.fit {
		p.line(m.th, groundPlain, m.width)
		p.space(1)
		if at := d.offset + i; at < len(text) {
			label, ink := inkDim, text[at].ink
			if ink == inkMark { // the letter stands out, its reasons are to be read
				label, ink = inkMark, inkText
			}
			p.start(label, text[at].label, factLabel)
			p.put(ink, text[at].text)
		}
		if beside {
			p.to(factWidth + 2)
			if i < len(picture) {
				chartText(p, picture[i])
			}
		}
		p.to(m.width - 1)
		switch {
		case i == 0 && d.offset > 0:
			p.put(inkDim, "▲")
		case i == d.fit-1 && d.offset+d.fit < d.facts:
			p.put(inkDim, "▼")
		}
		out = append(out, p.end())
	}
	return out
}

// detailsTitle names the contract.
func (m *Model) detailsTitle(c *model.Contract) string {
	p := &m.pen
	p.line(m.th, groundBar, m.width)
	p.space(1)
	p.put(inkStrong, c.Underlying+" ")
	var b [24]byte
	ink, letter := inkCall, " call "
	if c.Type == model.Put {
		ink, letter = inkPut, " put "
	}
	p.put(ink, string(appendStrike(b[:0], c.Strike))+letter)
	p.put(inkText, c.Expiry.UTC().Format("02Jan06"))
	day := m.st.Session.Date
	if day == 0 {
		day = model.TradingDate(m.beside().now)
	}
	p.put(inkDim, "  "+days(c.DTE(day)))
	if c.AMSettled() {
		p.put(inkDim, ", last trades the day before")
	}
	switch {
	case c.Adjusted():
		p.put(inkWarn, "  adjusted*")
	case c.Mini():
		p.put(inkWarn, "  mini: 10 shares")
	}
	p.put(inkDim, "  "+c.Symbol)
	keys := m.shownKey(actZoom) + " larger  " + m.shownKey(actEscape) + " closes"
	if m.details.large {
		keys = m.shownKey(actZoom) + " smaller  " + m.shownKey(actEscape) + " closes"
	}
	if p.left() > cells(keys)+2 {
		p.to(m.width - 1 - cells(keys))
		p.put(inkFaint, keys)
	}
	return p.end()
}

// shownKey is how an action's keys are printed.
func (m *Model) shownKey(a action) string {
	for _, k := range m.shown {
		if k.Where == WhereTape && k.act == a {
			return k.Show
		}
	}
	return ""
}

// chartLines is the chart, or a sentence in its place.
func (m *Model) chartLines(width, height int) []chartLine {
	d := &m.details
	if height < 3 || width < chartLabels+12 {
		return nil
	}
	say := func(i ink, text string) []chartLine {
		lines := make([]chartLine, height)
		lines[height/2] = chartLine{ink: i, text: clip(text, width-chartLabels)}
		return lines
	}
	mark := int64(0)
	if d.hasRow {
		mark = d.row.Start
	}
	chart, ok := newDayChart(d.bars, mark, m.zone)
	switch {
	case ok:
		return chart.lines(width, height)
	case d.loading:
		return say(inkDim, "loading the day")
	case d.trouble != "":
		return say(inkBad, d.trouble)
	}
	return say(inkDim, "no minute of the day has traded")
}

func chartText(p *pen, l chartLine) {
	p.number(inkDim, []byte(l.label), chartLabels-1)
	p.space(1)
	p.put(l.ink, l.text)
}

// wrapFacts breaks the facts into lines of a width, between words.
func wrapFacts(facts []fact, width int) (out []fact) {
	width = max(width, 20)
	for _, f := range facts {
		label := f.label
		for _, line := range wrap(f.text, width) {
			out = append(out, fact{label, f.ink, line})
			label = ""
		}
	}
	return out
}

// wrap cuts text between words into lines of at most width cells; a longer word
// has a line of its own.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && cells(line)+1+cells(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
