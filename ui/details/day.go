package details

import (
	"slices"

	"optflow/model"
)

const (
	// daysMost is how many days are kept, so that going back and forth among rows
	// asks for each once: 16 of them are half a megabyte.
	daysMost = 16
	// freshTime is how long a day that was read goes on by itself, in ms: windows
	// are remembered for 15 minutes, and so much of them must have been there.
	freshTime = 10 * int64(model.Minute)
)

// day is what is known of the minutes of a contract's day: what REST gave, and
// what the windows on the tape make of those since.
type day struct {
	id   model.ContractID
	rest []model.Bar // oldest first
	seen int64       // market time, ms, until which it was looked after; 0 it was not read
	live []model.Bar // by minute, oldest first
	bars []model.Bar // of both
	room []model.Row
}

// fresh reports whether a day needs no reading at a time.
func (d *day) fresh(now int64) bool {
	return d != nil && d.seen > 0 && now >= d.seen && now-d.seen < freshTime
}

// days are those read last, the newest first.
type days []*day

// of is the day of a contract, nil where it was not read.
func (ds *days) of(id model.ContractID) *day {
	i := slices.IndexFunc(*ds, func(d *day) bool { return d.id == id })
	if i < 0 {
		return nil
	}
	return (*ds)[i]
}

// add begins a contract's day, or takes it up again.
func (ds *days) add(id model.ContractID) *day {
	d := ds.of(id)
	if d == nil {
		d = &day{id: id}
	} else {
		*ds = slices.DeleteFunc(*ds, func(x *day) bool { return x == d })
	}
	*ds = slices.Insert(*ds, 0, d)
	*ds = (*ds)[:min(len(*ds), daysMost)]
	return d
}

// goOn takes the windows in, oldest first, that are remembered at a time. Minutes
// of which some may be forgotten stay as they were.
func (d *day) goOn(windows []model.Row, data int64) {
	fresh, whole := minutesOf(windows), data-freshTime
	if n, m := len(d.live), len(fresh); n > 0 && m > 0 && model.TradingDate(fresh[m-1].Start) > model.TradingDate(d.live[n-1].Start) {
		d.live = nil // another session has begun
	}
	kept := slices.DeleteFunc(d.live, func(b model.Bar) bool { return b.Start >= whole })
	if n := len(kept); n > 0 {
		fresh = slices.DeleteFunc(fresh, func(b model.Bar) bool { return b.Start <= kept[n-1].Start })
	}
	d.live = append(kept, fresh...)
}

// minutesOf joins windows into minutes. What spans several stands in its first.
func minutesOf(windows []model.Row) (out []model.Bar) {
	for i := range windows {
		r := &windows[i]
		if r.Size == 0 {
			continue
		}
		price := float64(r.Close)
		if !model.Known32(r.Close) {
			price = float64(r.Vwap)
		}
		at := r.Start - r.Start%int64(model.Minute)
		if n := len(out) - 1; n >= 0 && out[n].Start == at {
			out[n].Volume += int64(r.Size)
			out[n].Close = price
			continue
		}
		out = append(out, model.Bar{Contract: r.Contract, Span: model.Minute, Start: at, Volume: int64(r.Size), Close: price})
	}
	return out
}

// join puts what REST gave and what came since together. The vendor's word stands
// for what lies before its last bar; of that one, which may have been half a
// minute, and of later ones the larger counts.
func (d *day) join() []model.Bar {
	rest, live := d.rest, d.live
	if len(rest) > 0 && len(live) > 0 && model.TradingDate(live[len(live)-1].Start) > model.TradingDate(rest[0].Start) {
		rest = nil // of the session before
	}
	d.bars = append(d.bars[:0], rest...)
	for _, b := range live {
		n := len(d.bars) - 1
		switch {
		case n < 0 || b.Start > d.bars[n].Start:
			d.bars = append(d.bars, b)
		case b.Start == d.bars[n].Start && b.Volume > d.bars[n].Volume:
			d.bars[n] = b
		}
	}
	return d.bars
}
