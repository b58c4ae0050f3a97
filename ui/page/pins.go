package page

import (
	"fmt"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// PinsMost is how many contracts may stand above the tape.
const PinsMost = 4

// Pins are contracts that stand above the tape, whatever it shows, each with
// its newest burst of any size.
type Pins struct {
	*scene.Scene
	pull *Pull
	Ids  []model.ContractID
	rows map[model.ContractID]model.Burst
	kept map[model.ContractID]memory.Pin // what is known of their open interest

	awaited []awaitedPin // of an earlier run, without a number in this one yet
	seen    int          // contracts that were looked at for them
}

// awaitedPin is a pinned contract of an earlier run.
type awaitedPin struct {
	model.Contract
	kept memory.Pin
}

// Restore pins what was pinned before, but for what has expired.
func (p *Pins) Restore(pins memory.Pins) {
	today := model.TradingDate(p.Clock.Now())
	for _, k := range pins {
		c, err := model.ParseContract(k.Contract)
		if err != nil || c.Expiry < today || p.Lines() >= PinsMost || p.awaits(c.Symbol) >= 0 {
			continue
		}
		p.awaited = append(p.awaited, awaitedPin{c, k})
	}
}

// awaits is the place of a contract among those awaited, -1 of another one.
func (p *Pins) awaits(symbol string) int {
	return slices.IndexFunc(p.awaited, func(a awaitedPin) bool { return a.Symbol == symbol })
}

// Symbols are those of the contracts awaited.
func (p *Pins) Symbols() (list []string) {
	for _, a := range p.awaited {
		list = append(list, a.Symbol)
	}
	return list
}

// find looks for the contracts awaited among those that are new, and reports
// whether one of them is there.
func (p *Pins) find() (found bool) {
	for n := p.Contracts.Len(); p.seen < n && len(p.awaited) > 0; p.seen++ {
		c := p.Contracts.At(model.ContractID(p.seen))
		if i := p.awaits(c.Symbol); i >= 0 {
			p.keep(c.ID, p.awaited[i].kept)
			p.Ids = append(p.Ids, c.ID)
			p.awaited = slices.Delete(p.awaited, i, i+1)
			found = true
		}
	}
	return found
}

// release has the contracts looked for anew: their numbers are void.
func (p *Pins) release() {
	for _, id := range p.Ids {
		k, c := p.kept[id], p.Contracts.At(id)
		k.Contract = c.Symbol
		p.awaited = append(p.awaited, awaitedPin{*c, k})
	}
	p.Ids, p.rows, p.kept, p.seen = nil, nil, nil, 0
}

func (p *Pins) keep(id model.ContractID, k memory.Pin) {
	if p.kept == nil {
		p.kept = make(map[model.ContractID]memory.Pin)
	}
	p.kept[id] = k
}

// Note notes the open interest of pinned contracts, and reports whether there is
// more to keep.
func (p *Pins) Note() (news bool) {
	for _, id := range p.Ids {
		row, ok := p.rows[id]
		if !ok {
			continue
		}
		k := p.kept[id]
		if k.Note(model.TradingDate(row.Start), row.OpenInterest) {
			p.keep(id, k)
			news = true
		}
	}
	return news
}

// Recorded takes over what was recorded of their open interest.
func (p *Pins) Recorded(of map[string]memory.Interest) {
	for _, id := range p.Ids {
		if i, is := of[p.Contracts.At(id).Symbol]; is {
			k := p.kept[id]
			k.Recorded(i.Date, i.Lots)
			p.keep(id, k)
		}
	}
	for n := range p.awaited {
		if i, is := of[p.awaited[n].Symbol]; is {
			p.awaited[n].kept.Recorded(i.Date, i.Lots)
		}
	}
}

// List is what the next run is to pin.
func (p *Pins) List() (list memory.Pins) {
	for _, id := range p.Ids {
		k := p.kept[id]
		k.Contract = p.Contracts.At(id).Symbol
		list = append(list, k)
	}
	for _, a := range p.awaited {
		list = append(list, a.kept)
	}
	return list
}

// Lines is how many lines they take.
func (p *Pins) Lines() int { return len(p.Ids) + len(p.awaited) }

// Toggle puts a contract on top, or takes it away from there; nil is none.
func (p *Pins) Toggle(c *model.Contract) []act.Effect {
	if c == nil {
		return act.Tell(paint.Dim, NoneSelected)
	}
	said := ContractName(c) + " is pinned"
	i, j := slices.Index(p.Ids, c.ID), p.awaits(c.Symbol)
	switch {
	case i >= 0:
		p.Ids = slices.Delete(p.Ids, i, i+1)
		delete(p.rows, c.ID)
		said = ContractName(c) + " is no longer pinned"
	case j >= 0:
		p.awaited = slices.Delete(p.awaited, j, j+1)
		said = ContractName(c) + " is no longer pinned"
	case p.Lines() >= PinsMost:
		return act.Tell(paint.Warn, format.Count(PinsMost)+" contracts are pinned; w on a row of one, or :unpin, makes room")
	default:
		p.Ids = append(p.Ids, c.ID)
		p.Reread()
	}
	return []act.Effect{act.Answer{Ink: paint.Dim, Text: said}, act.Repinned{}}
}

// NoneSelected is said where an action wants one.
const NoneSelected = "no contract is selected"

// Clear takes all of them away.
func (p *Pins) Clear() []act.Effect {
	p.Ids, p.rows, p.kept, p.awaited = nil, nil, nil, nil
	return act.One(act.Repinned{})
}

// ContractName is a contract as the tape writes it: SPY 655 P 23Nov26.
func ContractName(c *model.Contract) string {
	b := append([]byte(c.Underlying), ' ')
	b = format.AppendStrike(b, c.Strike)
	letter := " C "
	if c.Type == model.Put {
		letter = " P "
	}
	return string(append(b, letter...)) + c.Expiry.Short()
}

// Reread reads the newest bursts of all pinned contracts anew.
func (p *Pins) Reread() {
	if len(p.Ids) == 0 {
		return
	}
	p.rows = make(map[model.ContractID]model.Burst)
	newest := make(map[model.ContractID]*burst.Burst)
	for _, b := range p.pull.Bursts.Each(burst.ShelfOver | burst.ShelfUnder) {
		if id := b.Contract; slices.Contains(p.Ids, id) {
			if n := newest[id]; n == nil || b.Start > n.Start || b.Start == n.Start && b.Born() > n.Born() {
				newest[id] = b
			}
		}
	}
	for id, b := range newest {
		p.rows[id] = b.Burst
	}
}

// changed takes a burst that came or grew.
func (p *Pins) changed(b *burst.Burst) {
	if len(p.Ids) == 0 || b.Kind == model.KindGap || !slices.Contains(p.Ids, b.Row.Contract) {
		return
	}
	if row, had := p.rows[b.Row.Contract]; !had || b.Row.Start >= row.Start {
		p.rows[b.Row.Contract] = b.Burst
	}
}

// went reports whether a burst that is gone was shown, by the start that was known.
func (p *Pins) went(contract model.ContractID, start int64) bool {
	row, had := p.rows[contract]
	return had && row.Start == start
}

// draw writes the lines of the pinned contracts, in the columns of the tape.
func (p *Pins) draw(l *table.Layout, out []string) []string {
	pen := &p.Pen
	begin := func() {
		pen.Line(p.Theme, paint.OnBox, p.Width)
		pen.Put(paint.Accent, "▲")
		pen.To(l.Margin)
	}
	silent := func(c *model.Contract) {
		pen.To(l.Margin + 9)
		pen.Put(paint.Strong, ContractName(c))
		pen.Put(paint.Dim, "  no trade of it is known now")
		out = append(out, pen.End())
	}
	for i := range p.awaited {
		begin()
		silent(&p.awaited[i].Contract)
	}
	for _, id := range p.Ids {
		c := p.Contracts.At(id)
		begin()
		row, ok := p.rows[id]
		if !ok {
			silent(c)
			continue
		}
		k := table.Cell{Row: &row, Contract: c, Marks: model.MarksOf(&row.Row, c, p.Rules), Zone: p.Zone}
		if p.Fired.Of(&row.Row) {
			k.Marks |= model.MarkFired
		}
		for _, col := range l.Cols {
			pen.Space(col.Gap)
			table.Tape[col.ID].Draw(pen, &k, col.Width)
		}
		out = append(out, pen.End())
	}
	return out
}

// InterestChange is how the open interest of a pinned contract changed since the
// trading date before.
func (p *Pins) InterestChange(a *model.Account) string {
	k, pinned := p.kept[a.Contract]
	date, was, ok := k.AsOf(a.Date)
	if !pinned || !ok || math.IsNaN(a.OpenInterest) {
		return ""
	}
	change := int64(a.OpenInterest) - int64(was)
	sign := "+"
	if change < 0 {
		change, sign = -change, "−"
	}
	return fmt.Sprintf("; %s%s since %s (%s)", sign, format.Count(change), date.UTC().Format("Mon 2 Jan"), format.Count(int64(was)))
}
