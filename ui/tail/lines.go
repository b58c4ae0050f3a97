package tail

import (
	"fmt"
	"io"
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
	p := newPrinter(Options{Format: l.Format, Rules: l.Rules, Zone: l.Zone, Out: w})
	if err := p.begin(); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i].Row
		p.print(r, nil, rows[i].Contract, l.span(r))
		if len(p.batch) >= flushBytes {
			if err := p.flush(nil); err != nil {
				return fmt.Errorf("row %d of %d: %w", i+1, len(rows), err)
			}
		}
	}
	return p.flush(nil)
}

// Text is the line of one row in the text format, without its line break.
func (l Lines) Text(row *model.Burst, c *model.Contract) string {
	p := newPrinter(Options{Format: Text, Rules: l.Rules, Zone: l.Zone})
	p.print(row, nil, c, l.span(row))
	return string(p.batch[:len(p.batch)-1])
}

func (l Lines) span(r *model.Burst) string {
	if r.Kind == model.KindBurst {
		return l.Interval.String()
	}
	return spanName(r.Span)
}
