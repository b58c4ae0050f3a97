package ui

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
	tailArgs []string // what optflow tail needs besides, to see the same
}

// command copies the page as a command line that prints the same rows.
func (x *sharing) command(t *tapePage) []act.Effect {
	text := x.tail(t)
	what := text
	if !t.list.followsNewest() {
		what += "  (tail prints by time, not " + t.list.sorting() + ")"
	}
	return act.One(act.Copy{Text: text, What: what})
}

// tail is the page as a command line, quoted for a POSIX shell. What the
// config file and the environment say is not repeated: the command reads them
// too.
func (x *sharing) tail(t *tapePage) string {
	args := []string{"optflow", "tail"}
	args = append(args, x.tailArgs...)
	args = append(args, "--tickers", strings.Join(t.tickers(), ","),
		"--interval", t.pull.interval.String(),
		"--min-premium", strconv.FormatFloat(t.rules.Floor, 'f', -1, 64))
	if t.st.Span >= model.Minute {
		args = append(args, "--window", "1m")
	}
	if text := t.tabs.takenText(t.lens.filter); text != "" { // the tape's: the other pages do not print
		args = append(args, "--filter", text)
	}
	for i, a := range args {
		args[i] = shellQuote(a)
	}
	return strings.Join(args, " ")
}

// row copies the selected row as a line of text, which says SIM when it is
// simulated.
func (x *sharing) row(t *tapePage) []act.Effect {
	if g, ok := t.list.gapLines[t.table.selected]; ok && t.table.has {
		sim := ""
		if t.st.Sim {
			sim = "SIM "
		}
		text := sim + t.zone.Clock(g.to) + " " + g.underlying + ": " + g.text(t.zone, shared)
		return act.One(act.Copy{Text: text, What: text})
	}
	row, ok := t.table.chosen()
	if !ok {
		return act.Tell(paint.Dim, "no row is selected")
	}
	text := x.printing(t, tail.Text).Text(row.Row, row.Contract)
	return act.One(act.Copy{Text: text, What: text})
}

// printing is how rows of this page are printed elsewhere.
func (x *sharing) printing(t *tapePage, f tail.Format) tail.Lines {
	return tail.Lines{Format: f, Interval: t.pull.interval, Rules: t.rules, Zone: t.zone.Location()}
}

// plainShell are the characters that no shell makes anything of.
const plainShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"

// shellQuote quotes a word for a POSIX shell where it must be.
func shellQuote(word string) string {
	if word != "" && strings.Trim(word, plainShell) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
