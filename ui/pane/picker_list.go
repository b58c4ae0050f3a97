package pane

import (
	"fmt"
	"slices"
	"strings"

	"optflow/model/ticker"
	"optflow/ui/act"
)

// ListMost bounds a list of tickers: each that is not known is asked for.
const ListMost = 100

// listed are the words of what is written, if there are several.
func listed(text string) []string {
	if words := strings.FieldsFunc(text, ticker.Between); len(words) > 1 {
		return words
	}
	return nil
}

// Paste takes what was pasted: a list at once, one word as if it were typed.
func (k *Picker) Paste(text string) []act.Effect {
	k.merge()
	if words := listed(text); words != nil {
		return k.take(words)
	}
	k.Line.Paste(strings.TrimSpace(text))
	k.Cursor, k.refusal = 0, ""
	k.search()
	return nil
}

// take checks the tickers of a list one by one. Those that are not known are
// looked up first, those refused stay in the line, with the reason of the first.
func (k *Picker) take(words []string) []act.Effect {
	k.queue, k.refused, k.refusal, k.asking = nil, nil, "", ""
	k.toggled, k.listing = true, true
	if len(words) > ListMost {
		k.refuse(strings.Join(words[ListMost:], ","), fmt.Errorf("a list has %d tickers at most", ListMost))
		words = words[:ListMost]
	}
	for _, word := range words {
		symbol, err := ticker.Read(word)
		switch {
		case err != nil:
			k.refuse(word, err)
		case k.known(symbol) != "":
			k.checked[k.known(symbol)] = true
		case !slices.Contains(k.queue, symbol):
			k.queue = append(k.queue, symbol)
		}
	}
	return k.next()
}

// refuse leaves a word of a list in the line.
func (k *Picker) refuse(word string, err error) {
	if k.refused = append(k.refused, word); len(k.refused) == 1 {
		k.refusal = err.Error()
	}
}

// next looks up the next ticker of a list, and ends with what is left of it.
func (k *Picker) next() []act.Effect {
	if len(k.queue) > 0 {
		k.asking, k.queue = k.queue[0], k.queue[1:]
		k.gen++
		return act.One(act.LookUp{Gen: k.gen, Symbol: k.asking})
	}
	k.Set(strings.Join(k.refused, ","))
	k.Cursor = 0
	k.search()
	return nil
}

// foundListed takes the answer to a look-up of a ticker in a list.
func (k *Picker) foundListed(symbol string, err error) []act.Effect {
	if err != nil {
		k.refuse(symbol, err)
	} else {
		k.checked[symbol] = true
		k.all = append([]string{symbol}, k.all...)
	}
	return k.next()
}

// searchList lists the entries of a list that is being typed.
func (k *Picker) searchList(words []string) {
	for _, word := range words[:min(len(words), ListMost)] {
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

// known is the spelling under which a ticker stands in the list, "" if it does not.
func (k *Picker) known(symbol string) string {
	if i := slices.IndexFunc(k.all, func(t string) bool { return ticker.Same(t, symbol) }); i >= 0 {
		return k.all[i]
	}
	return ""
}
