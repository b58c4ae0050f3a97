package pane

import (
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"optflow/model/ticker"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/page"
	"optflow/ui/table"
)

// Picker is the box of `t`: the known underlyings, those followed checked.
type Picker struct {
	Typed

	all     []string // known underlyings: followed first, then the rest, sorted
	checked map[string]bool
	Cursor  int  // in items
	moved   bool // by the user, since the last letter
	toggled bool // a ticker, by the user, since the last letter
	items   []pick

	queue   []string // tickers that were typed, to be looked up
	asking  string   // the one being looked up
	gen     int      // of the look-up in flight; older answers are dropped
	refused []string // of those typed
	refusal string   // why the first of them was
	told    string   // what became of the last one
	leaving bool     // enter was pressed: it applies once all are looked up
}

// pick is a line of the list: a ticker, or a list of tickers. Ask stands for a
// symbol that is not in it yet.
type pick struct {
	symbol string
	hits   []int
	ask    bool
	list   []string
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
	add(slices.Collect(maps.Keys(k.checked)))
	add(k.State.Known)
}

// search lists what the query finds, best first.
func (k *Picker) search() {
	query := strings.ToUpper(strings.TrimSpace(k.String()))
	symbol, wrong := ticker.Read(query)
	k.items = k.items[:0]
	if words := k.words(); len(words) > 1 {
		k.searchWords(words)
	} else if strings.HasPrefix(query, "@") {
		k.searchLists(query)
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
	if by, moves := table.Steps(a, 10); moves {
		k.move(by)
		return nil
	}
	switch a {
	case keys.Leave:
		return act.One(act.ClosePane{})
	case keys.Check:
		return k.space()
	case keys.Accept:
		return k.enter()
	default:
		if k.Line.Key(msg) {
			k.written()
		}
	}
	return nil
}

func (k *Picker) move(by int) {
	k.Cursor = max(min(k.Cursor+by, len(k.items)-1), 0)
	k.moved = true
}

// written searches for what was typed.
func (k *Picker) written() {
	k.Cursor, k.refusal, k.told = 0, "", ""
	k.moved, k.toggled, k.leaving = false, false, false
	k.search()
}

// space checks what was typed. Where the cursor was moved to a ticker, or led to
// one by a part of its name, it checks or unchecks that one.
func (k *Picker) space() []act.Effect {
	words := k.words()
	if len(k.items) == 0 && len(words) == 0 {
		return nil
	}
	if len(words) > 0 && !k.moved && (len(words) > 1 || len(k.items) == 0 || k.spells(words[0], k.items[k.Cursor])) {
		return k.take(words)
	}
	at := k.items[k.Cursor]
	if at.ask {
		return k.take([]string{at.symbol})
	}
	k.toggled, k.refusal, k.told = true, "", ""
	if k.has(at) {
		for _, t := range at.tickers() {
			k.checked[k.known(t)] = false // it stays in the list
		}
		return nil
	}
	moved := k.moved
	out := k.take([]string{at.symbol})
	if moved { // there may be more to check among what was found
		k.Set(strings.Join(words, ","))
		cursor := k.Cursor
		k.search()
		k.Cursor = cursor
	}
	return out
}

// tickers are those of a line of the list.
func (p *pick) tickers() []string {
	if p.list != nil {
		return p.list
	}
	return []string{p.symbol}
}

// has reports whether all tickers of a line are checked.
func (k *Picker) has(p pick) bool {
	return !slices.ContainsFunc(p.tickers(), func(t string) bool { return !k.checked[k.known(t)] })
}

// spells reports whether a word is all of the name that a line of the list has.
func (k *Picker) spells(word string, at pick) bool {
	symbol, err := ticker.Read(word)
	return strings.EqualFold(word, at.symbol) || err == nil && ticker.Same(symbol, at.symbol)
}

// enter applies, with what was typed: whoever typed a part of a name means the
// ticker under the cursor.
func (k *Picker) enter() []act.Effect {
	words := k.words()
	switch {
	case len(words) == 0 || k.toggled || slices.Equal(words, k.refused):
		if k.asking != "" && !k.leaving {
			k.leaving = true // once the answer has come
			return nil
		}
		return k.apply()
	case len(k.items) > 0 && (len(words) == 1 || k.moved):
		words = []string{k.items[k.Cursor].symbol}
	}
	k.leaving = true
	return k.take(words)
}

// apply follows what is checked.
func (k *Picker) apply() []act.Effect {
	if len(k.chosen()) == 0 {
		k.refusal, k.leaving = "at least one ticker must be checked", false
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
	if err != nil {
		k.refuse(symbol, err)
	} else {
		k.checked[symbol] = true
		k.all = append([]string{symbol}, k.all...)
	}
	return k.next(symbol)
}
