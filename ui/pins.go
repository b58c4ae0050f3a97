package ui

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
	"optflow/ui/table"
)

// pinsMost is how many contracts may stand above the tape.
const pinsMost = 4

// pins are contracts that stand above the tape, whatever it shows, each with
// its newest burst of any size.
type pins struct {
	*scene
	pull *pull
	ids  []model.ContractID
	rows map[model.ContractID]model.Row
	kept map[model.ContractID]memory.Pin // what is known of their open interest

	awaited []awaitedPin // of an earlier run, without a number in this one yet
	seen    int          // contracts that were looked at for them
}

// awaitedPin is a pinned contract of an earlier run.
type awaitedPin struct {
	model.Contract
	kept memory.Pin
}

// restore pins what was pinned before, but for what has expired.
func (p *pins) restore(pins memory.Pins) {
	today := model.TradingDate(p.clock.Now())
	for _, k := range pins {
		c, err := model.ParseContract(k.Contract)
		if err != nil || c.Expiry < today || p.lines() >= pinsMost || p.awaits(c.Symbol) >= 0 {
			continue
		}
		p.awaited = append(p.awaited, awaitedPin{c, k})
	}
}

// awaits is the place of a contract among those awaited, -1 of another one.
func (p *pins) awaits(symbol string) int {
	return slices.IndexFunc(p.awaited, func(a awaitedPin) bool { return a.Symbol == symbol })
}

// symbols are those of the contracts awaited.
func (p *pins) symbols() (list []string) {
	for _, a := range p.awaited {
		list = append(list, a.Symbol)
	}
	return list
}

// find looks for the contracts awaited among those that are new, and reports
// whether one of them is there.
func (p *pins) find() (found bool) {
	for n := p.contracts.Len(); p.seen < n && len(p.awaited) > 0; p.seen++ {
		c := p.contracts.At(model.ContractID(p.seen))
		if i := p.awaits(c.Symbol); i >= 0 {
			p.keep(c.ID, p.awaited[i].kept)
			p.ids = append(p.ids, c.ID)
			p.awaited = slices.Delete(p.awaited, i, i+1)
			found = true
		}
	}
	return found
}

func (p *pins) keep(id model.ContractID, k memory.Pin) {
	if p.kept == nil {
		p.kept = make(map[model.ContractID]memory.Pin)
	}
	p.kept[id] = k
}

// note notes the open interest of pinned contracts, and reports whether there is
// more to keep.
func (p *pins) note() (news bool) {
	for _, id := range p.ids {
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

// list is what the next run is to pin.
func (p *pins) list() (list memory.Pins) {
	for _, id := range p.ids {
		k := p.kept[id]
		k.Contract = p.contracts.At(id).Symbol
		list = append(list, k)
	}
	for _, a := range p.awaited {
		list = append(list, a.kept)
	}
	return list
}

// lines is how many lines they take.
func (p *pins) lines() int { return len(p.ids) + len(p.awaited) }

// toggle puts a contract on top, or takes it away from there; nil is none.
func (p *pins) toggle(c *model.Contract) []act.Effect {
	if c == nil {
		return act.Tell(paint.Dim, noneSelected)
	}
	said := contractName(c) + " is pinned"
	i, j := slices.Index(p.ids, c.ID), p.awaits(c.Symbol)
	switch {
	case i >= 0:
		p.ids = slices.Delete(p.ids, i, i+1)
		delete(p.rows, c.ID)
		said = contractName(c) + " is no longer pinned"
	case j >= 0:
		p.awaited = slices.Delete(p.awaited, j, j+1)
		said = contractName(c) + " is no longer pinned"
	case p.lines() >= pinsMost:
		return act.Tell(paint.Warn, format.Count(pinsMost)+" contracts are pinned; w on a row of one, or :unpin, makes room")
	default:
		p.ids = append(p.ids, c.ID)
		p.reread()
	}
	return []act.Effect{act.Answer{Ink: paint.Dim, Text: said}, act.Repinned{}}
}

// noneSelected is said where an action wants one.
const noneSelected = "no contract is selected"

// clear takes all of them away.
func (p *pins) clear() []act.Effect {
	p.ids, p.rows, p.kept, p.awaited = nil, nil, nil, nil
	return act.One(act.Repinned{})
}

// contractName is a contract as the tape writes it: SPY 655 P 23Nov26.
func contractName(c *model.Contract) string {
	b := append([]byte(c.Underlying), ' ')
	b = format.AppendStrike(b, c.Strike)
	letter := " C "
	if c.Type == model.Put {
		letter = " P "
	}
	return string(append(b, letter...)) + c.Expiry.Short()
}

// reread reads the newest bursts of all pinned contracts anew.
func (p *pins) reread() {
	if len(p.ids) == 0 {
		return
	}
	p.rows = make(map[model.ContractID]model.Row)
	for _, b := range p.pull.bursts.Newest(burst.ShelfOver | burst.ShelfUnder) {
		id := b.Row.Contract
		if _, had := p.rows[id]; had || !slices.Contains(p.ids, id) {
			continue
		}
		if p.rows[id] = b.Row; len(p.rows) == len(p.ids) {
			break
		}
	}
}

// changed takes a burst that came or grew.
func (p *pins) changed(b *burst.Burst) {
	if len(p.ids) == 0 || !slices.Contains(p.ids, b.Row.Contract) {
		return
	}
	if row, had := p.rows[b.Row.Contract]; !had || b.Row.Start >= row.Start {
		p.rows[b.Row.Contract] = b.Row
	}
}

// went takes back a burst that is gone, and reports whether it was shown.
func (p *pins) went(b *burst.Burst) bool {
	row, had := p.rows[b.Row.Contract]
	return had && row.Start == b.Row.Start
}

// draw writes the lines of the pinned contracts, in the columns of the tape.
func (p *pins) draw(l *table.Layout, out []string) []string {
	pen := &p.pen
	begin := func() {
		pen.Line(p.th, paint.OnBox, p.width)
		pen.Put(paint.Accent, "▲")
		pen.To(l.Margin)
	}
	silent := func(c *model.Contract) {
		pen.To(l.Margin + 9)
		pen.Put(paint.Strong, contractName(c))
		pen.Put(paint.Dim, "  no trade of it is known now")
		out = append(out, pen.End())
	}
	for i := range p.awaited {
		begin()
		silent(&p.awaited[i].Contract)
	}
	for _, id := range p.ids {
		c := p.contracts.At(id)
		begin()
		row, ok := p.rows[id]
		if !ok {
			silent(c)
			continue
		}
		k := table.Cell{Row: &row, Contract: c, Marks: model.MarksOf(&row, c, p.rules), Zone: p.zone}
		for _, col := range l.Cols {
			pen.Space(col.Gap)
			table.Tape[col.ID].Draw(pen, &k, col.Width)
		}
		out = append(out, pen.End())
	}
	return out
}

// interestChange is how the open interest of a pinned contract changed since the
// trading date before.
func (p *pins) interestChange(a *model.Account) string {
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
