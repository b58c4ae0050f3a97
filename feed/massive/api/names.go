package api

import (
	"slices"
	"strings"

	"optflow/feed/massive/wire"
	"optflow/model/ticker"
)

// What the vendor calls an underlying is not the same everywhere: chains of
// indices want "I:" before the name and listings do not, options on BRK.B have the
// root BRKB and are listed under BRK.B. Nobody states a rule that holds for all
// (the vendor's knowledge base and client-python#282), so the names below are
// tried in their order until one answers with contracts.

// indexTag is the vendor's prefix of indices.
const indexTag = "I:"

// ChainNames are the names under which the vendor may have the chain of a
// ticker, the likeliest first: a prefix that was typed goes before the bare name,
// one that is a guess after it.
func (*REST) ChainNames(name string) []string {
	bare := ticker.Bare(name)
	names := spellings(bare)
	if strings.Contains(bare, ".") { // no index has a class
		return names
	}
	switch {
	case ticker.IsIndex(bare): // the path of these is known
		return []string{indexTag + bare}
	case name != bare:
		return []string{name, bare}
	}
	return slices.Insert(names, 1, indexTag+bare)
}

// IndexName is the name of a chain that turned out to be an index's.
func (*REST) IndexName(name string) string {
	if ticker.Bare(name) == name {
		return indexTag + name
	}
	return name
}

// ListingNames are those under which the vendor may list the contracts of a
// ticker. There an index goes by its bare name.
func (*REST) ListingNames(name string) []string {
	bare := ticker.Bare(name)
	if name != bare {
		return []string{bare, name}
	}
	return spellings(bare)
}

// spellings are the ticker itself and, of a class of shares, its other form:
// BRK.B without the dot, and BRKB with one.
func spellings(bare string) []string {
	names := []string{bare}
	if key := ticker.Key(bare); key != bare {
		return append(names, key)
	}
	if n := len(bare); n >= 3 && n <= wire.MaxRoot {
		if name, err := ticker.Read(bare[:n-1] + "." + bare[n-1:]); err == nil {
			names = append(names, name)
		}
	}
	return names
}
