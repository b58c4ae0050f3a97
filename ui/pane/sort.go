package pane

import (
	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// SortMenu is the box of `S`: the columns of the page, each behind the letter that
// sorts by it.
type SortMenu struct {
	Simple
	page page.Columned // nil where there are no columns
}

func (m *SortMenu) Open(_ string, over page.Page) { m.page, _ = over.(page.Columned) }

func (m *SortMenu) Size() (foot int, c Cover) { return 1, coverSome }

// heads are the columns that can have a value.
func (m *SortMenu) heads() (c page.Columns, heads []table.Head) {
	if m.page == nil {
		return c, nil
	}
	c = m.page.Columns()
	for _, h := range c.Heads {
		if h.Gone == "" {
			heads = append(heads, h)
		}
	}
	return c, heads
}

// Key sorts by the column of a letter, which reverses where the rows are sorted by
// it already.
func (m *SortMenu) Key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	if a == keys.Leave {
		return act.One(act.ClosePane{})
	}
	_, heads := m.heads()
	for _, h := range heads {
		if h.Letter == k.Text {
			return []act.Effect{act.ClosePane{}, act.Sort{Column: h.Name}}
		}
	}
	return nil
}

// sortRows is how many columns stand below each other.
const sortRows = 10

// Draw writes the columns below and beside each other.
func (m *SortMenu) Draw(lines []string, _ int) {
	c, heads := m.heads()
	rows := max(min(sortRows, len(heads), len(lines)-3), 1)
	beside := max((len(heads)+rows-1)/rows, 1)
	cell := 0
	for _, h := range heads {
		cell = max(cell, paint.Cells(h.Head)+6)
	}
	b := newBox(m.Scene, lines, max(beside*cell+2, 26), rows+3)
	b.rule(0, "┌", " Sort by ", "┐")
	for i := range rows {
		b.row(1+i, func(p *paint.Pen, room int) {
			for at := i; at < len(heads); at += rows {
				h, from := &heads[at], p.Written()
				p.Put(paint.Accent, h.Letter)
				p.Space(1)
				switch {
				case h.Name == c.Sort && c.Falls:
					p.Put(paint.Strong, h.Head+"↓")
				case h.Name == c.Sort:
					p.Put(paint.Strong, h.Head+"↑")
				case h.Fits:
					p.Put(paint.Text, h.Head)
				default:
					p.Put(paint.Dim, h.Head)
				}
				p.To(min(from+cell, b.width-2))
			}
			if len(heads) == 0 {
				p.Put(paint.Dim, paint.Clip("no columns are here", room))
			}
		})
	}
	b.row(1+rows, func(p *paint.Pen, room int) { p.Put(paint.Faint, paint.Clip("the same again reverses", room)) })
	b.rule(2+rows, "└", "", "┘")
}
