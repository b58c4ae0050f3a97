package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
)

// copyCommand copies this view as a command line that prints the same rows.
func (m *Model) copyCommand() tea.Cmd {
	text := m.tailCommand()
	what := text
	if !m.list.followsNewest() {
		what += "  (tail prints by time, not " + m.sorting() + ")"
	}
	return m.copy(text, what)
}

// tailCommand is this view as a command line, quoted for a POSIX shell. What
// the config file and the environment say is not repeated: the command reads
// them too.
func (m *Model) tailCommand() string {
	args := []string{"optflow", "tail"}
	args = append(args, m.opt.TailArgs...)
	args = append(args, "--tickers", strings.Join(m.list.tickers(), ","),
		"--interval", m.interval.String(),
		"--min-premium", strconv.FormatFloat(m.opt.Rules.Floor, 'f', -1, 64))
	if m.st.Span >= model.Minute {
		args = append(args, "--window", "1m")
	}
	if text := m.viewFilter(); text != "" { // the tape's: the other views do not print
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
