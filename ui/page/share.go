package page

import (
	"io"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/tail"
)

// shared is how wide a line that is given away may be, in cells.
const shared = 500

// command copies the page as a command line that prints the same rows.
func (t *Tape) command() []act.Effect {
	text := t.tailCommand()
	what := text
	if !t.List.FollowsNewest() {
		what += "  (tail prints by time, not " + t.List.Sorting() + ")"
	}
	return act.One(act.Copy{Text: text, What: what})
}

// tailCommand is the tape as a command line.
func (t *Tape) tailCommand() string {
	args := []string{"--interval", t.Pull.Interval.String(), "--min-premium", strconv.FormatFloat(t.Rules.Floor, 'f', -1, 64)}
	if t.State.Span >= model.Minute {
		args = append(args, "--window", "1m")
	}
	return tailLine(t.Scene, t.Tickers(), t.Tabs.TakenText(t.Lens.Filter), args...)
}

// tailLine is a command line of optflow tail, quoted for a POSIX shell. What the
// config file and the environment say is not repeated: the command reads them
// too.
func tailLine(s *scene.Scene, tickers []string, filter string, more ...string) string {
	args := append([]string{"optflow", "tail"}, s.TailArgs...)
	args = append(append(args, "--tickers", strings.Join(tickers, ",")), more...)
	if filter != "" {
		args = append(args, "--filter", s.WithoutNames(filter)) // the tabs saved here are not there
	}
	for i, a := range args {
		args[i] = ShellQuote(a)
	}
	return strings.Join(args, " ")
}

// copyRow copies the selected row as a line of text, which says SIM when it is
// simulated.
func (t *Tape) copyRow() []act.Effect {
	if g, ok := t.List.GapLines[t.Table.Selected]; ok && t.Table.Has {
		sim := ""
		if t.State.Sim {
			sim = "SIM "
		}
		text := sim + t.Zone.Clock(g.To) + " " + g.Underlying + ": " + g.Text(t.Zone, shared)
		return act.One(act.Copy{Text: text, What: text})
	}
	row, ok := t.Table.Chosen()
	if !ok {
		return act.Tell(paint.Dim, noRow)
	}
	text := t.lines(tail.Text).Text(row.Row, row.Contract)
	return act.One(act.Copy{Text: text, What: text})
}

// noRow is said where a row is wanted and none is selected.
const noRow = "no row is selected"

// lines are how rows of this page are printed elsewhere.
func (t *Tape) lines(f tail.Format) tail.Lines {
	return tail.Lines{Format: f, Interval: t.Pull.Interval, Rules: t.Rules, Zone: t.Zone.Location()}
}

// Print copies the rows.
func (t *Tape) Print(f tail.Format) Printing {
	rows, lines := t.Table.Rows(), t.lines(f)
	return Printing{View: tail.Tape, Rows: len(rows), Write: func(w io.Writer) error { return lines.WriteLines(w, rows) }}
}

// plainShell are the characters that no shell makes anything of.
const plainShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"

// ShellQuote quotes a word for a POSIX shell where it must be.
func ShellQuote(word string) string {
	if word != "" && strings.Trim(word, plainShell) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

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
	return Printing{
		View: d.gives.view, Rows: all.Len(), Unread: d.gives.view != tail.Tickers && !d.accounts.read,
		Write: func(w io.Writer) error { return lines.WritePicture(w, all) },
	}
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
