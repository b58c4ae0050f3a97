package pane

import (
	"slices"
	"strconv"
	"strings"

	"optflow/ui/paint"
)

// Size of the box, in cells.
const (
	pickerWidth = 44
	pickerLeast = 7
)

func (k *Picker) Size() (foot int, c Cover) { return 1, coverSome }

// Scroll moves the cursor.
func (k *Picker) Scroll(by int) { k.move(by) }

// Draw draws the box over the lines of the page.
func (k *Picker) Draw(lines []string, line int) {
	height := min(max(min(len(k.items)+6, 18), pickerLeast), len(lines))
	b, list := newBox(k.Scene, lines, pickerWidth, height), max(height-6, 1)
	w := b.width
	first := max(0, min(k.Cursor-list/2, len(k.items)-list))
	b.rule(0, "┌", " Tickers ", "┐")
	b.row(1, func(p *paint.Pen, _ int) {
		p.Put(paint.Accent, "› ")
		p.Put(paint.Text, paint.Clip(k.String(), w-8))
		if k.String() == "" {
			p.Space(1)
			p.Put(paint.Faint, paint.Clip(k.invites(), w-9))
		}
	})
	b.rule(2, "├", "", "┤")
	for i := range list {
		b.row(3+i, func(p *paint.Pen, room int) { k.item(p, first+i, room+1) })
	}
	b.rule(3+list, "├", "", "┤")
	b.row(4+list, k.say)
	b.rule(5+list, "└", "", "┘")
	k.x, k.y = b.left+4+min(len(k.Before()), w-8), line+b.top+1
}

func (k *Picker) item(p *paint.Pen, i, room int) {
	if i == 0 && len(k.items) == 0 && k.String() != "" {
		p.Put(paint.Dim, paint.Clip("no ticker is written like that", room))
		return
	}
	if i >= len(k.items) {
		return
	}
	at := k.items[i]
	if i == k.Cursor {
		p.Stand(paint.OnSelected)
	}
	from := p.Written()
	mark := "[ ] "
	switch {
	case !at.ask && k.has(at):
		mark = "[x] "
	case at.ask:
		mark = " ?  "
	}
	arrow := "  "
	if i == k.Cursor {
		arrow = "▸ "
	}
	p.Put(paint.Text, arrow)
	p.Put(paint.Accent, mark)
	for n, r := range at.symbol {
		ink := paint.Text
		if slices.Contains(at.hits, n) {
			ink = paint.Match
		}
		p.Put(ink, string(r))
	}
	switch {
	case at.ask && k.asking == at.symbol:
		p.Put(paint.Dim, "  looking it up …")
	case at.ask:
		p.Put(paint.Dim, "  not known yet")
	case at.list != nil:
		p.Put(paint.Dim, paint.Clip("  "+strings.Join(at.list, " "), room-(p.Written()-from)))
	}
	p.Space(room - (p.Written() - from))
	p.Stand(paint.OnBox)
}

// say writes the last line: a refusal, or what enter would do.
func (k *Picker) say(p *paint.Pen, room int) {
	switch {
	case k.refusal != "":
		p.Put(paint.Bad, paint.Clip(k.refusal, room))
	case k.asking != "":
		text := "looking " + k.asking + " up …"
		if n := len(k.queue); n > 0 {
			text += " " + strconv.Itoa(n) + " to go"
		}
		p.Put(paint.Dim, paint.Clip(text, room))
	case k.told != "":
		p.Put(paint.Dim, paint.Clip(k.told, room))
	case len(k.words()) > 1 && !k.toggled && !k.moved:
		p.Put(paint.Accent, "enter")
		p.Put(paint.Dim, paint.Clip(" also follows these", room-5))
	case k.String() != "" && !k.toggled && len(k.items) > 0:
		at, does := k.items[k.Cursor], " also follows "
		if at.ask {
			does = " looks up "
		}
		p.Put(paint.Accent, "enter")
		p.Put(paint.Dim, paint.Clip(does+at.symbol, room-5))
	case len(k.chosen()) == 0:
		p.Put(paint.Dim, "check at least one ticker")
	default:
		p.Put(paint.Accent, "enter")
		p.Put(paint.Dim, paint.Clip(" follows "+strings.Join(k.chosen(), ", "), room-5))
	}
}

// invites says what can be typed.
func (k *Picker) invites() string {
	if len(k.Lists) > 0 {
		return "search or add tickers, @ for lists"
	}
	return "type to search or to add"
}
