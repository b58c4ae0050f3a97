package ticker

import (
	"fmt"
	"strings"
)

// Named is a list of tickers that has a name, in small letters.
type Named struct {
	Name    string
	Tickers []string
}

// AtName is a name as it stands behind @: in small letters, with - for what no
// word of the filter language has.
func AtName(name string) string {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" \t\r\n()=!<>,@", r) })
	return strings.Join(parts, "-")
}

// Find is the list of a name, with or without @ before it.
func Find(lists []Named, name string) (Named, error) {
	name = strings.ToLower(strings.TrimPrefix(name, "@"))
	var all []string
	for _, l := range lists {
		if l.Name == name {
			return l, nil
		}
		all = append(all, "@"+l.Name)
	}
	if len(all) == 0 {
		return Named{}, fmt.Errorf("there is no list @%s: [lists] in the config file has none", name)
	}
	return Named{}, fmt.Errorf("there is no list @%s: there are %s", name, strings.Join(all, ", "))
}
