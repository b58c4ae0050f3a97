package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

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
	ids  []model.ContractID
	rows map[model.ContractID]model.Row
	kept map[model.ContractID]memory.Pin // what is known of their open interest
}

// restorePins pins what was pinned before, but for what has expired.
func (m *Model) restorePins(pins memory.Pins) {
	today := model.TradingDate(m.opt.Clock.Now())
	for _, k := range pins {
		id, err := m.opt.Tape.Contracts.Intern(k.Contract)
		if err != nil || m.opt.Tape.Contracts.At(id).Expiry < today || len(m.pins.ids) >= pinsMost || slices.Contains(m.pins.ids, id) {
			continue
		}
		m.pins.keep(id, k)
		m.pins.rows = make(map[model.ContractID]model.Row)
		m.pins.ids = append(m.pins.ids, id)
	}
}

func (p *pins) keep(id model.ContractID, k memory.Pin) {
	if p.kept == nil {
		p.kept = make(map[model.ContractID]memory.Pin)
	}
	p.kept[id] = k
}

// notePins notes the open interest of pinned contracts.
func (m *Model) notePins() {
	news := false
	for _, id := range m.pins.ids {
		row, ok := m.pins.rows[id]
		if !ok {
			continue
		}
		k := m.pins.kept[id]
		if k.Note(model.TradingDate(row.Start), row.OpenInterest) {
			m.pins.keep(id, k)
			news = true
		}
	}
	if news {
		m.later = append(m.later, m.keepPins())
	}
}

// keepPins has the pinned contracts kept for the next run, unless the market is
// an invented one.
func (m *Model) keepPins() tea.Cmd {
	if m.st.Sim {
		return nil
	}
	var list memory.Pins
	for _, id := range m.pins.ids {
		k := m.pins.kept[id]
		k.Contract = m.opt.Tape.Contracts.At(id).Symbol
		list = append(list, k)
	}
	return m.keep(list)
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
		m.notices.answer(paint.Dim, "no contract is selected")
		return
	}
	p := &m.pins
	if i := slices.Index(p.ids, c.ID); i >= 0 {
		p.ids = slices.Delete(p.ids, i, i+1)
		delete(p.rows, c.ID)
		m.notices.answer(paint.Dim, contractName(c)+" is no longer pinned")
	} else if len(p.ids) >= pinsMost {
		m.notices.answer(paint.Warn, format.Count(pinsMost)+" contracts are pinned; w on a row of one, or :unpin, makes room")
		return
	} else {
		p.ids = append(p.ids, c.ID)
		m.notices.answer(paint.Dim, contractName(c)+" is pinned")
		m.repin()
	}
	m.resize()
	m.watch()
	m.later = append(m.later, m.keepPins())
}

// unpin takes all of them away.
func (m *Model) unpin() {
	m.pins = pins{}
	m.resize()
	m.watch()
	m.later = append(m.later, m.keepPins())
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

// repin reads the newest bursts of all pinned contracts anew.
func (m *Model) repin() {
	p := &m.pins
	if len(p.ids) == 0 {
		return
	}
	p.rows = make(map[model.ContractID]model.Row)
	for _, b := range m.bursts.Newest(burst.ShelfOver | burst.ShelfUnder) {
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

// pinned writes the lines of the pinned contracts.
func (m *Model) pinned(out []string) []string {
	t, p := m.table, &m.pen
	for _, id := range m.pins.ids {
		c := t.list.contracts.At(id)
		p.Line(m.th, paint.OnBox, m.width)
		p.Put(paint.Accent, "▲")
		p.To(t.layout.margin)
		row, ok := m.pins.rows[id]
		if !ok {
			p.To(t.layout.margin + 9)
			p.Put(paint.Strong, contractName(c))
			p.Put(paint.Dim, "  no trade of it is known now")
			out = append(out, p.End())
			continue
		}
		k := cell{row: &row, contract: c, marks: model.MarksOf(&row, c, t.list.rules), zone: t.zone}
		for _, col := range t.layout.cols {
			p.Space(col.gap)
			columnTable[col.id].draw(p, &k, col.width)
		}
		out = append(out, p.End())
	}
	return out
}
