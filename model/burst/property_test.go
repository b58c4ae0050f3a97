package burst

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// drawWindow draws a window on a crowded stretch of time; some are polled and
// overlap others, some premiums reach the floor.
func drawWindow(t *rapid.T) model.Row {
	r := bar(model.ContractID(rapid.IntRange(0, 1).Draw(t, "contract")), float64(rapid.IntRange(0, 150).Draw(t, "second")),
		uint32(rapid.IntRange(1, 90).Draw(t, "size")), float32(rapid.IntRange(1, 900).Draw(t, "cents"))/100)
	if rapid.IntRange(0, 2).Draw(t, "crowd") == 0 { // twins
		r = bar(model.ContractID(rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "contract")), float64(rapid.IntRange(0, 4).Draw(t, "second")),
			uint32(rapid.SampledFrom([]int{49, 50, 60}).Draw(t, "size")), 3)
	}
	r.Side = model.Side(rapid.IntRange(0, int(model.SideNearBid)).Draw(t, "side"))
	r.Certainty = model.Certainty(rapid.IntRange(0, int(model.CertaintySure)).Draw(t, "certainty"))
	if rapid.Bool().Draw(t, "rich") {
		r.Spot, r.OpenInterest, r.QuoteAge, r.Bid, r.Ask = float32(r.Size), r.Size, int32(r.Size), 1, 2
	}
	if rapid.IntRange(0, 5).Draw(t, "polled") == 0 {
		r.Source, r.Span, r.Flags = model.SourceREST, model.Span(rapid.SampledFrom([]int{2_000, 5_000, 60_000}).Draw(t, "span")), model.FlagApproximate
	}
	return r
}

// drawVersions draws windows with their versions: same identity, other numbers,
// sometimes size 0 at the end.
func drawVersions(t *rapid.T) (versions [][]model.Row) {
	seen := map[model.Identity]bool{}
	for range rapid.IntRange(1, 40).Draw(t, "windows") {
		first := drawWindow(t)
		if seen[first.Identity()] {
			continue
		}
		seen[first.Identity()] = true
		list := []model.Row{first}
		for range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "corrections") {
			next := drawWindow(t)
			next.Start, next.Contract, next.Span = first.Start, first.Contract, first.Span
			next.Source, next.Flags = first.Source, first.Flags
			next.Replaces = 1
			if rapid.IntRange(0, 3).Draw(t, "gone") == 0 {
				next.Size = 0
			}
			list = append(list, next)
		}
		versions = append(versions, list)
	}
	return versions
}

// shuffle draws an order of all versions in which those of one window keep theirs.
func shuffle(t *rapid.T, versions [][]model.Row) (order []model.Row) {
	var tickets []int
	for i, list := range versions {
		for range list {
			tickets = append(tickets, i)
		}
	}
	next := make([]int, len(versions))
	for _, i := range rapid.Permutation(tickets).Draw(t, "order") {
		order = append(order, versions[i][next[i]])
		next[i]++
	}
	return order
}

// plainBursts is the slow twin: the last versions, sorted, cut from the left.
func plainBursts(versions [][]model.Row, interval Interval) (all []Burst) {
	var rows []model.Row
	for _, list := range versions {
		if last := list[len(list)-1]; last.Size > 0 {
			rows = append(rows, last)
		}
	}
	slices.SortFunc(rows, func(a, b model.Row) int {
		return cmp.Or(cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Span, b.Span))
	})
	plainTwins(rows)
	var group []model.Row
	flush := func() {
		if len(group) > 0 {
			all = append(all, plainSum(group, interval))
		}
		group = nil
	}
	for _, r := range rows {
		if len(group) > 0 {
			first, last := group[0], group[len(group)-1]
			bucket := map[Interval]int64{Interval1m: 60e3, Interval5m: 300e3, Interval30m: 1800e3}[interval]
			together := last.Contract == r.Contract
			switch interval {
			case IntervalOff:
				together = false
			case Interval10s:
				together = together && r.Start-last.Start <= 10_000 && r.End()-first.Start <= 60_000 && last.Span < model.Minute && r.Span < model.Minute
			default:
				together = together && first.Start/bucket == r.Start/bucket
			}
			if !together {
				flush()
			}
		}
		group = append(group, r)
	}
	flush()
	return all
}

// plainTwins looks for every window's twins among all the others.
func plainTwins(rows []model.Row) {
	for i := range rows {
		r := &rows[i]
		eligible := func(r *model.Row) bool { return r.Span == model.Second && r.Source != model.SourceREST && r.Size >= 50 }
		if !eligible(r) {
			if r.Size < 50 {
				r.Flags |= model.FlagAlone
			}
			continue
		}
		twin := slices.ContainsFunc(rows, func(o model.Row) bool {
			nvda := func(r *model.Row) bool { return r.Contract == 0 || r.Contract == 3 }
			return eligible(&o) && nvda(&o) && nvda(r) && o.Contract != r.Contract && o.Start == r.Start && o.Size == r.Size
		})
		if twin {
			r.Flags |= model.FlagTwin
		} else {
			r.Flags |= model.FlagAlone
		}
	}
}

