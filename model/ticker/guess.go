package ticker

import "strings"

// families are the second roots of the great indices: their PM-settled or weekly
// series (the exchanges' contract specifications).
var families = map[string]string{"SPXW": "SPX", "NDXP": "NDX", "VIXW": "VIX", "RUTW": "RUT"}

// indexFamily are indices that are asked for as such at once. All others are
// learnt.
var indexFamily = map[string]bool{
	"SPX": true, "XSP": true, "NDX": true, "XND": true, "RUT": true, "MRUT": true, "VIX": true, "DJX": true, "OEX": true, "XEO": true,
}

// IsIndex reports whether a name is that of a large index, so that the vendor is
// first asked for it as one. What it is in truth is learnt from the answers.
func IsIndex(name string) bool { return strings.HasPrefix(name, indexTag) || indexFamily[name] }

// OfRoot is the first guess of the underlying that options of a root are written
// on: the second roots of the great indices lose their suffix, adjusted roots
// such as SPY1 their digits. No other letter is taken off, because real tickers
// end in them. What the vendor says of a root replaces it, see
// model.Registry.Learn.
func OfRoot(root string) string {
	stem := strings.TrimRight(root, digits)
	if stem == "" {
		return root
	}
	if family, is := families[stem]; is {
		return family
	}
	return stem
}

// guess is a name that a wrong word may stand for, "" if there is none.
func guess(word string) string {
	word = strings.TrimLeft(word, "$^#.=@:'\"`([{")
	word = strings.TrimPrefix(strings.TrimPrefix(word, "O:"), indexTag)
	if n := len(word) - len("YYMMDDC00000000"); n > 0 && n <= maxStem && strings.Trim(word[n:n+6]+word[n+7:], digits) == "" {
		word = OfRoot(word[:n]) // a contract's symbol
	}
	word = strings.Trim(word, ".,:;=!?'\"`)]}/-")
	stem, _, _ := strings.Cut(word, ".")
	for _, try := range []string{word, strings.NewReplacer("_", ".", "'", ".", "\\", ".", "..", ".").Replace(word), stem, letters(word)} {
		switch name, problem, meant := read(try); {
		case problem == "":
			return name
		case meant != "":
			return meant
		}
	}
	return ""
}

// letters is what is left of a word without all that no ticker has.
func letters(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, word)
}
