package page

import (
	"io"
	"strings"

	"optflow/ui/act"
	"optflow/ui/paint"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// gives is what a page of the day gives away of itself.
type gives struct {
	view    tail.View
	picture func(only bool) *tail.Picture // of all rows, or of the selected one only
	command func() (tickers []string, clause string)
	order   func() string // of the rows where it is not that of tail, else ""
}

// snapshot is an empty picture of the page's moment.
func (d *day) snapshot() *tail.Picture {
	return &tail.Picture{View: d.gives.view, At: d.Moment().Now, Sim: d.State.Sim, Delayed: d.State.Plan.Delayed > 0}
}

// Print copies the rows.
func (d *day) Print(f tail.Format) Printing {
	all, lines := d.gives.picture(false), tail.Lines{Format: f, Zone: d.Zone.Location()}
	return Printing{d.gives.view, all.Len(), func(w io.Writer) error { return lines.WritePicture(w, all) }}
}

// copyRow copies the selected row as a line of text.
func (d *day) copyRow() []act.Effect {
	one := d.gives.picture(true)
	if one.Len() == 0 {
		return act.Tell(paint.Dim, noRow)
	}
	text := tail.Lines{Zone: d.Zone.Location()}.PictureText(one, 0)
	return act.One(act.Copy{Text: text, What: text})
}

// copyCommand copies the page as a command line that prints the same rows.
func (d *day) copyCommand() []act.Effect {
	tickers, clause := d.gives.command()
	filter := strings.TrimSpace(clause + " " + d.lens.Text())
	if clause != "" && d.lens.Text() != "" {
		filter = clause + " (" + d.lens.Text() + ")"
	}
	text := tailLine(d.Scene, tickers, filter, "--view", string(d.gives.view))
	what := text
	if order := d.gives.order(); order != "" {
		what += "  (tail prints by premium, not " + order + ")"
	}
	return act.One(act.Copy{Text: text, What: what})
}

// copies are the rows of a grid in its order, or the selected one only.
func copies[T any](g *table.Grid[T], only bool) (out []T) {
	if only {
		if l := g.Current(); l != nil {
			out = append(out, *l)
		}
		return out
	}
	for _, r := range g.Ranks {
		out = append(out, g.Rows[r.ID])
	}
	return out
}

// byPremium is the order of a grid where it is another one than of the most premium
// first.
func byPremium[T any](g *table.Grid[T]) string {
	if c := &g.Columns[g.Sort]; c.Name == "premium" && !g.Reversed {
		return ""
	}
	return g.Sorting()
}
