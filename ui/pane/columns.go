package pane

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// ColumnsBox is the box of `C`: the columns of the page in their order, those that
// are shown checked. The page follows while they are chosen.
type ColumnsBox struct {
	Simple
	page    page.Columned // nil where there are no columns
	of      string
	heads   []table.Head
	at      int      // the column under the cursor
	before  []string // what esc goes back to
	changed bool
}

func (b *ColumnsBox) Open(_ string, over page.Page) {
	*b = ColumnsBox{Simple: b.Simple}
	if b.page, _ = over.(page.Columned); b.page != nil {
		c := b.page.Columns()
		b.of, b.heads, b.before = c.Of, c.Heads, c.Own
	}
}

func (b *ColumnsBox) Size() (foot int, c Cover) { return 1, coverSome }

func (b *ColumnsBox) Scroll(rows int) { b.move(rows) }

func (b *ColumnsBox) move(by int) { b.at = max(min(b.at+by, len(b.heads)-1), 0) }

// Key chooses.
func (b *ColumnsBox) Key(a keys.Action, _ tea.KeyPressMsg) []act.Effect {
	if a == keys.Leave || b.page == nil {
		if b.changed {
			return append(act.One(act.ClosePane{}), told(b.page.Choose(b.before))...)
		}
		return act.One(act.ClosePane{})
	}
	if by, moves := table.Steps(a, 10); moves {
		b.move(by)
		return nil
	}
	switch a {
	case keys.Newest:
		b.at = 0
	case keys.Oldest:
		b.move(len(b.heads))
	case keys.Check:
		if h := &b.heads[b.at]; !h.Always {
			h.Chosen = !h.Chosen
			return b.show()
		}
	case keys.MoveDown:
		return b.shift(1)
	case keys.MoveUp:
		return b.shift(-1)
	case keys.Reset:
		b.changed = true
		said := told(b.page.Choose(nil))
		b.heads = b.page.Columns().Heads
		return said
	case keys.Accept:
		out := act.One(act.ClosePane{})
		if b.changed {
			out = append(append(out, b.page.KeepColumns()...), act.Answer{Ink: paint.Dim, Text: b.of + " keeps these columns; :columns reset has those of the settings"})
		}
		return out
	}
	return nil
}

// shift moves the column under the cursor.
func (b *ColumnsBox) shift(by int) []act.Effect {
	to := b.at + by
	if to < 0 || to >= len(b.heads) {
		return nil
	}
	b.heads[b.at], b.heads[to] = b.heads[to], b.heads[b.at]
	b.at = to
	return b.show()
}

// show has the page show what is checked.
func (b *ColumnsBox) show() []act.Effect {
	b.changed = true
	var names []string
	for _, h := range b.heads {
		if h.Chosen {
			names = append(names, h.Name)
		}
	}
	said := told(b.page.Choose(names))
	for _, now := range b.page.Columns().Heads { // which of them have room
		at := slices.IndexFunc(b.heads, func(h table.Head) bool { return h.Name == now.Name })
		b.heads[at].Fits = now.Fits
	}
	return said
}

func told(err error) []act.Effect {
	if err == nil {
		return nil
	}
	return act.Tell(paint.Bad, err.Error())
}

// columnsWidth is that of the box, in cells.
const columnsWidth = 66

// Draw writes the columns below each other.
func (b *ColumnsBox) Draw(lines []string, _ int) {
	n := max(min(len(lines)-2, len(b.heads)), 1)
	box := newBox(b.Scene, lines, columnsWidth, n+2)
	first := max(min(b.at-n/2, len(b.heads)-n), 0)
	box.rule(0, "┌", " Columns of "+b.of+" ", "┐")
	for i := range n {
		box.row(1+i, func(p *paint.Pen, room int) { b.row(p, first+i, room) })
	}
	box.rule(n+1, "└", "", "┘")
}

func (b *ColumnsBox) row(p *paint.Pen, i, room int) {
	if i >= len(b.heads) {
		p.Put(paint.Dim, paint.Clip("no columns are here", room))
		return
	}
	h, end := &b.heads[i], p.Written()+room
	arrow, mark, ink, note := "  ", "[ ] ", paint.Dim, h.Note
	if i == b.at {
		arrow = "▸ "
		p.Stand(paint.OnSelected)
	}
	if h.Chosen {
		mark, ink = "[x] ", paint.Text
	}
	switch {
	case h.Gone != "":
		note = h.Gone
	case h.Chosen && !h.Fits:
		note = "no room: " + note
	}
	p.Put(paint.Text, arrow)
	if h.Always {
		p.Put(paint.Faint, mark)
	} else {
		p.Put(paint.Accent, mark)
	}
	p.Start(ink, h.Head, 10)
	p.Put(paint.Dim, paint.Clip(note, end-p.Written()))
	p.To(end)
	p.Stand(paint.OnBox)
}
