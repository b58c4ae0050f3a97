package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/sahilm/fuzzy"
)

// symbolMax is the longest underlying that is looked up: six letters, the root's
// length in a contract symbol, and an exchange's dot.
const symbolMax = 8

// picker is the box of `t`: the known underlyings, those followed checked. It
// changes nothing outside; what was chosen is read from it when it is applied.
type picker struct {
	open    bool
	query   editor
	all     []string // known underlyings: followed first, then the rest, sorted
	checked map[string]bool
	toggled bool // the user checked or unchecked something by hand
	cursor  int  // in items
	items   []pick
	asking  string // symbol being looked up
	refusal string // why a symbol was refused
	gen     int    // of the look-up in flight; older answers are dropped
}

// pick is a line of the list. Ask stands for a symbol that is not in it yet.
type pick struct {
	symbol string
	hits   []int
	ask    bool
}

// start opens the picker.
func (k *picker) start(known, followed []string) {
	gen := k.gen + 1
	*k = picker{open: true, checked: make(map[string]bool), gen: gen}
	for _, t := range followed {
		k.checked[t] = true
	}
	k.merge(known, followed)
	k.search()
}

// merge adds known underlyings while it is open; the list never loses one.
func (k *picker) merge(known, followed []string) {
	k.all = k.all[:0]
	seen := make(map[string]bool)
	add := func(list []string) {
		from := len(k.all)
		for _, t := range list {
			if !seen[t] {
				seen[t] = true
				k.all = append(k.all, t)
			}
		}
		slices.Sort(k.all[from:])
	}
	add(followed)
	var more []string
	for t := range k.checked {
		more = append(more, t)
	}
	add(more)
	add(known)
}

// search lists what the query finds, best first.
func (k *picker) search() {
	query := strings.ToUpper(strings.TrimSpace(k.query.String()))
	k.items = k.items[:0]
	if query == "" {
		for _, t := range k.all {
			k.items = append(k.items, pick{symbol: t})
		}
	} else {
		for _, m := range fuzzy.Find(query, k.all) {
			k.items = append(k.items, pick{symbol: m.Str, hits: m.MatchedIndexes})
		}
		// A symbol typed in full comes before one that merely contains it.
		if i := slices.IndexFunc(k.items, func(p pick) bool { return p.symbol == query }); i > 0 {
			exact := k.items[i]
			k.items = slices.Insert(slices.Delete(k.items, i, i+1), 0, exact)
		}
		if len(query) <= symbolMax && !slices.Contains(k.all, query) {
			k.items = append(k.items, pick{symbol: query, ask: true})
		}
	}
	k.cursor = max(min(k.cursor, len(k.items)-1), 0)
}

// chosen is what is checked, sorted.
func (k *picker) chosen() []string {
	var out []string
	for t, on := range k.checked {
		if on {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

// verdict is what a key in the picker leads to.
type verdict uint8

const (
	pickGoOn verdict = iota
	pickLeave
	pickApply
	pickLookup // look asking up, then go on
)

// key handles a key.
func (k *picker) key(msg tea.KeyPressMsg) verdict {
	switch msg.String() {
	case "esc":
		return pickLeave
	case "up", "ctrl+p":
		k.cursor = max(k.cursor-1, 0)
	case "down", "ctrl+n":
		k.cursor = max(min(k.cursor+1, len(k.items)-1), 0)
	case "pgup":
		k.cursor = max(k.cursor-10, 0)
	case "pgdown":
		k.cursor = max(min(k.cursor+10, len(k.items)-1), 0)
	case "space":
		return k.toggle()
	case "enter":
		return k.enter()
	default:
		if k.query.key(msg) {
			k.cursor, k.refusal = 0, ""
			k.search()
		}
	}
	return pickGoOn
}

// toggle checks or unchecks the ticker under the cursor; an unknown one is
// looked up.
func (k *picker) toggle() verdict {
	if len(k.items) == 0 {
		return pickGoOn
	}
	at := k.items[k.cursor]
	if at.ask {
		return k.ask(at.symbol)
	}
	k.toggled, k.refusal = true, ""
	if k.checked[at.symbol] {
		delete(k.checked, at.symbol)
	} else {
		k.checked[at.symbol] = true
	}
	return pickGoOn
}

// ask starts a look-up, unless that one is under way.
func (k *picker) ask(symbol string) verdict {
	if k.asking == symbol {
		return pickGoOn
	}
	k.asking, k.refusal = symbol, ""
	k.gen++
	return pickLookup
}

// enter applies. Whoever typed a ticker and checked nothing by hand means that
// ticker.
func (k *picker) enter() verdict {
	if k.query.String() != "" && !k.toggled && len(k.items) > 0 {
		at := k.items[k.cursor]
		if at.ask {
			return k.ask(at.symbol)
		}
		k.checked[at.symbol] = true
	}
	if len(k.chosen()) == 0 {
		k.refusal = "at least one ticker must be checked"
		return pickGoOn
	}
	return pickApply
}

// found takes the answer to a look-up: err says in words why there is no such
// underlying.
func (k *picker) found(gen int, symbol string, err error) {
	if gen != k.gen || symbol != k.asking {
		return
	}
	k.asking = ""
	if err != nil {
		k.refusal = err.Error()
		return
	}
	k.checked[symbol], k.toggled = true, true
	k.all = append([]string{symbol}, k.all...)
	k.query.set("")
	k.search()
	k.cursor = max(slices.IndexFunc(k.items, func(p pick) bool { return p.symbol == symbol }), 0)
}

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
	if i >= len(k.items) {
		return
	}
	at := k.items[i]
	if i == k.cursor {
		p.ground = groundSelected
	}
	from := p.at
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
	p.space(room - (p.at - from))
	p.ground = groundBox
}

// foot writes the last line: a refusal, or what enter would do.
func (k *picker) foot(p *pen, room int) {
	switch {
	case k.refusal != "":
		p.put(inkBad, clip(k.refusal, room))
	case k.asking != "":
		p.put(inkDim, clip("looking "+k.asking+" up …", room))
	case k.query.String() != "" && !k.toggled && len(k.items) > 0:
		at, does := k.items[k.cursor], " also follows "
		if at.ask {
			does = " looks up "
		}
		p.put(inkAccent, "enter")
		p.put(inkDim, clip(does+at.symbol, room-5))
	default:
		p.put(inkAccent, "enter")
		p.put(inkDim, clip(" follows "+strings.Join(k.chosen(), ", "), room-5))
	}
}
