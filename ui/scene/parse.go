package scene

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/model/filter"
	"optflow/model/ticker"
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
func (s *Scene) Parse(text string) (*Filter, error) { return s.ParseOf("", text) }

// ParseOf is Parse for the filter of the tab of a name, which must not be made of
// itself.
func (s *Scene) ParseOf(name, text string) (*Filter, error) {
	f, _, err := s.parse(name, text, nil)
	return f, err
}

// ParseTyped is ParseOf for a line that is being typed, with the caret at a place in
// it: what waits are the words that filter nothing yet.
func (s *Scene) ParseTyped(name, text string, caret int) (f *Filter, waits []filter.Warning, err error) {
	return s.parse(name, text, &filter.Typing{Caret: caret, Listed: s.listed})
}

func (s *Scene) parse(name, text string, typing *filter.Typing) (*Filter, []filter.Warning, error) {
	f, err := filter.Parse(text, filter.Env{
		Fired: func(r *model.Burst) bool { return s.Fired.Of(&r.Row) },
		Now:   s.Clock.Now, Adds: s.Key(keys.Tickers) + " adds it", Followed: s.Tickers(), Expiries: s.expiries, Rules: s.Rules, Saved: s.Saved, Of: name, Typing: typing,
	})
	if err != nil {
		return nil, nil, err
	}
	if f.Empty() {
		return nil, f.Waits(), nil
	}
	text = strings.Join(strings.Fields(text), " ")
	return &Filter{Filter: f, Text: text, Ages: f.Says("age"), Day: model.TradingDate(s.Clock.Now())}, f.Waits(), nil
}

// WithoutNames is a filter with what they stand for in the place of its names.
func (s *Scene) WithoutNames(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	f, err := s.Parse(text)
	if err != nil || f == nil {
		return text
	}
	return f.Plain()
}

// listed reports whether a ticker was heard of, whichever way it is written.
func (s *Scene) listed(name string) bool {
	for _, spelling := range append(ticker.Spellings(name), name, "I:"+name) {
		if _, is := slices.BinarySearch(s.State.Known, spelling); is {
			return true
		}
	}
	return false
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
