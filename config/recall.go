package config

import (
	"maps"
	"path/filepath"
	"slices"

	"optflow/config/state"
	"optflow/config/textfile"
	"optflow/model/memory"
	"optflow/model/ticker"
)

// clean drops what cannot have been written by us: the state is a file, and
// files get changed.
func clean(c *memory.Choices) {
	for _, f := range []*string{&c.Theme, &c.View, &c.Sort, &c.Tab} {
		if len(*f) > 64 || textfile.OneLine(*f) != nil {
			*f = ""
		}
	}
	maps.DeleteFunc(c.Columns, func(page string, names []string) bool {
		return len(names) > 64 || slices.ContainsFunc(append([]string{page}, names...), func(word string) bool {
			return len(word) > 64 || textfile.OneLine(word) != nil
		})
	})
}

// recall takes the remembered tickers, for apply to keep when no source goes
// first.
func (l *loader) recall() {
	if l.StateHome == "" {
		return
	}
	s := l.settings
	s.StatePath = filepath.Join(l.StateHome, appDir, state.Name)
	if l.Forget {
		return
	}
	choices, err := state.Choices(s.StatePath)
	if err != nil {
		l.warn(plain(err.Error()))
		return
	}
	clean(&choices)
	s.Remembered = choices
	if len(choices.Tickers) == 0 {
		return
	}
	for _, word := range choices.Tickers {
		if symbol, err := ticker.Read(word); err == nil && len(s.Tickers) < mostTickers {
			s.Tickers = append(s.Tickers, symbol)
		}
	}
	s.sources["tickers"] = Source{Kind: FromState}
}