// plainSum says what a burst of these windows shows, field by field.
func plainSum(group []model.Row, interval Interval) Burst {
	sum := group[0]
	sum.Kind, sum.Replaces = model.KindBurst, 0
	if interval == IntervalOff {
		sum.Kind = model.KindBar
	}
	if len(group) == 1 {
		return Burst{Burst: model.Burst{Row: sum, Windows: 1}, Over: sum.Premium >= 25_000}
	}
	sum.Size, sum.Premium, sum.Prints = 0, 0, 0
	end, notional := int64(0), 0.0
	sizes := map[model.Side]int{}
	for i := len(group) - 1; i >= 0; i-- { // from the back, so that the first known value wins
		r := group[i]
		end = max(end, r.End())
		sum.High, sum.Low = max(sum.High, r.High), min(sum.Low, r.Low)
		if model.Known32(r.Spot) {
			sum.Spot = r.Spot
		}
		if r.OpenInterest != model.UnknownCount {
			sum.OpenInterest = r.OpenInterest
		}
		if r.QuoteAge != model.NoQuote {
			sum.Bid, sum.Ask, sum.QuoteAge = r.Bid, r.Ask, r.QuoteAge
		}
	}
	sum.Flags = model.FlagAlone
	for _, r := range group {
		if r.Source == model.SourceREST {
			sum.Source = model.SourceREST
			sum.Flags |= model.FlagApproximate
		}
		sum.Flags |= r.Flags & model.FlagTwin
		if r.Flags&model.FlagAlone == 0 {
			sum.Flags &^= model.FlagAlone
		}
	}
	for _, r := range group {
		sum.Size += r.Size
		sum.Premium += r.Premium
		sum.Prints += r.Prints
		notional += float64(r.Vwap) * float64(r.Size)
		sizes[r.Side] += int(r.Size)
	}
	sum.Span = model.Span(end - sum.Start)
	sum.Close = group[len(group)-1].Close
	sum.Vwap = float32(notional / float64(sum.Size))
	total := float64(sum.Size)
	share := func(least model.Certainty, letters ...model.Side) bool {
		size := 0
		for _, r := range group {
			if r.Certainty >= least && slices.Contains(letters, r.Side) {
				size += int(r.Size)
			}
		}
		return float64(size) >= 0.7*total-1e-9
	}
	sum.Side, sum.Certainty = model.SideMid, model.CertaintyLoose
	letters := []model.Side{model.SideMid}
	for _, family := range [][]model.Side{{model.SideAboveAsk, model.SideAsk, model.SideNearAsk}, {model.SideBelowBid, model.SideBid, model.SideNearBid}} {
		if !share(model.CertaintyNone, family...) {
			continue
		}
		letters = family
		for n := range family {
			if share(model.CertaintyNone, family[:n+1]...) {
				sum.Side = family[n]
				break
			}
		}
	}
	switch {
	case sum.Side == model.SideMid && float64(sizes[model.SideUnknown]) > 0.3*total+1e-9:
		sum.Side, sum.Certainty = model.SideUnknown, model.CertaintyNone
	case share(model.CertaintySure, letters...):
		sum.Certainty = model.CertaintySure
	case share(model.CertaintyFair, letters...):
		sum.Certainty = model.CertaintyFair
	}
	return Burst{Burst: model.Burst{Row: sum, Windows: uint32(len(group))}, Over: sum.Premium >= 25_000}
}

// mirror follows the changes as a face would and keeps what it knows.
type mirror map[uint32]int64 // handle to start

func (m mirror) follow(b *burstTest) error {
	for _, c := range b.Drain() {
		start, known := m[c.ID]
		switch {
		case (c.Kind == Added) == known:
			return fmt.Errorf("change %v of a burst that is known: %v", c, known)
		case c.Kind != Added && c.Was != start:
			return fmt.Errorf("change %v of a burst that began at %d", c, start)
		case c.Kind == Grew && b.Get(c.ID).Row.Start != start:
			return fmt.Errorf("%v moved silently", c)
		}
		if c.Kind == Went {
			delete(m, c.ID)
		} else {
			m[c.ID] = b.Get(c.ID).Row.Start
		}
	}
	held := 0
	last := int64(math.MaxInt64)
	for id, e := range b.Newest(ShelfOver | ShelfUnder | ShelfGaps) {
		if start, ok := m[id]; !ok || start != e.Row.Start || e.Row.Start > last {
			return fmt.Errorf("burst %d starts at %d, the face knows %d %v; the one after it starts at %d", id, e.Row.Start, start, ok, last)
		}
		last = e.Row.Start
		held++
	}
	if held != len(m) {
		return fmt.Errorf("%d bursts held, the face knows %d", held, len(m))
	}
	return nil
}

