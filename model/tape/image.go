package tape

import (
	"optflow/model"
	"optflow/model/image"
)

// Image writes the rows that the writer still goes by, or reads them into a tape
// that has none: it goes on where the other was. Readers see none of them, since
// they are of before. What is kept, and so which rows later ones can refer to, is
// by this tape's own options.
func (w *Writer) Image(m *image.Image) {
	image.Int(m, &w.appended)
	image.Int(m, &w.oldest)
	m.Time(&w.newest)
	m.Check(w.oldest <= w.appended && w.oldest%ChunkRows == 0 && w.appended-w.oldest <= uint64(m.Left()/rowBytes))
	if m.Reading() {
		if m.Bad() {
			return
		}
		w.restore()
	}
	list := w.list.Load()
	for i := int((w.oldest - list.first) / ChunkRows); i < len(w.ends) && !m.Bad(); i++ {
		m.Time(&w.ends[i])
	}
	var last model.Row
	for seq := w.oldest; seq < w.appended && !m.Bad(); seq++ {
		row := &list.chunks[(seq-list.first)/ChunkRows][seq%ChunkRows]
		rowImage(m, row, &last)
		m.Check(w.Contracts.At(row.Contract) != nil)
		last = *row
	}
}

// restore makes room for the rows from oldest on.
func (w *Writer) restore() {
	n := int((w.appended - w.oldest + ChunkRows - 1) / ChunkRows)
	list := &chunkList{first: w.oldest, origin: w.appended, chunks: make([]*chunk, n)}
	for i := range list.chunks {
		list.chunks[i] = new(chunk)
	}
	w.ends = make([]int64, n)
	w.tail = nil
	if n > 0 {
		w.tail = list.chunks[n-1]
	}
	w.grown = w.oldest + uint64(n)*ChunkRows
	w.list.Store(list)
	w.next.Store(w.appended)
}

// rowBytes is the least that a row takes.
const rowBytes = 60

// rowImage is a row beside the one before.
func rowImage(m *image.Image, r, last *model.Row) {
	m.Base(last.Start)
	m.Time(&r.Start)
	m.Float(&r.Premium)
	image.Int(m, &r.Contract)
	image.Int(m, &r.Span)
	image.Int(m, &r.Size)
	image.Int(m, &r.DayVolume)
	for _, v := range [...]*float32{&r.Open, &r.High, &r.Low, &r.Close, &r.Vwap, &r.Prints, &r.Spot, &r.IV, &r.Delta, &r.Bid, &r.Ask} {
		m.Float32(v)
	}
	image.Int(m, &r.OpenInterest)
	image.Int(m, &r.QuoteAge)
	image.Int(m, &r.Replaces)
	image.Int(m, &r.Revision)
	image.Int(m, &r.Kind)
	image.Int(m, &r.Source)
	image.Int(m, &r.Side)
	image.Int(m, &r.Certainty)
	image.Int(m, &r.Reason)
	image.Int(m, &r.Flags)
	m.Check(r.Kind <= model.KindGap && r.Source <= model.SourceBackfill && r.Side < model.NumSides && r.Certainty <= model.CertaintySure && r.Reason <= model.GapSinceUnknown)
}
