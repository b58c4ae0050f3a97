package ui

import (
	"fmt"
	"math"
	"slices"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/ui/format"
	"optflow/ui/paint"
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
}

// restore pins what was pinned before, but for what has expired.
func (p *pins) restore(pins memory.Pins) {
	today := model.TradingDate(p.clock.Now())
	for _, k := range pins {
		id, err := p.contracts.Intern(k.Contract)
		if err != nil || p.contracts.At(id).Expiry < today || len(p.ids) >= pinsMost || slices.Contains(p.ids, id) {
			continue
		}
		p.keep(id, k)
		p.rows = make(map[model.ContractID]model.Row)
		p.ids = append(p.ids, id)
	}
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
	return list
}

// lines is how many lines they take.
func (p *pins) lines() int { return len(p.ids) }

// toggle puts a contract on top, or takes it away from there, and says so; full
// reports that there was no room.
func (p *pins) toggle(c *model.Contract) (said string, full bool) {
	if i := slices.Index(p.ids, c.ID); i >= 0 {
		p.ids = slices.Delete(p.ids, i, i+1)
		delete(p.rows, c.ID)
		return contractName(c) + " is no longer pinned", false
	}
	if len(p.ids) >= pinsMost {
		return format.Count(pinsMost) + " contracts are pinned; w on a row of one, or :unpin, makes room", true
	}
	p.ids = append(p.ids, c.ID)
	p.reread()
	return contractName(c) + " is pinned", false
}

// clear takes all of them away.
func (p *pins) clear() { p.ids, p.rows, p.kept = nil, nil, nil }

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
func (p *pins) draw(l *layout, out []string) []string {
	pen := &p.pen
	for _, id := range p.ids {
		c := p.contracts.At(id)
		pen.Line(p.th, paint.OnBox, p.width)
		pen.Put(paint.Accent, "▲")
		pen.To(l.margin)
		row, ok := p.rows[id]
		if !ok {
			pen.To(l.margin + 9)
			pen.Put(paint.Strong, contractName(c))
			pen.Put(paint.Dim, "  no trade of it is known now")
			out = append(out, pen.End())
			continue
		}
		k := cell{row: &row, contract: c, marks: model.MarksOf(&row, c, p.rules), zone: p.zone}
		for _, col := range l.cols {
			pen.Space(col.gap)
			columnTable[col.id].draw(pen, &k, col.width)
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
