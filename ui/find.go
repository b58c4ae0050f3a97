package ui

import (
	"bytes"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
)

// finder is the search of ctrl+f: it marks rows and goes to them, and hides
// none. A row is a hit when all the words begin a word of it, or when the text
// read as a filter takes it.
type finder struct {
	line.Line
	text   string // in force, "" none
	words  [][]byte
	filter *filter.Filter // nil when the text is not one
	now    int64          // market time, for ages
	count  int            // hits when it was last counted
	scrap  []byte

	contracts []uint64 // by contract: which words it has, see found

	from   uint32 // the row on which it began
	fromOK bool
	follow bool // and the tape followed
}

// search takes a text over.
func (f *finder) search(text string, parsed *filter.Filter, now int64) {
	f.text, f.filter, f.now, f.words = text, parsed, now, f.words[:0]
	clear(f.contracts)
	for _, w := range strings.Fields(strings.ToUpper(text)) {
		if len(f.words) == wordsMost {
			break
		}
		f.words = append(f.words, []byte(" "+w))
	}
}

// takes reports whether a row is a hit.
func (f *finder) takes(c *cell) bool {
	if f.filter != nil && f.filter.Match(c.row, c.contract, f.now) == model.True {
		return true
	}
	rest := f.found(c.contract) ^ (1<<len(f.words) - 1)
	if rest != 0 {
		f.scrap = appendRowWords(f.scrap[:0], c)
	}
	for i, w := range f.words {
		if rest&(1<<i) != 0 && !bytes.Contains(f.scrap, w) {
			return false
		}
	}
	return len(f.words) > 0
}

// found says which of the words begin a word of a contract, as bits. It is asked
// of every row and answered once a contract.
func (f *finder) found(c *model.Contract) uint64 {
	if n := int(c.ID) + 1; n > len(f.contracts) {
		f.contracts = append(f.contracts, make([]uint64, n-len(f.contracts))...)
	}
	bits := &f.contracts[c.ID]
	if *bits == 0 {
		*bits = foundKnown
		f.scrap = appendContractWords(f.scrap[:0], c)
		for i, w := range f.words {
			if bytes.Contains(f.scrap, w) {
				*bits |= 1 << i
			}
		}
	}
	return *bits &^ foundKnown
}

// foundKnown marks a contract that was looked at; wordsMost keeps clear of it.
const (
	foundKnown = 1 << 63
	wordsMost  = 32
)

// appendContractWords writes what a person reads of a contract, each word behind
// a blank.
func appendContractWords(b []byte, c *model.Contract) []byte {
	b = append(append(b, ' '), c.Underlying...)
	b = append(append(b, ' '), c.Root...)
	b = append(append(b, ' '), c.Symbol...)
	b = format.AppendStrike(append(b, ' '), c.Strike)
	if c.Type == model.Put {
		b = append(b, " P PUT"...)
	} else {
		b = append(b, " C CALL"...)
	}
	return append(append(b, ' '), strings.ToUpper(c.Expiry.Short())...)
}

// appendRowWords writes what the row says besides.
func appendRowWords(b []byte, c *cell) []byte {
	b = c.zone.AppendClock(append(b, ' '), c.row.Start)
	b = append(append(b, ' '), markTexts[c.marks]...)
	return append(append(b, ' '), c.row.Side.String()...)
}

// openFind begins a search.
func (m *Model) openFind() {
	f := &m.find
	m.pane = paneFind
	f.from, f.fromOK, f.follow = m.table.selected, m.table.has, m.table.following
	f.Open("")
	m.seek()
}

// findKey edits the search and goes to the nearest hit.
func (m *Model) findKey(a keys.Action, k tea.KeyPressMsg) {
	f := &m.find
	switch a {
	case keys.Leave:
		m.pane = paneTape
		m.endFind()
		m.backToFind()
		return
	case keys.Accept:
		m.pane = paneTape
		f.Remember(f.text)
		if f.text != "" && f.count == 0 {
			m.notices.answer(paint.Warn, "nothing found")
		}
		return
	case keys.FindNext:
		m.findNext(1)
		return
	case keys.FindPrevious:
		if f.String() == "" {
			f.Recall(-1)
			break
		}
		m.findNext(-1)
		return
	case keys.Earlier:
		f.Recall(-1)
	default:
		if !f.Key(k) {
			return
		}
	}
	m.seek()
}

