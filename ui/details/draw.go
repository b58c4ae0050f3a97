package details

import (
	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

const (
	// factLabel is the room of a fact's label.
	factLabel = 12
	// besideLeast is the width from which the chart stands beside the facts.
	besideLeast = 110
)

// Render writes them into exactly height lines. They are drawn anew
// only when something in them changed.
func (d *Details) Render(height int, out []string) []string {
	d.followRow()
	if d.Stale || len(d.drawn) != height {
		d.Stale = false
		d.drawn = d.write(height, d.drawn[:0])
	}
	return append(out, d.drawn...)
}

func (d *Details) write(height int, out []string) []string {
	p := &d.Pen
	c := d.Contracts.At(d.ID)
	if height <= 0 || c == nil {
		return out
	}
	out = append(out, d.title(c))
	rest := height - 1
	chartWidth, chartHeight := d.Width-2, max(min(rest/3, 12), 4)
	factWidth := d.Width - 2
	if d.Width >= besideLeast {
		chartWidth, chartHeight = d.Width/2-3, rest
		factWidth = d.Width - chartWidth - 4
	} else if rest < 9 {
		chartHeight = 0
	}
	picture := d.chartLines(chartWidth, chartHeight)
	text := wrapFacts(d.detailFacts(c), factWidth-factLabel)
	beside := d.Width >= besideLeast
	fit := rest
	if !beside {
		fit = rest - len(picture)
		for _, l := range picture {
			p.Line(d.Theme, paint.OnPlain, d.Width)
			p.Space(1)
			chartText(p, l)
			out = append(out, p.End())
		}
	}
	d.Facts.Fill(factTexts(text), fit)
	for i := range fit {
		p.Line(d.Theme, paint.OnPlain, d.Width)
		p.Space(1)
		if at := d.Facts.Top() + i; at < len(text) {
			label, ink := paint.Dim, text[at].ink
			if ink == paint.Mark { // the letter stands out, its reasons are to be read
				label, ink = paint.Mark, paint.Text
			}
			p.Start(label, text[at].label, factLabel)
			p.Put(ink, text[at].text)
		}
		if beside {
			p.To(factWidth + 2)
			if i < len(picture) {
				chartText(p, picture[i])
			}
		}
		d.Facts.Mark(p, i, d.Width-1)
		out = append(out, p.End())
	}
	return out
}

// title names the contract.
func (d *Details) title(c *model.Contract) string {
	p := &d.Pen
	p.Line(d.Theme, paint.OnBar, d.Width)
	p.Space(1)
	p.Put(paint.Strong, c.Underlying+" ")
	var b [24]byte
	ink, letter := paint.Call, " call "
	if c.Type == model.Put {
		ink, letter = paint.Put, " put "
	}
	p.Put(ink, string(format.AppendStrike(b[:0], c.Strike))+letter)
	p.Put(paint.Text, c.Expiry.UTC().Format("02Jan06"))
	p.Put(paint.Dim, "  "+format.Days(c.DTE(d.Today(d.page.Moment()))))
	if c.AMSettled() {
		p.Put(paint.Dim, ", last trades the day before")
	}
	switch {
	case c.Adjusted():
		p.Put(paint.Warn, "  adjusted*")
	case c.Mini():
		p.Put(paint.Warn, "  mini: 10 shares")
	}
	p.Put(paint.Dim, "  "+c.Symbol)
	hint := d.Shown.Keys(keys.Zoom) + " larger  " + d.Shown.Keys(keys.Escape) + " closes"
	if d.Large {
		hint = d.Shown.Keys(keys.Zoom) + " smaller  " + d.Shown.Keys(keys.Escape) + " closes"
	}
	if p.Left() > paint.Cells(hint)+2 {
		p.To(d.Width - 1 - paint.Cells(hint))
		p.Put(paint.Faint, hint)
	}
	return p.End()
}

// chartLines is the chart, or a sentence in its place.
func (d *Details) chartLines(width, height int) []chartLine {
	if height < 3 || width < chartLabels+12 {
		return nil
	}
	say := func(i paint.Ink, text string) []chartLine {
		lines := make([]chartLine, height)
		lines[height/2] = chartLine{ink: i, text: paint.Clip(text, width-chartLabels)}
		return lines
	}
	mark := int64(0)
	if d.HasRow {
		mark = d.Row.Start
	}
	chart, ok := newDayChart(d.Bars, mark, d.Zone)
	switch {
	case ok:
		return chart.lines(width, height)
	case d.loading:
		return say(paint.Dim, "loading the day")
	case d.trouble != "":
		return say(paint.Bad, d.trouble)
	}
	return say(paint.Dim, "no minute of the day has traded")
}

func chartText(p *paint.Pen, l chartLine) {
	p.Number(paint.Dim, []byte(l.label), chartLabels-1)
	p.Space(1)
	p.Put(l.ink, l.text)
}

// wrapFacts breaks the facts into lines of a width, between words.
func wrapFacts(facts []fact, width int) (out []fact) {
	width = max(width, 20)
	for _, f := range facts {
		label := f.label
		for _, line := range paint.Wrap(f.text, width) {
			out = append(out, fact{label, f.ink, line})
			label = ""
		}
	}
	return out
}

// factTexts are the texts of facts.
func factTexts(facts []fact) []string {
	out := make([]string, len(facts))
	for i := range facts {
		out[i] = facts[i].text
	}
	return out
}
