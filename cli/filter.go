package cli

import (
	"fmt"
	"strconv"

	"optflow/config"
	"optflow/config/state"
	"optflow/model/filter"
	face "optflow/model/market"
	"optflow/model/memory"
	"optflow/model/ticker"
	"optflow/ui/page"
)

// tabsOf are the tabs of the config file, or the built-in ones.
func tabsOf(s *config.Settings) memory.Tabs {
	if len(s.Tabs) > 0 {
		return s.Tabs
	}
	return page.DefaultTabs()
}

// checkLists refuses a list with the name of a built-in tab: @name would be either.
func checkLists(s *config.Settings) error {
	for _, list := range s.Lists {
		for _, tab := range tabsOf(s) {
			if ticker.AtName(tab.Name) == list.Name {
				return &config.Error{Source: s.Source("lists." + list.Name).String(),
					Problem: fmt.Sprintf("the list has the name of the built-in tab %s: @%s would be either", tab.Name, list.Name), Allowed: "another name"}
			}
		}
	}
	return nil
}

// parseFilter reads the filter of the settings, nil without one. Adds tells the
// user how to follow another ticker; saved are tabs that the config file does not
// have.
func parseFilter(s *config.Settings, m face.Market, adds string, saved func() memory.Tabs) (*filter.Filter, error) {
	if s.Filter == "" {
		return nil, nil
	}
	parsed, err := filter.Parse(s.Filter, filter.Env{Rules: rulesOf(s), Now: m.Clock().Now, Adds: adds, Followed: s.Tickers, Saved: names(s, saved)})
	if err != nil {
		return nil, usageError{pointed(s, err)}
	}
	return parsed, nil
}

// names are what @name may stand for; saved are tabs that the config file does not
// have.
func names(s *config.Settings, saved func() memory.Tabs) func() []filter.Saved {
	return func() []filter.Saved { return page.SavedOf(s.Lists, append(tabsOf(s), saved()...)) }
}

// savedTabs are the tabs that were saved on the screen.
func savedTabs(s *config.Settings) func() memory.Tabs {
	return func() memory.Tabs {
		before, _ := state.New(s.StatePath, s.Remembered, true).Recall() // the screen says what cannot be read
		return before.Tabs
	}
}

// pointed is what is wrong with the filter of the settings, with carets under the
// part that is wrong, where all of the filter can be shown.
func pointed(s *config.Settings, err error) error {
	said := s.Wrong("filter", s.Filter, err.Error())
	if said.Value != strconv.Quote(s.Filter) {
		return said
	}
	return fmt.Errorf("%w%s", said, carets(s.Filter, err))
}
