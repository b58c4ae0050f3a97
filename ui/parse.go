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
func (m *Model) parse(text string) (*parsed, error) {
	f, err := filter.Parse(text, filter.Env{
		Now: m.opt.Clock.Now, Adds: m.keys.Key(keys.Tickers) + " adds it", Followed: m.list.tickers(), Expiries: m.expiries, Rules: m.opt.Rules,
	})
	if err != nil {
		return nil, err
	}
	if f.Empty() {
		return nil, nil
	}
	text = strings.Join(strings.Fields(text), " ")
	return &parsed{Filter: f, text: text, ages: strings.Contains(f.String(), "age"), day: model.TradingDate(m.opt.Clock.Now())}, nil
}

// expiries are those of an underlying's known contracts, in order; of all
// followed ones for "".
func (m *Model) expiries(underlying string) []model.Date {
	var out []model.Date
	contracts := m.opt.Tape.Contracts
	for id := range contracts.Len() {
		c := contracts.At(model.ContractID(id))
		if c.Underlying == underlying || underlying == "" && m.list.followed[c.Underlying] {
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
func (m *Model) values(field string) (all []string) {
	switch field {
	case "exp", "expiry":
		for _, d := range m.expiries("") {
			all = append(all, strings.ToLower(d.UTC().Format("2Jan06")))
		}
		return all
	case "ticker":
		for _, t := range m.list.tickers() {
			all = append(all, strings.ToLower(t))
		}
		return all
	}
	return fieldValues[field]
}

// complete continues the last word of a text: with words and fields of the
// language, followed tickers, and listed expiries behind exp. It returns where
// in the text the word begins.
func (m *Model) complete(text string) (candidates []string, from int) {
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
		all = m.values(field)
	} else {
		for _, t := range m.list.tickers() {
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
