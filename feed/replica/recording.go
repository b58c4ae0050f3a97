package replica

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/crash"
	"optflow/model/market"
	"optflow/model/tape"
	"optflow/model/ticker"
)

// recording is what a seat at a recording can do: nothing can be asked of
// anybody, and what is followed is chosen from what was.
type recording struct{ seat *seat }

var _ market.Seat = recording{}

// ErrRecorded is why a question has no answer: nobody asked it when the day was
// recorded, and nobody can now.
var ErrRecorded = errors.New("this is a recording, nothing more can be asked")

// Follow chooses from the underlyings that were recorded.
func (s recording) Follow(tickers []string) {
	r := s.seat.r
	r.seats.mu.Lock()
	s.seat.wants = slices.Clone(tickers)
	r.seats.mu.Unlock()
	crash.Go("recording", r.Show) // it may wait for a block
}

// Lookup is whether an underlying was recorded.
func (s recording) Lookup(_ context.Context, symbol string) error {
	name, err := ticker.Read(symbol)
	if err != nil {
		return err
	}
	r := s.seat.r
	r.mu.Lock()
	state := r.state
	r.mu.Unlock()
	if state == nil {
		return ErrRecorded
	}
	if slices.ContainsFunc(state.Tickers, func(t string) bool { return ticker.Same(t, name) }) {
		return nil
	}
	return fmt.Errorf("%s is not in this recording: it has %s", ticker.Bare(name), strings.Join(state.Tickers, ", "))
}

// Day is a contract's minutes of the day, of the rows that are still held.
func (s recording) Day(ctx context.Context, id model.ContractID) ([]model.Bar, error) {
	t := face{s.seat.r}.Rows()
	if t.First() > 0 {
		return nil, errors.New("the minutes before the last rows are not held: this is a recording")
	}
	return minutes(ctx, t, id)
}

// minutes joins the windows of a contract, each in its last version.
func minutes(ctx context.Context, t *tape.Tape, id model.ContractID) ([]model.Bar, error) {
	last := map[model.Identity]model.Row{}
	var cursor tape.Cursor
	batch := make([]model.Row, tape.ChunkRows)
	for {
		n := t.Read(&cursor, batch)
		if n == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range batch[:n] {
			if r := &batch[i]; r.Contract == id && r.Kind == model.KindBar {
				last[r.Identity()] = *r
			}
		}
	}
	var bars []model.Bar
	for _, r := range slices.SortedFunc(maps.Values(last), func(a, b model.Row) int { return cmp.Compare(a.Start, b.Start) }) {
		if r.Size == 0 || r.Span > model.Minute { // polled between two times: of no minute
			continue
		}
		start := r.Start - r.Start%int64(model.Minute)
		if n := len(bars); n == 0 || bars[n-1].Start != start {
			bars = append(bars, model.Bar{Contract: id, Span: model.Minute, Start: start, Open: float64(r.Open), High: float64(r.High), Low: float64(r.Low), DayVwap: model.Unknown, AvgSize: model.Unknown})
		}
		join(&bars[len(bars)-1], &r)
	}
	return bars, nil
}

// join adds a window to its minute.
func join(b *model.Bar, r *model.Row) {
	was := float64(b.Volume)
	b.Volume += int64(r.Size)
	b.Vwap = (b.Vwap*was + float64(r.Vwap)*float64(r.Size)) / float64(b.Volume)
	b.High, b.Low, b.Close = max(b.High, float64(r.High)), min(b.Low, float64(r.Low)), float64(r.Close)
	if r.DayVolume != model.UnknownCount {
		b.DayVolume = int64(r.DayVolume)
	}
}

// A recording has nobody to leave word with.

func (recording) Window(model.Span)        {}
func (recording) AutoRefresh(bool)         {}
func (recording) PollNow()                 {}
func (recording) Watch([]model.ContractID) {}
func (recording) Know([]string)            {}
func (recording) Retake()                  {}
func (recording) Aside()                   {}
func (recording) Leave()                   {}
func (recording) Read(uint64, uint64)      {}

func (recording) Observe(context.Context, []model.Account, ...model.ContractID) ([]model.Account, error) {
	return nil, ErrRecorded // the seat's own
}

func (recording) Snapshots(context.Context, []string) ([]model.Snapshot, error) {
	return nil, ErrRecorded
}

func (recording) AsOf(context.Context, string, int64) (model.Snapshot, error) {
	return model.Snapshot{}, ErrRecorded
}

func (recording) Interest(context.Context, string, model.Date) (model.Interest, error) {
	return model.Interest{}, ErrRecorded
}
