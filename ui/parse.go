package ui

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/keys"
)

// parsed is a filter in force.
type parsed struct {
	*filter.Filter
	text string     // as typed
	ages bool       // it asks for the age of rows, so time changes its answers
	day  model.Date // of parsing: dates without a year mean the next one from here
}

// hint is what was taken but may not be meant.
func (f *parsed) hint() string {
	if w := f.Warnings(); len(w) > 0 {
		return w[0].Text
	}
	return ""
}

// parse reads a filter as the user wrote it; nil is one that takes all.
func (s *scene) parse(text string) (*parsed, error) {
	f, err := filter.Parse(text, filter.Env{
		Now: s.clock.Now, Adds: s.key(keys.Tickers) + " adds it", Followed: s.tickers(), Expiries: s.expiries, Rules: s.rules,
	})
	if err != nil {
		return nil, err
	}
	if f.Empty() {
		return nil, nil
	}
	text = strings.Join(strings.Fields(text), " ")
	return &parsed{Filter: f, text: text, ages: strings.Contains(f.String(), "age"), day: model.TradingDate(s.clock.Now())}, nil
}

// expiries are those of an underlying's known contracts, in order; of all
// followed ones for "".
func (s *scene) expiries(underlying string) []model.Date {
	var out []model.Date
	contracts := s.contracts
	for id := range contracts.Len() {
		c := contracts.At(model.ContractID(id))
		if c.Underlying == underlying || underlying == "" && s.follows.set[c.Underlying] {
			out = append(out, c.Expiry)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// completionsMost is how many candidates are worth showing.
const completionsMost = 24

// fieldValues are the values of fields that have few.
var fieldValues = map[string][]string{
	"side":   {"ask", "bid", "mid", "A", "AA", "a", "B", "BB", "b", "M"},
	"mark":   {"W", "U", "u"},
	"source": {"ws", "rest", "backfill"},
}

// values are what can stand behind a field and an operator: words, followed
// tickers, listed expiries.
func (s *scene) values(field string) (all []string) {
	switch field {
	case "exp", "expiry":
		for _, d := range s.expiries("") {
			all = append(all, strings.ToLower(d.UTC().Format("2Jan06")))
		}
		return all
	case "ticker":
		for _, t := range s.tickers() {
			all = append(all, strings.ToLower(t))
		}
		return all
	}
	return fieldValues[field]
}

// complete continues the last word of a text: with words and fields of the
// language, followed tickers, and listed expiries behind exp. It returns where
// in the text the word begins.
func (s *scene) complete(text string) (candidates []string, from int) {
	from = strings.LastIndexAny(text, " (,") + 1
	if strings.HasPrefix(text[from:], "!") {
		from++
	}
	begun := strings.ToLower(text[from:])
	var all []string
	if i := strings.LastIndexAny(begun, "<>="); i >= 0 {
		field := strings.TrimRight(begun[:i], "<>=!")
		from += i + 1
		begun = begun[i+1:]
		all = s.values(field)
	} else {
		for _, t := range s.tickers() {
			all = append(all, strings.ToLower(t))
		}
		for _, n := range filter.Words() {
			all = append(all, n.Name)
		}
		for _, n := range filter.Fields() {
			all = append(all, n.Name)
		}
	}
	for _, a := range all {
		if strings.HasPrefix(strings.ToLower(a), begun) && len(candidates) < completionsMost && !slices.Contains(candidates, a) {
			candidates = append(candidates, a)
		}
	}
	return candidates, from
}

// neverText says why no row can ever match, if that is so.
func (f *parsed) neverText() string {
	if f == nil || !f.Never() {
		return ""
	}
	if hint := f.hint(); hint != "" {
		return ": " + hint
	}
	return ": none of the tickers followed can match"
}

// walkNames visits the words and fields of a filter.
func walkNames(n filter.Node, visit func(name string)) {
	all := func(nodes []filter.Node) {
		for _, n := range nodes {
			walkNames(n, visit)
		}
	}
	switch n := n.(type) {
	case *filter.And:
		all(n.Nodes)
	case *filter.Or:
		all(n.Nodes)
	case *filter.Any:
		all(n.Nodes)
	case *filter.Not:
		walkNames(n.Node, visit)
	case *filter.Word:
		visit(n.Name)
	case *filter.Compare:
		visit(n.Field)
	case *filter.Has:
		visit(n.Field)
	}
}
