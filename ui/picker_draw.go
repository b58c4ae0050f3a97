package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Size of the box, in cells.
const (
	pickerWidth = 44
	pickerLeast = 7
)

// render draws the box over the lines of the table.
func (k *picker) render(p *pen, th *theme, columns int, lines []string) (cursorX, cursorY int) {
	w := min(pickerWidth, columns-4)
	h := min(len(lines), max(min(len(k.items)+6, 18), pickerLeast))
	left, top := (columns-w)/2, max((len(lines)-h)/2, 0)
	list := max(h-6, 1)
	first := max(0, min(k.cursor-list/2, len(k.items)-list))
	draw := func(i int, content func()) {
		if i < 0 || top+i >= len(lines) {
			return
		}
		p.line(th, groundBox, w)
		content()
		under := lines[top+i]
		lines[top+i] = ansi.Truncate(under, left, "") + sgrReset + p.end() + ansi.TruncateLeft(under, left+w, "")
	}
	rule := func(l, r, title string) func() {
		return func() {
			p.put(inkFaint, l)
			p.put(inkStrong, title)
			for p.left() > 1 {
				p.put(inkFaint, "─")
			}
			p.put(inkFaint, r)
		}
	}
	side := func(content func()) func() {
		return func() {
			p.put(inkFaint, "│")
			p.space(1)
			content()
			p.to(w - 1)
			p.put(inkFaint, "│")
		}
	}
	draw(0, rule("┌", "┐", " Tickers "))
	draw(1, side(func() {
		p.put(inkAccent, "› ")
		p.put(inkText, clip(k.query.String(), w-8))
		if k.query.String() == "" {
			p.space(1)
			p.put(inkFaint, "type to search or to add")
		}
	}))
	draw(2, rule("├", "┤", ""))
	for i := range list {
		draw(3+i, side(func() { k.item(p, first+i, w-3) }))
	}
	draw(3+list, rule("├", "┤", ""))
	draw(4+list, side(func() { k.foot(p, w-4) }))
	draw(5+list, rule("└", "┘", ""))
	return left + 4 + min(cells(string(k.query.text[:k.query.pos])), w-8), top + 1
}

// item writes one line of the list.
func (k *picker) item(p *pen, i, room int) {
	if i == 0 && len(k.items) == 0 && k.query.String() != "" {
		p.put(inkDim, clip("no ticker is written like that", room))
		return
	}
	if i >= len(k.items) {
		return
	}
	at := k.items[i]
	if i == k.cursor {
		p.stand(groundSelected)
	}
	from := p.written()
	mark := "[ ] "
	switch {
	case k.checked[at.symbol]:
		mark = "[x] "
	case at.ask:
		mark = " ?  "
	}
	arrow := "  "
	if i == k.cursor {
		arrow = "▸ "
	}
	p.put(inkText, arrow)
	p.put(inkAccent, mark)
	for n, r := range at.symbol {
		ink := inkText
		if slices.Contains(at.hits, n) {
			ink = inkMatch
		}
		p.put(ink, string(r))
	}
	switch {
	case at.ask && k.asking == at.symbol:
		p.put(inkDim, "  looking it up …")
	case at.ask:
		p.put(inkDim, "  not known yet")
	}
	p.space(room - (p.written() - from))
	p.stand(groundBox)
}

// foot writes the last line: a refusal, or what enter would do.
func (k *picker) foot(p *pen, room int) {
	switch {
	case k.refusal != "":
		p.put(inkBad, clip(k.refusal, room))
	case k.asking != "":
		text := "looking " + k.asking + " up …"
		if n := len(k.queue); k.listing && n > 0 {
			text += " " + strconv.Itoa(n) + " to go"
		}
		p.put(inkDim, clip(text, room))
	case listed(k.query.String()) != nil:
		p.put(inkAccent, "enter")
		p.put(inkDim, clip(" checks and looks up these", room-5))
	case k.query.String() != "" && !k.toggled && len(k.items) > 0:
		at, does := k.items[k.cursor], " also follows "
		if at.ask {
			does = " looks up "
		}
		p.put(inkAccent, "enter")
		p.put(inkDim, clip(does+at.symbol, room-5))
	case len(k.chosen()) == 0:
		p.put(inkDim, "check at least one ticker")
	default:
		p.put(inkAccent, "enter")
		p.put(inkDim, clip(" follows "+strings.Join(k.chosen(), ", "), room-5))
	}
}
