package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"optflow/cli/progress"
	"optflow/config"
	"optflow/logs"
	"optflow/model/termsafe"
)

// console is where a command reads, prints and, once the log is open, logs.
// Errors are printed and logged without the key.
type console struct {
	in, out *os.File
	err     io.Writer

	log      *slog.Logger   // nil before openLog
	redactor *logs.Redactor // nil knows no key
}

// openLog opens the log that the settings ask for. It never holds the key or the
// address of a hook. If it
// cannot be written, that is a warning and the program runs without.
func (c *console) openLog(s *config.Settings) *slog.Logger {
	c.redactor, c.log = logs.NewRedactor(s.Secrets()...), slog.New(slog.DiscardHandler)
	if s.LogFile == "" {
		return c.log
	}
	file, err := logs.Open(s.LogFile)
	if err != nil {
		s.Warnings = append(s.Warnings, termsafe.String(err.Error(), longestLine))
		s.LogFile = ""
		return c.log
	}
	c.log = logs.New(file, c.redactor)
	c.log.Info("begins", "version", versionText())
	return c.log
}

// tell prints and logs why the program ends.
func (c *console) tell(err error) {
	text := c.redactor.Redact(err.Error())
	if c.log != nil {
		c.log.Error("ended", "text", text)
	}
	c.say(text)
}

// say prints a sentence for the user on stderr, apart from the data.
func (c *console) say(sentence string) {
	_, _ = fmt.Fprintf(c.err, "optflow: %s\n", safeLines(sentence))
}

// warn prints what is doubtful about the settings.
func (c *console) warn(s *config.Settings) {
	for _, w := range s.Warnings {
		c.say(w)
	}
}

// bar shows how far something is, such as "reading Mon 23 Nov", once it has taken a
// second. Ctrl+c cancels the context of the command.
func (c *console) bar(s *config.Settings, what string) *progress.Bar {
	return progress.New(c.err, termsafe.String(what, longestLine), asciiOf(s))
}

// longestLine bounds a line of an error, in cells.
const longestLine = 2000

// safeLines makes each line of a text harmless: errors quote what others said,
// and a stack may hold anything.
func safeLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		body := strings.TrimLeft(line, "\t")
		lines[i] = strings.Repeat("    ", len(line)-len(body)) + termsafe.String(body, longestLine)
	}
	return strings.Join(lines, "\n")
}
