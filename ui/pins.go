package ui

import (
	"slices"

	"optflow/model"
)

// pinsMost is how many contracts may stand above the tape.
const pinsMost = 4

// pins are contracts that stand above the tape, whatever it shows, each with
// its newest burst of any size.
type pins struct {
	ids  []model.ContractID
	rows map[model.ContractID]model.Row
}

// height is how many lines they take.
func (p *pins) height() int { return len(p.ids) }

// pin puts the selected contract on top, or takes it away from there.
func (m *Model) pin() {
	c := m.viewContract()
	if row, ok := m.table.chosen(); ok && c == nil && m.views.at == viewTape {
		c = row.contract
	}
	if c == nil {
		m.notices.answer(inkDim, "no contract is selected")
		return
	}
	p := &m.pins
	if i := slices.Index(p.ids, c.ID); i >= 0 {
		p.ids = slices.Delete(p.ids, i, i+1)
		delete(p.rows, c.ID)
		m.notices.answer(inkDim, contractName(c)+" is no longer pinned")
	} else if len(p.ids) >= pinsMost {
		m.notices.answer(inkWarn, count(pinsMost)+" contracts are pinned; w on a row of one, or :unpin, makes room")
		return
	} else {
		p.ids = append(p.ids, c.ID)
		m.notices.answer(inkDim, contractName(c)+" is pinned")
		m.repin()
	}
	m.resize()
	m.watch()
}

// unpin takes all of them away.
func (m *Model) unpin() {
	m.pins = pins{}
	m.resize()
	m.watch()
}

// contractName is a contract as the tape writes it: SPY 655 P 23Nov26.
func contractName(c *model.Contract) string {
	b := append([]byte(c.Underlying), ' ')
	b = appendStrike(b, c.Strike)
	letter := " C "
	if c.Type == model.Put {
		letter = " P "
	}
	return string(append(b, letter...)) + c.Expiry.Short()
}

// repin reads the newest bursts of all pinned contracts anew.
func (m *Model) repin() {
	p := &m.pins
	if len(p.ids) == 0 {
		return
	}
	p.rows = make(map[model.ContractID]model.Row)
	for _, b := range m.bursts.Newest(model.ShelfOver | model.ShelfUnder) {
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
func (p *pins) changed(b *model.Burst) {
	if len(p.ids) == 0 || !slices.Contains(p.ids, b.Row.Contract) {
		return
	}
	if row, had := p.rows[b.Row.Contract]; !had || b.Row.Start >= row.Start {
		p.rows[b.Row.Contract] = b.Row
	}
}

// went takes back a burst that is gone, and reports whether it was shown.
func (p *pins) went(b *model.Burst) bool {
	row, had := p.rows[b.Row.Contract]
	return had && row.Start == b.Row.Start
}

// pinned writes the lines of the pinned contracts.
func (m *Model) pinned(out []string) []string {
	t, p := m.table, &m.pen
	for _, id := range m.pins.ids {
		c := t.list.contracts.At(id)
		p.line(m.th, groundBox, m.width)
		p.put(inkAccent, "▲")
		p.to(t.layout.margin)
		row, ok := m.pins.rows[id]
		if !ok {
			p.to(t.layout.margin + 9)
			p.put(inkStrong, contractName(c))
			p.put(inkDim, "  no trade of it is known now")
			out = append(out, p.end())
			continue
		}
		k := cell{row: &row, contract: c, marks: model.MarksOf(&row, c, t.list.rules), zone: t.zone}
		for _, col := range t.layout.cols {
			p.space(col.gap)
			columnTable[col.id].draw(p, &k, col.width)
		}
		out = append(out, p.end())
	}
	return out
}
