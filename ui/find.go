package ui

import (
	"bytes"
	"errors"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// finder is the search of ctrl+f: it marks rows and goes to them, and hides
// none. A row is a hit when all the words begin a word of it, or when the text
// read as a filter takes it.
type finder struct {
	*scene
	list   *list
	table  *rowTable
	text   string // in force, "" none
	edited bool   // the find line shows it
	words  [][]byte
	filter *filter.Filter // nil when the text is not one
	at     int64          // market time, for ages
	count  int            // hits when it was last counted
	scrap  []byte

	contracts []uint64 // by contract: which words it has, see found

	from   uint32 // the row on which it began
	fromOK bool
	follow bool // and the tape followed
}

// search takes a text over.
func (f *finder) search(text string, parsed *filter.Filter, now int64) {
	f.text, f.filter, f.at, f.words = text, parsed, now, f.words[:0]
	clear(f.contracts)
	for _, w := range strings.Fields(strings.ToUpper(text)) {
		if len(f.words) == wordsMost {
			break
		}
		f.words = append(f.words, []byte(" "+w))
	}
}

// takes reports whether a row is a hit.
func (f *finder) takes(c *table.Cell) bool {
	if f.filter != nil && f.filter.Match(c.Row, c.Contract, f.at) == model.True {
		return true
	}
	rest := f.found(c.Contract) ^ (1<<len(f.words) - 1)
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
func appendRowWords(b []byte, c *table.Cell) []byte {
	b = c.Zone.AppendClock(append(b, ' '), c.Row.Start)
	b = append(append(b, ' '), table.MarkTexts[c.Marks]...)
	return append(append(b, ' '), c.Row.Side.String()...)
}

// begin notes where the search begins.
func (f *finder) begin() {
	f.from, f.fromOK, f.follow = f.table.selected, f.table.has, f.table.following
}

// seek takes over what is typed and goes to the first hit from where the search
// began.
func (f *finder) seek(typed string) {
	text := strings.TrimSpace(typed)
	parsed, err := f.parse(text)
	if err != nil || parsed == nil {
		f.search(text, nil, f.now)
	} else {
		f.search(text, parsed.Filter, f.now)
	}
	f.table.restyle()
	f.countHits()
	f.goBack()
	if f.count == 0 {
		return
	}
	if pos := f.table.top + f.table.line; !f.isHit(f.table.selected) {
		if at, ok := f.hitFrom(pos, 1); ok {
			f.table.jump(at)
		}
	}
}

// goBack selects the row on which the search began.
func (f *finder) goBack() {
	t := f.table
	switch pos, ok := t.list.position(f.from); {
	case f.follow:
		t.newest()
	case f.fromOK && ok:
		t.jump(pos)
	}
}

// end takes the marks away.
func (f *finder) end() {
	f.search("", nil, 0)
	f.count = 0
	f.table.restyle()
}

// next goes to the next hit in a direction, round the ends.
func (f *finder) next(by int) []act.Effect {
	if f.text == "" {
		return act.One(act.OpenPane{Place: keys.InFind})
	}
	f.at = f.now
	f.countHits()
	pos := f.table.top + f.table.line
	at, ok := f.hitFrom(pos+by, by)
	if !ok {
		edge := 0
		if by < 0 {
			edge = f.table.list.ord.Len() - 1
		}
		at, ok = f.hitFrom(edge, by)
	}
	if !ok {
		return act.Tell(paint.Warn, "nothing found")
	}
	f.table.jump(at)
	if f.edited {
		return nil
	}
	text := "hit " + format.Count(int64(f.place(at))) + " of " + format.Count(int64(f.count))
	if (at-pos)*by < 0 {
		text += ", round the end"
	}
	return act.Tell(paint.Dim, text)
}

// isHit reports whether the row of a handle is a hit.
func (f *finder) isHit(id uint32) bool {
	t := f.table
	if id&gapBit != 0 {
		g, ok := t.list.gapLines[id]
		return ok && f.takesGap(&g)
	}
	var row *model.Row
	var marks model.Marks
	if drawn := t.lines[id]; drawn != nil && drawn.fresh {
		row, marks = &drawn.row, drawn.marks
	} else if b := t.list.bursts.Get(id); b != nil && !t.lost[id] {
		row, marks = &b.Row, model.MarksOf(&b.Row, t.list.contracts.At(b.Row.Contract), t.list.rules)
	} else {
		return false
	}
	return f.takes(&table.Cell{Row: row, Contract: t.list.contracts.At(row.Contract), Marks: marks, Zone: t.zone})
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
func (f *finder) hitFrom(pos, by int) (at int, ok bool) {
	f.list.walk(pos, by, func(p int, id uint32) bool {
		if f.isHit(id) {
			at, ok = p, true
		}
		return !ok
	})
	return at, ok
}

// countHits counts all of them.
func (f *finder) countHits() {
	f.count = 0
	if f.text != "" {
		f.count = f.place(f.list.ord.Len())
	}
}

// place is how many hits there are up to a position, with the one on it.
func (f *finder) place(last int) (n int) {
	f.list.walk(0, 1, func(p int, id uint32) bool {
		if p > last {
			return false
		}
		if f.isHit(id) {
			n++
		}
		return true
	})
	return n
}

// all marks what says so, without the line.
func (f *finder) all(text string) error {
	f.begin()
	f.seek(text)
	if f.count == 0 {
		return errors.New("nothing found")
	}
	return nil
}
