package manual

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
)

// roff writes a man page in the man macros, in ASCII, as groff and mandoc read it.
type roff struct{ bytes.Buffer }

// escape keeps what roff would read as its own: the backslash, a hyphen that is to
// be copied as one, and a dot or an apostrophe at the beginning of a line. What is
// not ASCII is named.
func escape(text string) string {
	var b strings.Builder
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		b.WriteString(`\&`)
	}
	for _, r := range text {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`)
		case r == '\n':
			b.WriteByte(' ')
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// quoted is an argument of a macro.
func quoted(text string) string { return `"` + strings.ReplaceAll(escape(text), `"`, `\(dq`) + `"` }

func (r *roff) macro(name string, args ...string) {
	r.WriteString("." + name)
	for _, a := range args {
		r.WriteString(" " + quoted(a))
	}
	r.WriteByte('\n')
}

// section is a heading, part one below it.
func (r *roff) section(head string) { r.macro("SH", strings.ToUpper(head)) }
func (r *roff) part(head string)    { r.macro("SS", head) }

// text is a paragraph.
func (r *roff) text(text string) {
	r.macro("PP")
	r.WriteString(escape(text) + "\n")
}

// term is a term with its explanation.
func (r *roff) term(term, text string) {
	r.macro("TP")
	r.WriteString(`\fB` + escape(term) + `\fR` + "\n")
	r.WriteString(escape(cmp.Or(text, " ")) + "\n")
}

// example is text that keeps its lines.
func (r *roff) example(text string) {
	r.macro("PP")
	r.macro("EX")
	for line := range strings.Lines(text) {
		r.WriteString(escape(strings.TrimRight(line, "\n")) + "\n")
	}
	r.macro("EE")
}