// Whatever the order of arrival, the bursts are those of the slow twin, and
// whoever follows the changes knows them.
func TestBurstsWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		interval := Interval(rapid.IntRange(0, int(Interval30m)).Draw(rt, "interval"))
		b := newBurstTest(t, Options{Interval: interval}, rapid.Bool().Draw(rt, "copies"))
		versions := drawVersions(rt)
		face := mirror{}
		for _, r := range shuffle(rt, versions) {
			b.add(r)
			if rapid.IntRange(0, 4).Draw(rt, "look") == 0 {
				if err := face.follow(b); err != nil {
					rt.Fatal(err)
				}
			}
		}
		if err := face.follow(b); err != nil {
			rt.Fatal(err)
		}
		got, want := b.all(), plainBursts(versions, interval)
		slices.SortFunc(got, func(a, b Burst) int {
			return cmp.Or(cmp.Compare(a.Row.Contract, b.Row.Contract), cmp.Compare(a.Row.Start, b.Row.Start))
		})
		slices.SortStableFunc(want, func(a, b Burst) int {
			return cmp.Or(cmp.Compare(a.Row.Contract, b.Row.Contract), cmp.Compare(a.Row.Start, b.Row.Start))
		})
		sortTies(got)
		sortTies(want)
		if len(got) != len(want) {
			rt.Fatalf("%d bursts, want %d: %v, want %v", len(got), len(want), cuts(got), cuts(want))
		}
		over := 0
		for i := range got {
			if !sameRow(got[i].Row, want[i].Row) || got[i].Windows != want[i].Windows || got[i].Over != want[i].Over {
				rt.Fatalf("burst %d:\ngot  %+v\nwant %+v", i, got[i], want[i])
			}
			if want[i].Over {
				over++
			}
			if want[i].Windows == 0 {
				rt.Fatal("empty burst")
			}
		}
		if c := b.Counts(); c.Over != over || c.Under != len(got)-over || c.Seen != uint64(len(got)) {
			rt.Fatalf("counts %+v for %d bursts, %d over", c, len(got), over)
		}
	})
}

// sortTies orders bursts of one contract and start, which only single windows
// and stand-alone ones can share.
func sortTies(all []Burst) {
	slices.SortStableFunc(all, func(a, b Burst) int {
		return cmp.Or(cmp.Compare(a.Row.Contract, b.Row.Contract), cmp.Compare(a.Row.Start, b.Row.Start), cmp.Compare(a.Row.Span, b.Row.Span))
	})
}

// However small the limits, what is held and what the changes say agree, and
// the limits hold.
func TestBurstsUnderPressure(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBurstTest(t, Options{
			Interval: Interval(rapid.IntRange(0, int(Interval5m)).Draw(rt, "interval")),
			MaxRows:  rapid.IntRange(1, 6).Draw(rt, "over"), MaxUnder: rapid.IntRange(1, 6).Draw(rt, "under"),
			Windows: rapid.SampledFrom([]int{0, 2, 5, 20}).Draw(rt, "windows"), Keep: 60_000,
		}, rapid.Bool().Draw(rt, "copies"))
		trimmed := 0
		if b.at != nil && rapid.Bool().Draw(rt, "lags") {
			b.at = func(seq uint64) (model.Row, bool) { return b.log[seq], int(seq) >= trimmed }
		}
		face := mirror{}
		for _, r := range shuffle(rt, drawVersions(rt)) {
			r.Start += int64(rapid.IntRange(0, 3).Draw(rt, "later")) * 120_000
			b.add(r)
			trimmed = max(trimmed, len(b.log)-rapid.IntRange(3, 20).Draw(rt, "tape"))
			if err := face.follow(b); err != nil {
				rt.Fatal(err)
			}
			if c := b.Counts(); c.Over > b.options.MaxRows || c.Under > b.options.MaxUnder {
				rt.Fatalf("%+v", c)
			}
			held, contracts := 0, 0
			for _, s := range b.strands {
				if s == nil {
					continue
				}
				contracts++
				held += len(s.windows)
				n := 0
				for _, p := range s.parts {
					n += int(p.n)
					if e := b.Get(p.id); !e.alive || p.n < 1 || int(e.Windows) < int(p.n) || int(e.Windows) != int(p.n) && b.options.Windows > 100 {
						rt.Fatalf("part %v of a burst with %d windows, alive %v", p, e.Windows, e.alive)
					}
				}
				if n != len(s.windows) {
					rt.Fatalf("%d windows in parts of %d", len(s.windows), n)
				}
			}
			if held != b.windows || held > b.options.Windows+b.options.Windows/fadeTurns+1+contracts || b.kept != nil && len(b.kept) != held {
				rt.Fatalf("%d windows of %d contracts, counted as %d, %d copies", held, contracts, b.windows, len(b.kept))
			}
		}
	})
}

func FuzzBursts(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 200, 100, 50, 3, 2, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		b := newBurstTest(t, Options{Interval: Interval(len(data) % 5), MaxRows: 5, MaxUnder: 5}, true)
		face := mirror{}
		for len(data) >= 4 {
			r := bar(model.ContractID(data[0]%3), float64(data[1])*4, uint32(data[2]%16)*20, float32(data[3]%8))
			if data[3] >= 250 {
				r.Kind = model.KindGap
			}
			r.Replaces = uint32(data[3] >> 7)
			b.add(r)
			data = data[4:]
		}
		if err := face.follow(b); err != nil {
			t.Fatal(err)
		}
	})
}
