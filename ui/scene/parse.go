package scene

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/ui/keys"
)

// Filter is a filter in force.
type Filter struct {
	*filter.Filter
	Text string     // as typed
	Ages bool       // it asks for the age of rows, so time changes its answers
	Day  model.Date // of parsing: dates without a year mean the next one from here
}

// Hint is what was taken but may not be meant.
func (f *Filter) Hint() string {
	if w := f.Warnings(); len(w) > 0 {
		return w[0].Text
	}
	return ""
}

// Parse reads a filter as the user wrote it; nil is one that takes all.
func (s *Scene) Parse(text string) (*Filter, error) {
	f, err := filter.Parse(text, filter.Env{
		Now: s.Clock.Now, Adds: s.Key(keys.Tickers) + " adds it", Followed: s.Tickers(), Expiries: s.expiries, Rules: s.Rules,
	})
	if err != nil {
		return nil, err
	}
	if f.Empty() {
		return nil, nil
	}
	text = strings.Join(strings.Fields(text), " ")
	return &Filter{Filter: f, Text: text, Ages: strings.Contains(f.String(), "age"), Day: model.TradingDate(s.Clock.Now())}, nil
}

// expiries are those of an underlying's known contracts, in order; of all
// followed ones for "".
func (s *Scene) expiries(underlying string) []model.Date {
	var out []model.Date
	contracts := s.Contracts
	for id := range contracts.Len() {
		c := contracts.At(model.ContractID(id))
		if c.Underlying == underlying || underlying == "" && s.Follows.Set[c.Underlying] {
			out = append(out, c.Expiry)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// CompletionsMost is how many candidates are worth showing.
const CompletionsMost = 24

// fieldValues are the values of fields that have few.
var fieldValues = map[string][]string{
	"side":   {"ask", "bid", "mid", "A", "AA", "a", "B", "BB", "b", "M"},
	"mark":   {"W", "U", "u"},
	"source": {"ws", "rest", "backfill"},
}

// values are what can stand behind a field and an operator: words, followed
// tickers, listed expiries.
func (s *Scene) values(field string) (all []string) {
	switch field {
	case "exp", "expiry":
		for _, d := range s.expiries("") {
			all = append(all, strings.ToLower(d.UTC().Format("2Jan06")))
		}
		return all
	case "ticker":
		for _, t := range s.Tickers() {
			all = append(all, strings.ToLower(t))
		}
		return all
	}
	return fieldValues[field]
}

// Complete continues the last word of a text: with words and fields of the
// language, followed tickers, and listed expiries behind exp. It returns where
// in the text the word begins.
func (s *Scene) Complete(text string) (candidates []string, from int) {
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
		for _, t := range s.Tickers() {
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
		if strings.HasPrefix(strings.ToLower(a), begun) && len(candidates) < CompletionsMost && !slices.Contains(candidates, a) {
			candidates = append(candidates, a)
		}
	}
	return candidates, from
}

// NeverText says why no row can ever match, if that is so.
func (f *Filter) NeverText() string {
	if f == nil || !f.Never() {
		return ""
	}
	if hint := f.Hint(); hint != "" {
		return ": " + hint
	}
	return ": none of the tickers followed can match"
}
