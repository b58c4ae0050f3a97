package scene

import (
	"slices"
	"strings"

	"optflow/model/filter"
	"optflow/model/ticker"
)

// CompletionsMost is how many candidates are worth showing.
const CompletionsMost = 24

// values are what can stand behind a field and an operator: words, other fields,
// followed tickers, listed expiries.
func (s *Scene) values(field string) (all []string) {
	switch field {
	case "exp", "expiry":
		for _, d := range s.expiries("") {
			all = append(all, strings.ToLower(d.UTC().Format("2Jan06")))
		}
		return all
	case "ticker":
		return Lower(s.Tickers())
	}
	return filter.Values(field)
}

// Lower are tickers as they are typed.
func Lower(tickers []string) (typed []string) {
	for _, t := range tickers {
		typed = append(typed, strings.ToLower(t))
	}
	return typed
}

// words are what can begin a condition: followed tickers, words and fields of the
// language, and the names of lists and tabs.
func (s *Scene) words() []string {
	all := Lower(s.Tickers())
	for _, n := range append(filter.Words(), filter.Fields()...) {
		all = append(all, n.Name)
	}
	if s.Saved != nil {
		for _, x := range s.Saved() {
			all = append(all, "@"+ticker.AtName(x.Name))
		}
	}
	return all
}

// Complete continues the last word of a text. It returns where in the text the
// word begins.
func (s *Scene) Complete(text string) (candidates []string, from int) {
	begin := strings.LastIndexAny(text, " (") + 1
	from = begin + strings.LastIndexByte(text[begin:], ',') + 1
	var all []string
	// The values of a field go on behind a comma.
	if i := strings.IndexAny(text[begin:], "<>="); i >= 0 {
		field := strings.TrimRight(text[begin:begin+i], "!")
		all = s.values(strings.ToLower(field[strings.LastIndexAny(field, ",!")+1:]))
		from = max(from, begin+i+1+len(text[begin+i+1:])-len(strings.TrimLeft(text[begin+i+1:], "=")))
	} else {
		if strings.HasPrefix(text[from:], "!") {
			from++
		}
		all = s.words()
	}
	begun := strings.ToLower(text[from:])
	for _, a := range all {
		if strings.HasPrefix(strings.ToLower(a), begun) && len(candidates) < CompletionsMost && !slices.Contains(candidates, a) {
			candidates = append(candidates, a)
		}
	}
	return candidates, from
}
