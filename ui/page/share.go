package page

import (
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/paint"
	"optflow/ui/tail"
)

// shared is how wide a line that is given away may be, in cells.
const shared = 500

// sharing gives what the tape shows away.
type sharing struct {
	TailArgs []string // what optflow tail needs besides, to see the same
}

// command copies the page as a command line that prints the same rows.
func (x *sharing) command(t *Tape) []act.Effect {
	text := x.tail(t)
	what := text
	if !t.List.FollowsNewest() {
		what += "  (tail prints by time, not " + t.List.Sorting() + ")"
	}
	return act.One(act.Copy{Text: text, What: what})
}

// tail is the page as a command line, quoted for a POSIX shell. What the
// config file and the environment say is not repeated: the command reads them
// too.
func (x *sharing) tail(t *Tape) string {
	args := []string{"optflow", "tail"}
	args = append(args, x.TailArgs...)
	args = append(args, "--tickers", strings.Join(t.Tickers(), ","),
		"--interval", t.Pull.Interval.String(),
		"--min-premium", strconv.FormatFloat(t.Rules.Floor, 'f', -1, 64))
	if t.State.Span >= model.Minute {
		args = append(args, "--window", "1m")
	}
	if text := t.Tabs.TakenText(t.Lens.Filter); text != "" { // the tape's: the other pages do not print
		args = append(args, "--filter", text)
	}
	for i, a := range args {
		args[i] = ShellQuote(a)
	}
	return strings.Join(args, " ")
}

// row copies the selected row as a line of text, which says SIM when it is
// simulated.
func (x *sharing) row(t *Tape) []act.Effect {
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
		return act.Tell(paint.Dim, "no row is selected")
	}
	text := x.Printing(t, tail.Text).Text(row.Row, row.Contract)
	return act.One(act.Copy{Text: text, What: text})
}

// Printing is how rows of this page are printed elsewhere.
func (x *sharing) Printing(t *Tape, f tail.Format) tail.Lines {
	return tail.Lines{Format: f, Interval: t.Pull.Interval, Rules: t.Rules, Zone: t.Zone.Location()}
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
