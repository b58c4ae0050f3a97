package tail

import (
	"fmt"
	"io"
	"slices"
	"time"

	"optflow/model"
	"optflow/model/burst"
)

// Line is one row that a face chose by itself, to be printed as the output
// prints its own.
type Line struct {
	Row      model.Burst
	Contract *model.Contract
}

// Lines say how WriteLines prints.
type Lines struct {
	Format   Format
	Interval burst.Interval // of the bursts among the rows
	Rules    *model.Rules   // of the marks; nil: model.DefaultRules
	Zone     *time.Location // of the times in Text; nil is New York
}

// WriteLines prints rows in the order given, with the header of the format,
// exactly as Run prints them.
func (l Lines) WriteLines(w io.Writer, rows []Line) error {
	p, err := l.To(w)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := p.Print(&rows[i].Row, rows[i].Contract); err != nil {
			return fmt.Errorf("row %d of %d: %w", i+1, len(rows), err)
		}
	}
	return p.Flush()
}

// Printer prints rows one by one as Run prints them.
type Printer struct {
	lines Lines
	*printer
}

// To is a Printer, which has printed the header of the format.
func (l Lines) To(w io.Writer) (*Printer, error) {
	p := &Printer{l, newPrinter(Options{Format: l.Format, Rules: l.Rules, Zone: l.Zone, Out: w})}
	return p, p.begin()
}

// Print prints a row, with others before long.
func (p *Printer) Print(row *model.Burst, c *model.Contract) error {
	p.print(row, nil, c, p.lines.span(row))
	if len(p.batch) < flushBytes {
		return nil
	}
	return p.Flush()
}

// Heading prints a line of text between rows.
func (p *Printer) Heading(text string) error {
	p.batch = append(append(p.batch, text...), '\n')
	return p.Flush()
}

// Flush prints what is left.
func (p *Printer) Flush() error { return p.flush(nil) }

// Text is the line of one row in the text format, without its line break.
func (l Lines) Text(row *model.Burst, c *model.Contract) string {
	return string(l.one(Text, row, nil, c))
}

// Object is a row as one JSON object, as the output has it, without its line
// break.
func (l Lines) Object(row *model.Burst, c *model.Contract) []byte {
	return l.one(JSON, row, nil, c)
}

func (l Lines) one(f Format, row, was *model.Burst, c *model.Contract) []byte {
	p := newPrinter(Options{Format: f, Rules: l.Rules, Zone: l.Zone})
	p.print(row, was, c, l.span(row))
	return p.batch[:len(p.batch)-1]
}

func (l Lines) span(r *model.Burst) string {
	if r.Kind == model.KindBurst {
		return l.Interval.String()
	}
	return spanName(r.Span)
}

// Change is the line of a row of which another version was printed before: what is
// other than that, in the text format without its line break.
func (l Lines) Change(row, was *model.Burst, c *model.Contract) string {
	return string(l.one(Text, row, was, c))
}

// Cells are a row's columns in CSV, without the line break; of nil the names. Of an
// underlying's day they are those that it has.
func (l Lines) Cells(row *model.Burst, c *model.Contract) []byte {
	if row == nil {
		line := csvHeader(nil, columns)
		return line[:len(line)-1]
	}
	of := columns
	if c.Symbol == "" {
		of = slices.Clone(columns)
		for i := range of {
			switch of[i].name {
			case "v", "start", "start_ms", "underlying", "premium", "spot":
			case "kind":
				of[i].append = func(dst []byte, _ *line) []byte { return append(dst, "ticker"...) }
			default:
				of[i].append = func(dst []byte, _ *line) []byte { return dst }
			}
		}
	}
	cells := csvLine(nil, of, &line{row: row, contract: c, span: l.span(row)})
	return cells[:len(cells)-1]
}
