package tail

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"optflow/model"
	"optflow/model/view"
)

// View is what is printed: the tape, row by row, or pictures of the day.
type View string

// The views. Of the day's, one is printed, or one every so often.
const (
	Tape      View = "tape" // "" as well
	Contracts View = "contracts"
	Tickers   View = "tickers"
	Heat      View = "heat"
)

// ofDay reports whether pictures of the day are printed.
func (v View) ofDay() bool { return v != "" && v != Tape }

// Picture is a view of the day at a moment. The rows are those of one of the
// lists, in the order in which they are printed.
type Picture struct {
	View         View
	At           int64 // market time, ms
	Sim, Delayed bool

	Contracts []view.Contract
	Tickers   []view.Ticker
	Cells     []view.Cell
}

// Len is how many rows there are.
func (p *Picture) Len() int { return len(p.Contracts) + len(p.Tickers) + len(p.Cells) }

// first keeps so many rows.
func (p *Picture) first(n int) {
	p.Contracts = p.Contracts[:min(n, len(p.Contracts))]
	p.Tickers = p.Tickers[:min(n, len(p.Tickers))]
	p.Cells = p.Cells[:min(n, len(p.Cells))]
}

// dayRow is a row of a picture on its way to the output.
type dayRow[T any] struct {
	of      *T
	picture *Picture
}

// writes is how the rows of a picture are printed.
type writes struct {
	format Format
	zone   *time.Location
}

// header is what comes before the first picture.
func (w writes) header(dst []byte, v View) []byte {
	if w.format != CSV {
		return dst
	}
	switch v {
	case Tickers:
		return csvHeader(dst, tickerColumns)
	case Heat:
		return csvHeader(dst, cellColumns)
	}
	return csvHeader(dst, contractColumns)
}

// row appends one row.
func (w writes) row(dst []byte, p *Picture, at int) []byte {
	switch p.View {
	case Tickers:
		return appendDay(w, dst, p, &p.Tickers[at], tickerColumns, tickerSentence)
	case Heat:
		return appendDay(w, dst, p, &p.Cells[at], cellColumns, cellSentence)
	}
	return appendDay(w, dst, p, &p.Contracts[at], contractColumns, contractSentence)
}

// appendDay appends a row of a kind, by its columns or as a sentence.
func appendDay[T any](w writes, dst []byte, p *Picture, row *T, columns []column[dayRow[T]], sentence func(textFormat, []byte, *dayRow[T]) []byte) []byte {
	l := dayRow[T]{row, p}
	switch w.format {
	case JSON:
		return jsonLine(dst, columns, &l)
	case CSV:
		return csvLine(dst, columns, &l)
	}
	if p.Sim {
		dst = append(dst, "SIM "...)
	}
	f := textFormat{zone: w.zone}
	dst = append(f.clock(dst, p.At), ' ')
	dst = sentence(f, dst, &l)
	if p.Delayed {
		dst = append(dst, ", delayed feed"...)
	}
	return append(dst, '\n')
}

// WritePicture prints the rows of a picture under the header of the format.
func (l Lines) WritePicture(to io.Writer, p *Picture) error {
	w := l.writes(l.Format)
	batch := w.header(nil, p.View)
	for at := range p.Len() {
		if batch = w.row(batch, p, at); len(batch) < flushBytes {
			continue
		}
		if _, err := to.Write(batch); err != nil {
			return fmt.Errorf("row %d of %d: %w", at+1, p.Len(), err)
		}
		batch = batch[:0]
	}
	if _, err := to.Write(batch); err != nil {
		return fmt.Errorf("the last rows: %w", err)
	}
	return nil
}

func (l Lines) writes(f Format) writes {
	return writes{f, cmp.Or(l.Zone, model.NewYork)}
}

// PictureText is one row of a picture in the text format, without its line break.
func (l Lines) PictureText(p *Picture, at int) string {
	text := l.writes(Text).row(nil, p, at)
	return string(text[:len(text)-1])
}

// The columns that all pictures have: when, and what sort of data.
func pictureColumns[T any](kind string, own []column[dayRow[T]], whole func(*T) bool) []column[dayRow[T]] {
	type row = dayRow[T]
	out := []column[row]{
		{"v", false, func(dst []byte, _ *row) []byte { return append(dst, '1') }},
		{"kind", true, func(dst []byte, _ *row) []byte { return append(dst, kind...) }},
		{"at", true, func(dst []byte, l *row) []byte { return appendTime(dst, l.picture.At) }},
		{"at_ms", false, func(dst []byte, l *row) []byte { return appendMS(dst, l.picture.At) }},
	}
	out = append(out, own...)
	return append(out,
		column[row]{"whole", false, func(dst []byte, l *row) []byte { return strconv.AppendBool(dst, whole(l.of)) }},
		column[row]{"delayed", false, func(dst []byte, l *row) []byte { return strconv.AppendBool(dst, l.picture.Delayed) }},
		column[row]{"sim", false, func(dst []byte, l *row) []byte { return strconv.AppendBool(dst, l.picture.Sim) }},
	)
}

// day is the trading date of a picture.
func (p *Picture) day() model.Date { return model.TradingDate(p.At) }
