// Package progress shows on a terminal how far a command is that takes longer than
// a second. Ctrl+c cancels it as any command, by the context.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

const (
	patience = time.Second // what is done by then shows nothing
	redraw   = 100 * time.Millisecond
	cells    = 20 // of the bar
	narrow   = 60 // cells of a terminal from which on there is one
)

// Bar is one line, drawn over and over and gone in the end. It belongs to one
// goroutine. A nil one, and one that is not on a terminal, draws nothing.
type Bar struct {
	out   io.Writer
	width int // cells of the terminal
	what  string
	full  [2]string // a cell that is done, and one that is not
	now   func() time.Time

	next  time.Time // when it is drawn
	drawn bool
}

// New is a bar for what is done, such as "reading Mon 23 Nov", on out if that is a
// terminal.
func New(out io.Writer, what string, ascii bool) *Bar {
	file, is := out.(*os.File)
	if !is || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return nil
	}
	return on(out, width, what, ascii, time.Now)
}

func on(out io.Writer, width int, what string, ascii bool, now func() time.Time) *Bar {
	b := &Bar{out: out, width: width, what: what, full: [2]string{"▇", "▁"}, now: now}
	if ascii {
		b.full = [2]string{"#", "."}
	}
	b.next = now().Add(patience)
	return b
}

// At says how much is done of what there is.
func (b *Bar) At(done, total int64) {
	if b == nil || b.now().Before(b.next) {
		return
	}
	b.next, b.drawn = b.now().Add(redraw), true
	done = min(max(done, 0), total)
	share := 0.0
	if total > 0 {
		share = float64(done) / float64(total)
	}
	line := fmt.Sprintf("%s %3.0f%%", b.what, 100*share)
	if b.width >= narrow {
		n := int(share * cells)
		line += "  " + strings.Repeat(b.full[0], n) + strings.Repeat(b.full[1], cells-n) + "  ctrl+c cancels"
	}
	if runes := []rune(line); len(runes) >= b.width {
		line = string(runes[:max(0, b.width-1)])
	}
	_, _ = fmt.Fprintf(b.out, "\r%s\x1b[K", line) // who cannot be told misses nothing
}

// End takes the line away. Whoever prints beside a bar calls it before.
func (b *Bar) End() {
	if b != nil && b.drawn {
		_, _ = io.WriteString(b.out, "\r\x1b[K")
		b.drawn = false
	}
}
