package pane

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"

	"optflow/model/ticker"
	"optflow/ui/act"
)

// ListMost bounds a list of tickers: each that is not known is asked for.
const ListMost = 100

// words are those of what is written.
func (k *Picker) words() []string { return strings.FieldsFunc(k.String(), ticker.Between) }

// Paste takes what was pasted: a list at once, one word as if it were typed.
func (k *Picker) Paste(text string) []act.Effect {
	k.merge()
	if words := strings.FieldsFunc(text, ticker.Between); len(words) > 1 {
		return k.take(words)
	}
	k.Line.Paste(strings.TrimSpace(text))
	k.written()
	return nil
}

// take checks tickers and those of lists. Those that are not known are looked up
// first; what is refused comes back into the line, with the reason of the first.
func (k *Picker) take(words []string) []act.Effect {
	k.refused, k.refusal, k.told = nil, "", ""
	var names []string
	for _, word := range words {
		if !strings.HasPrefix(word, "@") {
			names = append(names, word)
		} else if list, err := ticker.Find(k.Lists, word); err != nil {
			k.refuse(word, err)
		} else {
			names = append(names, list.Tickers...)
		}
	}
	if len(names) > ListMost {
		k.refuse(strings.Join(names[ListMost:], ","), fmt.Errorf("a list has %d tickers at most", ListMost))
		names = names[:ListMost]
	}
	last := ""
	for _, name := range names {
		symbol, err := ticker.Read(name)
		switch {
		case err != nil:
			k.refuse(name, err)
		case k.known(symbol) != "":
			if last = k.known(symbol); k.checked[last] && len(names) == 1 {
				k.told = last + " is checked; space takes it away"
			}
			k.checked[last] = true
		case symbol != k.asking && !slices.Contains(k.queue, symbol):
			k.queue = append(k.queue, symbol)
		}
	}
	k.Set("")
	return k.next(last)
}

// refuse keeps a word that was typed out, and the reason of the first.
func (k *Picker) refuse(word string, err error) {
	if k.refused = append(k.refused, word); len(k.refused) == 1 {
		k.refusal = err.Error()
	}
}

// next looks up the next ticker that was typed. Once there is none it applies, if
// that was asked for and none was refused.
func (k *Picker) next(last string) []act.Effect {
	if k.asking == "" && len(k.queue) > 0 {
		k.asking, k.queue = k.queue[0], k.queue[1:]
		k.gen++
		k.show(last)
		return act.One(act.LookUp{Gen: k.gen, Symbol: k.asking})
	}
	if k.asking != "" {
		k.show(last)
		return nil
	}
	if k.leaving && len(k.refused) == 0 {
		return k.apply()
	}
	k.leaving = false
	if k.String() == "" { // else something else is being typed
		k.Set(strings.Join(k.refused, ","))
	}
	k.show(last)
	return nil
}

// show lists anew, with the cursor on a ticker.
func (k *Picker) show(symbol string) {
	k.moved = false
	k.search()
	if i := slices.IndexFunc(k.items, func(p pick) bool { return p.symbol == symbol }); i >= 0 && k.String() == "" {
		k.Cursor = i
	}
}

// searchWords lists the entries of a list that is being typed.
func (k *Picker) searchWords(words []string) {
	for _, word := range words[:min(len(words), ListMost)] {
		if list, err := ticker.Find(k.Lists, word); err == nil && strings.HasPrefix(word, "@") {
			k.items = append(k.items, pick{symbol: "@" + list.Name, list: list.Tickers})
			continue
		}
		symbol, err := ticker.Read(word)
		if err != nil {
			continue
		}
		if known := k.known(symbol); known != "" {
			k.items = append(k.items, pick{symbol: known})
		} else {
			k.items = append(k.items, pick{symbol: symbol, ask: true})
		}
	}
}

// searchLists lists the lists of the settings.
func (k *Picker) searchLists(query string) {
	names := make([]string, len(k.Lists))
	for i, l := range k.Lists {
		names[i] = "@" + l.Name
	}
	for _, m := range fuzzy.Find(query, names) {
		k.items = append(k.items, pick{symbol: m.Str, hits: m.MatchedIndexes, list: k.Lists[m.Index].Tickers})
	}
	if len(k.items) == 0 {
		_, err := ticker.Find(k.Lists, query)
		k.refusal = err.Error()
	}
}

// known is the spelling under which a ticker stands in the list, "" if it does not.
func (k *Picker) known(symbol string) string {
	if i := slices.IndexFunc(k.all, func(t string) bool { return ticker.Same(t, symbol) }); i >= 0 {
		return k.all[i]
	}
	return ""
}
