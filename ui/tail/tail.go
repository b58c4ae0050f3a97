// Package tail is the face without a screen: it reads the tape with a cursor of
// its own and prints one row a line, as text, JSON or CSV.
//
// It promises that from the printed lines alone a reader has the truth that the
// tape has: what was printed and later corrected is printed again, what is
// missing is printed as a gap, and rows that left the tape before they could be
// read are counted and end the run as an error.
package tail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/market"
)

// Format is how rows are printed.
type Format string

// The formats.
const (
	Text Format = "text"
	JSON Format = "json"
	CSV  Format = "csv"
)

// Filter decides which rows are printed; *filter.Filter is one. Now is market
// time in ms.
type Filter interface {
	Match(r *model.Burst, c *model.Contract, now int64) model.Truth
}

// Options say what to print and where. Market and Out are required.
type Options struct {
	Market market.Market // without a clock a filter's age is measured from the newest data
	Rules  *model.Rules  // floor and marks; nil: model.DefaultRules
	Filter Filter        // nil: everything
	Out    io.Writer
	Format Format         // "" is Text
	Zone   *time.Location // of the times in Text; nil is New York

	Interval burst.Interval // off: a line a window; else bursts
	View     View           // of the day: pictures in place of the tape's rows
	Every    time.Duration  // from one picture to the next; 0: one
	Ends     bool           // the market ends by itself, as a recording does: its one picture is of the end
	For      time.Duration  // wall time after which the run ends; 0: never
	Count    int            // lines after which the run ends; of pictures, of each; 0: never

	Log     io.Writer // sentences about the feed; nil: nowhere
	Summary io.Writer // gets one JSON object at the end; nil: none

	// Stop ends the engine and returns once its accounts are settled; what it
	// then appended is still printed. Nil: there is no engine to stop.
	Stop func()
	// Accounts are asked for the summary, after Stop.
	Accounts func() []model.Account
}

// Errors that end a run and that callers tell apart.
var (
	// ErrRefused: key or plan are refused, nothing more will come.
	ErrRefused = errors.New("refused")
	// ErrTrimmed: rows left the tape before they were read.
	ErrTrimmed = errors.New("rows were lost because the output was read too slowly")
)

// Run prints until ctx ends, the time or the count is reached, the reader of
// Out is gone, or the feed is refused. The end of ctx and a closed pipe are no
// errors.
func Run(ctx context.Context, o Options) error {
	seat := o.Market.Seat()
	if seat != nil { // which keeps what was followed at the start
		defer seat.Leave()
	}
	p := newPrinter(o)
	p.seat = seat
	run := p.follow
	if o.View.ofDay() {
		run = (&pictures{printer: p}).print
	}
	err := run(ctx)
	if o.Stop != nil {
		o.Stop()
	}
	if !o.View.ofDay() && (err == nil || errors.Is(err, ErrRefused)) {
		if last := p.drain(); err == nil || errors.Is(last, errPipe) {
			err = last
		}
	}
	switch {
	case errors.Is(err, errPipe), errors.Is(err, errCount):
		err = nil
	}
	if o.Summary != nil {
		err = cmp.Or(err, writeSummary(o.Summary, &o, p.lines, p.cursor.Trimmed))
	}
	if err == nil && p.cursor.Trimmed > 0 && !p.enough() {
		err = fmt.Errorf("%w: %d", ErrTrimmed, p.cursor.Trimmed)
	}
	return err
}

// Ends of a run that are not errors.
var (
	errPipe  = fmt.Errorf("the reader is gone: %w", syscall.EPIPE)
	errCount = errors.New("enough lines")
)

// follow prints what comes until something ends the run.
func (p *printer) follow(ctx context.Context) error {
	p.tellRead()
	var timeUp <-chan time.Time
	if p.o.For > 0 {
		timeUp = time.After(p.o.For)
	}
	if err := p.begin(); err != nil {
		return err
	}
	began := time.Now()
	p.over = func() bool { return ctx.Err() != nil || p.o.For > 0 && time.Since(began) >= p.o.For }
	defer func() { p.over = nil }()
	for {
		changed := p.o.Market.Rows().Changed()
		if err := p.report(); err != nil {
			return err
		}
		if err := p.drain(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-timeUp:
			return nil
		case <-changed:
		}
	}
}

func (p *printer) write(batch []byte) error {
	if len(batch) == 0 {
		return nil
	}
	_, err := p.o.Out.Write(batch)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe), errors.Is(err, os.ErrClosed):
		return errPipe
	}
	return fmt.Errorf("writing rows: %w", err)
}
