package rows

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
	"optflow/ui/scene"
	"optflow/ui/table"
)

// Finder is the search of ctrl+f: it marks rows and goes to them, and hides
// none. A row is a hit when all the words begin a word of it, or when the text
// read as a filter takes it.
type Finder struct {
	*scene.Scene
	List   *List
	Table  *Table
	Text   string // in force, "" none
	Edited bool   // the find line shows it
	words  [][]byte
	filter *filter.Filter // nil when the text is not one
	at     int64          // market time, for ages
	Count  int            // hits when it was last counted
	scrap  []byte

	contracts []uint64 // by contract: which words it has, see found

	from   uint32 // the row on which it began
	fromOK bool
	follow bool // and the tape followed
}

// search takes a text over.
func (f *Finder) search(text string, parsed *filter.Filter, now int64) {
	f.Text, f.filter, f.at, f.words = text, parsed, now, f.words[:0]
	clear(f.contracts)
	for _, w := range strings.Fields(strings.ToUpper(text)) {
		if len(f.words) == wordsMost {
			break
		}
		f.words = append(f.words, []byte(" "+w))
	}
}

// Takes reports whether a row is a hit.
func (f *Finder) Takes(c *table.Cell) bool {
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
func (f *Finder) found(c *model.Contract) uint64 {
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

// Begin notes where the search begins.
func (f *Finder) Begin() {
	f.from, f.fromOK, f.follow = f.Table.Selected, f.Table.Has, f.Table.Following
}

// Seek takes over what is typed and goes to the first hit from where the search
// began.
func (f *Finder) Seek(typed string) {
	text := strings.TrimSpace(typed)
	parsed, err := f.Parse(text)
	if err != nil || parsed == nil {
		f.search(text, nil, f.Now)
	} else {
		f.search(text, parsed.Filter, f.Now)
	}
	f.Table.Restyle()
	f.countHits()
	f.GoBack()
	if f.Count == 0 {
		return
	}
	if pos := f.Table.Top + f.Table.Line; !f.isHit(f.Table.Selected) {
		if at, ok := f.hitFrom(pos, 1); ok {
			f.Table.Jump(at)
		}
	}
}

// GoBack selects the row on which the search began.
func (f *Finder) GoBack() {
	t := f.Table
	switch pos, ok := t.list.Position(f.from); {
	case f.follow:
		t.Newest()
	case f.fromOK && ok:
		t.Jump(pos)
	}
}

// End takes the marks away.
func (f *Finder) End() {
	f.search("", nil, 0)
	f.Count = 0
	f.Table.Restyle()
}

// Next goes to the next hit in a direction, round the ends.
func (f *Finder) Next(by int) []act.Effect {
	if f.Text == "" {
		return act.One(act.OpenPane{Place: keys.InFind})
	}
	f.at = f.Now
	f.countHits()
	pos := f.Table.Top + f.Table.Line
	at, ok := f.hitFrom(pos+by, by)
	if !ok {
		edge := 0
		if by < 0 {
			edge = f.Table.list.Ord.Len() - 1
		}
		at, ok = f.hitFrom(edge, by)
	}
	if !ok {
		return act.Tell(paint.Warn, "nothing found")
	}
	f.Table.Jump(at)
	if f.Edited {
		return nil
	}
	text := "hit " + format.Count(int64(f.place(at))) + " of " + format.Count(int64(f.Count))
	if (at-pos)*by < 0 {
		text += ", round the end"
	}
	return act.Tell(paint.Dim, text)
}

// isHit reports whether the row of a handle is a hit.
func (f *Finder) isHit(id uint32) bool {
	t := f.Table
	if id&GapBit != 0 {
		g, ok := t.list.GapLines[id]
		return ok && f.takesGap(&g)
	}
	var row *model.Burst
	var marks model.Marks
	if drawn := t.lines[id]; drawn != nil && drawn.fresh {
		row, marks = &drawn.row, drawn.marks
	} else if b := t.list.Bursts.Get(id); b != nil && !t.lost[id] {
		row, marks = &b.Burst, model.MarksOf(&b.Row, t.list.contracts.At(b.Row.Contract), t.list.rules)
	} else {
		return false
	}
	return f.Takes(&table.Cell{Row: row, Contract: t.list.contracts.At(row.Contract), Marks: marks, Zone: t.zone})
}

// takesGap reports whether the line of a gap is a hit, by its words alone.
func (f *Finder) takesGap(g *gapLine) bool {
	f.scrap = append(append(f.scrap[:0], " GAP "...), g.Underlying...)
	for _, w := range f.words {
		if !bytes.Contains(f.scrap, w) {
			return false
		}
	}
	return len(f.words) > 0
}

// hitFrom is the position of the first hit from one on, in a direction.
func (f *Finder) hitFrom(pos, by int) (at int, ok bool) {
	f.List.Walk(pos, by, func(p int, id uint32) bool {
		if f.isHit(id) {
			at, ok = p, true
		}
		return !ok
	})
	return at, ok
}

func (f *Finder) countHits() {
	f.Count = 0
	if f.Text != "" {
		f.Count = f.place(f.List.Ord.Len())
	}
}

// place is how many hits there are up to a position, with the one on it.
func (f *Finder) place(last int) (n int) {
	f.List.Walk(0, 1, func(p int, id uint32) bool {
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

// All marks what says so, without the line.
func (f *Finder) All(text string) error {
	f.Begin()
	f.Seek(text)
	if f.Count == 0 {
		return errors.New("nothing found")
	}
	return nil
}
