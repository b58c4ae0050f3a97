package pane

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"optflow/model/ticker"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/page"
)

// Picker is the box of `t`: the known underlyings, those followed checked.
type Picker struct {
	Typed

	all     []string // known underlyings: followed first, then the rest, sorted
	checked map[string]bool
	toggled bool // the user checked or unchecked something by hand
	Cursor  int  // in items
	items   []pick
	asking  string // symbol being looked up
	refusal string // why a symbol was refused
	gen     int    // of the look-up in flight; older answers are dropped

	listing bool     // what is looked up is of a list
	queue   []string // of the list, to be looked up yet
	refused []string // of the list
}

// pick is a line of the list. Ask stands for a symbol that is not in it yet.
type pick struct {
	symbol string
	hits   []int
	ask    bool
}

// Open begins with those followed checked.
func (k *Picker) Open(string, page.Page) {
	*k = Picker{Typed: Typed{Simple: k.Simple, Line: line.New(nil)}, checked: make(map[string]bool), gen: k.gen + 1}
	for _, t := range k.Tickers() {
		k.checked[t] = true
	}
	k.merge()
	k.search()
}

// merge adds known underlyings while it is open; the list never loses one.
func (k *Picker) merge() {
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
	add(k.Tickers())
	var more []string
	for t := range k.checked {
		more = append(more, t)
	}
	add(more)
	add(k.State.Known)
}

// search lists what the query finds, best first.
func (k *Picker) search() {
	query := strings.ToUpper(strings.TrimSpace(k.String()))
	symbol, wrong := ticker.Read(query)
	k.items = k.items[:0]
	if words := listed(query); words != nil {
		k.searchList(words)
	} else if query == "" {
		for _, t := range k.all {
			k.items = append(k.items, pick{symbol: t})
		}
	} else {
		for _, m := range fuzzy.Find(query, k.all) {
			k.items = append(k.items, pick{symbol: m.Str, hits: m.MatchedIndexes})
		}
		// A symbol typed in full comes before one that merely contains it.
		exact := func(p pick) bool { return wrong == nil && ticker.Same(p.symbol, symbol) }
		if i := slices.IndexFunc(k.items, exact); i > 0 {
			first := k.items[i]
			k.items = slices.Insert(slices.Delete(k.items, i, i+1), 0, first)
		}
		i := slices.IndexFunc(k.all, func(t string) bool { return exact(pick{symbol: t}) })
		switch {
		case i >= 0 && !slices.ContainsFunc(k.items, exact): // BRK/B is in the list as BRK.B
			k.items = slices.Insert(k.items, 0, pick{symbol: k.all[i]})
		case i < 0 && wrong == nil:
			k.items = append(k.items, pick{symbol: symbol, ask: true})
		case len(k.items) == 0 && len(query) > 0:
			k.refusal = wrong.Error()
		}
	}
	k.Cursor = max(min(k.Cursor, len(k.items)-1), 0)
}

// chosen is what is checked, sorted.
func (k *Picker) chosen() []string {
	var out []string
	for t, on := range k.checked {
		if on {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

// Key handles a key.
func (k *Picker) Key(a keys.Action, msg tea.KeyPressMsg) []act.Effect {
	k.merge()
	switch a {
	case keys.Leave:
		return act.One(act.ClosePane{})
	case keys.Up:
		k.Cursor = max(k.Cursor-1, 0)
	case keys.Down:
		k.Cursor = max(min(k.Cursor+1, len(k.items)-1), 0)
	case keys.PageUp:
		k.Cursor = max(k.Cursor-10, 0)
	case keys.PageDown:
		k.Cursor = max(min(k.Cursor+10, len(k.items)-1), 0)
	case keys.Check:
		return k.toggle()
	case keys.Accept:
		return k.enter()
	default:
		if k.Line.Key(msg) {
			k.Cursor, k.refusal = 0, ""
			k.search()
		}
	}
	return nil
}

// toggle checks or unchecks the ticker under the cursor; an unknown one is
// looked up.
func (k *Picker) toggle() []act.Effect {
	if len(k.items) == 0 {
		return nil
	}
	at := k.items[k.Cursor]
	if at.ask {
		return k.ask(at.symbol)
	}
	k.toggled, k.refusal = true, ""
	if k.checked[at.symbol] {
		delete(k.checked, at.symbol)
	} else {
		k.checked[at.symbol] = true
	}
	return nil
}

// ask starts a look-up, unless that one is under way.
func (k *Picker) ask(symbol string) []act.Effect {
	if k.asking == symbol {
		return nil
	}
	k.asking, k.refusal, k.listing = symbol, "", false
	k.gen++
	return act.One(act.LookUp{Gen: k.gen, Symbol: k.asking})
}

// enter applies. Whoever typed a ticker and checked nothing by hand means that
// ticker.
func (k *Picker) enter() []act.Effect {
	if words := listed(k.String()); words != nil && !slices.Equal(words, k.refused) {
		return k.take(words)
	}
	if k.String() != "" && !k.toggled && len(k.items) > 0 {
		at := k.items[k.Cursor]
		if at.ask {
			return k.ask(at.symbol)
		}
		k.checked[at.symbol] = true
	}
	if len(k.chosen()) == 0 {
		k.refusal = "at least one ticker must be checked"
		return nil
	}
	return []act.Effect{act.ClosePane{}, act.Follow{Tickers: k.chosen()}}
}

// Found takes the answer to a look-up: err says in words why there is no such
// underlying. There may be another to look up then.
func (k *Picker) Found(gen int, symbol string, err error) []act.Effect {
	if gen != k.gen || symbol != k.asking {
		return nil
	}
	k.asking = ""
	if k.listing {
		return k.foundListed(symbol, err)
	}
	if err != nil {
		k.refusal = err.Error()
		return nil
	}
	k.checked[symbol], k.toggled = true, true
	k.all = append([]string{symbol}, k.all...)
	k.Set("")
	k.search()
	k.Cursor = max(slices.IndexFunc(k.items, func(p pick) bool { return p.symbol == symbol }), 0)
	return nil
}
