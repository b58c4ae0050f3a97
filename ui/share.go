package ui

import (
	"strconv"
	"strings"

	"optflow/model"
)

// copyCommand copies this page as a command line that prints the same rows.
func (t *tapePage) copyCommand() []effect {
	text := t.tailCommand()
	what := text
	if !t.list.followsNewest() {
		what += "  (tail prints by time, not " + t.list.sorting() + ")"
	}
	return one(copyText{text, what})
}

// tailCommand is this page as a command line, quoted for a POSIX shell. What the
// config file and the environment say is not repeated: the command reads them
// too.
func (t *tapePage) tailCommand() string {
	args := []string{"optflow", "tail"}
	args = append(args, t.tailArgs...)
	args = append(args, "--tickers", strings.Join(t.tickers(), ","),
		"--interval", t.pull.interval.String(),
		"--min-premium", strconv.FormatFloat(t.rules.Floor, 'f', -1, 64))
	if t.st.Span >= model.Minute {
		args = append(args, "--window", "1m")
	}
	if text := t.takenText(); text != "" { // the tape's: the other pages do not print
		args = append(args, "--filter", text)
	}
	for i, a := range args {
		args[i] = shellQuote(a)
	}
	return strings.Join(args, " ")
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