// seek takes over what is typed and goes to the first hit from where the search
// began.
func (m *Model) seek() {
	f := &m.find
	text := strings.TrimSpace(f.String())
	parsed, err := m.parse(text)
	if err != nil || parsed == nil {
		f.search(text, nil, m.now)
	} else {
		f.search(text, parsed.Filter, m.now)
	}
	m.table.restyle()
	m.countHits()
	m.backToFind()
	if f.count == 0 {
		return
	}
	if pos := m.table.top + m.table.line; !m.isHit(m.table.selected) {
		if at, ok := m.hitFrom(pos, 1); ok {
			m.table.jump(at)
		}
	}
}

// backToFind selects the row on which the search began.
func (m *Model) backToFind() {
	f, t := &m.find, m.table
	switch pos, ok := t.list.position(f.from); {
	case f.follow:
		t.newest()
	case f.fromOK && ok:
		t.jump(pos)
	}
}

// endFind takes the marks away.
func (m *Model) endFind() {
	m.find.search("", nil, 0)
	m.find.count = 0
	m.table.restyle()
}

// findNext goes to the next hit in a direction, round the ends.
func (m *Model) findNext(by int) {
	if m.find.text == "" {
		m.openFind()
		return
	}
	m.find.now = m.now
	m.countHits()
	pos := m.table.top + m.table.line
	at, ok := m.hitFrom(pos+by, by)
	if !ok {
		edge := 0
		if by < 0 {
			edge = m.table.list.ord.len() - 1
		}
		at, ok = m.hitFrom(edge, by)
	}
	if !ok {
		m.notices.answer(paint.Warn, "nothing found")
		return
	}
	m.table.jump(at)
	if m.pane == paneFind {
		return
	}
	text := "hit " + format.Count(int64(m.place(at))) + " of " + format.Count(int64(m.find.count))
	if (at-pos)*by < 0 {
		text += ", round the end"
	}
	m.notices.answer(paint.Dim, text)
}

// isHit reports whether the row of a handle is a hit.
func (m *Model) isHit(id uint32) bool {
	t := m.table
	if id&gapBit != 0 {
		g, ok := t.list.gapLines[id]
		return ok && m.find.takesGap(&g)
	}
	var row *model.Row
	var marks model.Marks
	if f := t.lines[id]; f != nil && f.fresh {
		row, marks = &f.row, f.marks
	} else if b := t.list.bursts.Get(id); b != nil && !t.lost[id] {
		row, marks = &b.Row, model.MarksOf(&b.Row, t.list.contracts.At(b.Row.Contract), t.list.rules)
	} else {
		return false
	}
	return m.find.takes(&cell{row: row, contract: t.list.contracts.At(row.Contract), marks: marks, zone: t.zone})
}

// takesGap reports whether the line of a gap is a hit, by its words alone.
func (f *finder) takesGap(g *gapLine) bool {
	f.scrap = append(append(f.scrap[:0], " GAP "...), g.underlying...)
	for _, w := range f.words {
		if !bytes.Contains(f.scrap, w) {
			return false
		}
	}
	return len(f.words) > 0
}

// hitFrom is the position of the first hit from one on, in a direction.
func (m *Model) hitFrom(pos, by int) (at int, ok bool) {
	m.list.walk(pos, by, func(p int, id uint32) bool {
		if m.isHit(id) {
			at, ok = p, true
		}
		return !ok
	})
	return at, ok
}

// countHits counts all of them.
func (m *Model) countHits() {
	m.find.count = 0
	if m.find.text != "" {
		m.find.count = m.place(m.list.ord.len())
	}
}

// place is how many hits there are up to a position, with the one on it.
func (m *Model) place(last int) (n int) {
	m.list.walk(0, 1, func(p int, id uint32) bool {
		if p > last {
			return false
		}
		if m.isHit(id) {
			n++
		}
		return true
	})
	return n
}

// findFoot writes the line being edited with the number of hits.
func (m *Model) findFoot(out []string) []string {
	p, f := &m.pen, &m.find
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(1)
	p.Put(paint.Match, "*")
	p.Put(paint.Accent, " find ")
	hits, i := "", paint.Strong
	switch {
	case f.text != "" && f.count == 0:
		hits, i = "nothing found", paint.Warn
	case f.count == 1:
		hits = "1 hit"
	case f.text != "":
		hits = format.Count(int64(f.count)) + " hits"
	}
	m.setCaret(8+f.Show(p, m.width-p.Written()-paint.Cells(hits)-3, nil), len(out))
	p.To(m.width - 1 - paint.Cells(hits))
	p.Put(i, hits)
	out = append(out, p.End())
	return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InFind, nil, nil))
}
