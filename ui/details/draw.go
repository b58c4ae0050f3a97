package details

import (
	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
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
	if d.page == nil {
		return out
	}
	if d.Stale || len(d.drawn) != height {
		d.Stale = false
		d.drawn = d.write(max(height, 0), d.drawn[:0])
	}
	return append(out, d.drawn...)
}

func (d *Details) write(height int, out []string) []string {
	p, c := &d.Pen, d.of.Contract
	if height == 0 {
		return out
	}
	out = append(out, d.title(c))
	rest := height - 1
	switch {
	case d.of.Without != "":
		return d.sentence(d.of.Without, rest, out)
	case c == nil:
		return d.facts(d.gapFacts(), d.Width-2, nil, rest, out)
	case d.Width >= besideLeast:
		width := d.Width/2 - 3
		return d.facts(d.detailFacts(c), d.Width-width-4, d.chartLines(width, rest), rest, out)
	}
	var picture []chartLine
	if rest >= 9 {
		picture = d.chartLines(d.Width-2, max(min(rest/3, 12), 4))
	}
	for i := range picture {
		p.Line(d.Theme, paint.OnPlain, d.Width)
		p.Space(1)
		picture[i].write(p)
		out = append(out, p.End())
	}
	return d.facts(d.detailFacts(c), d.Width-2, nil, rest-len(picture), out)
}

// sentence writes why there is nothing else.
func (d *Details) sentence(text string, lines int, out []string) []string {
	for i := range lines {
		if i > 0 {
			text = ""
		}
		out = append(out, d.Pen.Sentence(d.Theme, d.Width, paint.Dim, text))
	}
	return out
}

// facts writes as many as fit, in so many cells, from where they were scrolled to,
// with a chart beside them.
func (d *Details) facts(all []fact, width int, picture []chartLine, lines int, out []string) []string {
	p, text := &d.Pen, wrapFacts(all, width-factLabel)
	d.Facts.Fill(len(text), lines)
	for i := range lines {
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
		if i < len(picture) {
			p.To(width + 2)
			picture[i].write(p)
		}
		d.Facts.Mark(p, i, d.Width-1)
		out = append(out, p.End())
	}
	return out
}

// title names what is shown, and the keys of the details.
func (d *Details) title(c *model.Contract) string {
	p := &d.Pen
	p.Line(d.Theme, paint.OnBar, d.Width)
	p.Put(paint.Accent, table.Arrow(true)+" ")
	larger := " larger  "
	if d.Large {
		larger = " smaller  "
	}
	hint := d.Shown.Keys(keys.Zoom) + larger + d.Shown.Keys(keys.Escape) + " closes"
	if d.of.Without == "" {
		hint = d.Shown.Key(keys.DetailsDown) + " " + d.Shown.Key(keys.DetailsUp) + " scroll  " + hint
	}
	switch {
	case c != nil:
		d.name(c, paint.Cells(hint)+2)
	case d.of.Gaps != nil:
		p.Put(paint.Strong, d.of.Ticker)
		p.Put(paint.Warn, "  gap")
	default:
		p.Put(paint.Strong, "details")
	}
	if p.Left() > paint.Cells(hint)+1 {
		p.To(d.Width - 1 - paint.Cells(hint))
		p.Put(paint.Faint, hint)
	}
	return p.End()
}

// name names the contract; its symbol leaves room for so many cells.
func (d *Details) name(c *model.Contract, room int) {
	p := &d.Pen
	p.Put(paint.Strong, c.Underlying+" ")
	ink, letter := paint.Call, " call "
	if c.Type == model.Put {
		ink, letter = paint.Put, " put "
	}
	p.Put(ink, string(format.AppendStrike(p.Scratch(), c.Strike))+letter)
	p.Put(paint.Text, c.Expiry.Short())
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
	if p.Left() > 2+paint.Cells(c.Symbol)+room {
		p.Put(paint.Dim, "  "+c.Symbol)
	}
}

// chartLines is the chart, or a sentence in its place.
func (d *Details) chartLines(width, height int) []chartLine {
	if height < 3 || width < chartLabels+12 {
		return nil
	}
	say := func(i paint.Ink, text string) []chartLine {
		lines := make([]chartLine, height)
		lines[height/2] = chartLine{ink: i, text: []rune(paint.Clip(text, width-chartLabels)), row: -1}
		return lines
	}
	if chart, ok := d.chart(); ok {
		return chart.lines(width, height)
	}
	switch {
	case d.loading:
		return say(paint.Dim, "loading the day")
	case d.trouble != "":
		return say(paint.Bad, d.trouble)
	}
	return say(paint.Dim, "no minute of the day has traded")
}

// chart is the day so far, which goes on unless the picture is frozen.
func (d *Details) chart() (dayChart, bool) {
	if d.day == nil {
		return dayChart{}, false
	}
	moment := d.page.Moment()
	if !d.frozen || d.day.live == nil {
		d.day.room = d.Pull.Bursts.Remembered(d.day.id, d.day.room[:0])
		d.day.goOn(d.day.room, d.DataTime())
		if d.day.seen > 0 {
			d.day.seen = d.Now
		}
	}
	now, row := int64(0), int64(0)
	if d.State.Session.Open {
		now = moment.Now - d.State.Plan.Delayed
	}
	if d.of.Burst {
		row = d.of.Row.Start
	}
	chart, ok := newDayChart(d.day.join(), row, now, d.Zone)
	for _, r := range d.Pull.Bursts.GapsOf(d.day.id, nil) {
		chart.lost = append(chart.lost, stretch{r.Start, r.End()})
	}
	return chart, ok
}

// wrapFacts breaks the facts into lines of a width, between words.
func wrapFacts(facts []fact, width int) (out []fact) {
	width = max(width, 20)
	for _, f := range facts {
		label := f.label
		if f.whole {
			if paint.Cells(f.text)+paint.Cells(f.more) <= width {
				f.text += f.more
			}
			f.text = paint.Clip(f.text, width)
			out = append(out, f)
			continue
		}
		for _, line := range paint.Wrap(f.text, width) {
			out = append(out, fact{label: label, ink: f.ink, text: line})
			label = ""
		}
	}
	return out
}
