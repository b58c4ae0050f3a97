// Package ticker reads the names of underlyings as people write them, so that
// the flag, the environment, the config file, the commands and the ticker picker
// take and refuse the same words.
package ticker

import (
	"errors"
	"fmt"
	"strings"
)

// Allowed says what a name may look like, for error texts.
const Allowed = "1 to 6 letters or digits, a class of shares as BRK.B, an index as $SPX or I:SPX"

const (
	maxStem  = 6  // the length of a root in a contract symbol
	maxIndex = 10 // behind "I:", where no contract symbol bounds it
	indexTag = "I:"
)

// Error is a word that names no underlying.
type Error struct {
	Word    string // as written, at most 24 bytes of it
	Problem string // "is no ticker"
	Meant   string // a name that it may stand for; "" there is none
}

// Error is such as `"^SPX" is no ticker: did you mean SPX?`.
func (e *Error) Error() string { return fmt.Sprintf("%q %s", e.Word, e.why()) }

func (e *Error) why() string {
	if e.Meant == "" {
		return e.Problem
	}
	return e.Problem + ": did you mean " + e.Meant + "?"
}

// Why is what an error of Read says without the word, for where that is shown
// already.
func Why(err error) string {
	var wrong *Error
	if errors.As(err, &wrong) {
		return wrong.why()
	}
	return err.Error()
}

// Read reads one name: "spy", "$SPX", "BRK/B". The result is in capitals, a class
// of shares has a dot before its letter (BRK-B and BRK/B are BRK.B), and an
// index that was written as I:RUI keeps its prefix, by which the vendor tells an
// index from a stock of that name; the great ones (SPX) do not need it. The error is an *Error.
func Read(word string) (string, error) {
	name, problem, meant := read(strings.ToUpper(strings.TrimSpace(word)))
	if problem == "" {
		return name, nil
	}
	if meant == "" {
		meant = guess(strings.ToUpper(strings.TrimSpace(word)))
	}
	const shown = 24
	if len(word) > shown {
		word = strings.ToValidUTF8(word[:shown], "") + "…"
	}
	return "", &Error{Word: word, Problem: problem, Meant: meant}
}

// read is Read of a word in capitals: a name, or what is wrong and, where that
// is plain, what is meant.
func read(word string) (name, problem, meant string) {
	if index, is := strings.CutPrefix(word, indexTag); is {
		switch {
		case !plain(index) || len(index) > maxIndex:
			return "", "is no index", ""
		case indexFamily[index]:
			return index, "", "" // the prefix says nothing new
		case families[index] != "":
			return "", "is a root of options on " + families[index] + ", not an index", families[index]
		}
		return word, "", ""
	}
	stem, class, parted := cut(strings.TrimPrefix(word, "$"))
	switch {
	case !plain(stem) || len(stem) > maxStem, parted && (len(stem) == maxStem || !classLetter(class)):
		return "", "is no ticker", ""
	case parted && indexFamily[stem]: // "$SPX.X", as some write an index
		return "", "is no ticker", stem
	case parted:
		return stem + "." + class, "", ""
	case families[stem] != "":
		return "", "is a root of options on " + families[stem] + ", not a ticker", families[stem]
	case adjusted(stem):
		stock := strings.TrimRight(stem, digits)
		if family := families[stock]; family != "" { // SPXW1 would be of SPXW, of SPX
			stock = family
		}
		return "", "is a root of adjusted options, not a ticker", stock
	}
	return stem, "", ""
}

// List reads names with commas, semicolons or white space between them, each
// underlying once, in the order written; @name stands for those of a list. An
// empty text gives an empty list.
func List(text string, lists ...Named) ([]string, error) {
	var words []string
	for _, word := range strings.FieldsFunc(text, Between) {
		if !strings.HasPrefix(word, "@") {
			words = append(words, word)
			continue
		}
		list, err := Find(lists, word)
		if err != nil {
			return nil, err
		}
		words = append(words, list.Tickers...)
	}
	var names []string
	at := map[string]int{} // by Key
	for _, word := range words {
		name, err := Read(word)
		if err != nil {
			return nil, err
		}
		i, twice := at[Key(name)]
		switch {
		case !twice:
			at[Key(name)] = len(names)
			names = append(names, name)
		case len(name) > len(names[i]):
			names[i] = name // its prefix or dot says more
		}
	}
	return names, nil
}

// Between reports whether a rune stands between the names of a list.
func Between(r rune) bool {
	return r == ',' || r == ';' || r == ' ' || r >= '\t' && r <= '\r' || r == '\u00a0'
}

// Bare is the name without an index's prefix: "SPX" of "I:SPX".
func Bare(name string) string { return strings.TrimPrefix(name, indexTag) }

// Key is what all spellings of one underlying have in common, and the root that
// its options are first looked for under: "BRKB" of "BRK.B", "SPX" of "I:SPX".
func Key(name string) string {
	name = Bare(name)
	if !strings.ContainsAny(name, separators) {
		return name
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(separators, r) {
			return -1
		}
		return r
	}, name)
}

// Spellings are the names under which an underlying may stand in a contract: as
// a root guesses it, and with a dot before the class: BRKB and BRK.B.
func Spellings(name string) []string {
	key := Key(name)
	if n := len(key); n > 1 && classLetter(key[n-1:]) {
		return []string{key, key[:n-1] + "." + key[n-1:]}
	}
	return []string{key}
}

// Same reports whether two names are spellings of one underlying.
func Same(a, b string) bool { return a == b || Key(a) == Key(b) }

// Vendor is a name as a data vendor states it, in our own spelling: without an
// index's prefix, a dot before a class. It is "" for what is no name.
func Vendor(name string) string {
	name = Bare(strings.ToUpper(strings.TrimSpace(name)))
	stem, class, parted := cut(name)
	switch {
	case !plain(stem) || len(stem) > maxIndex || parted && !plain(class) || len(class) > 3:
		return ""
	case parted:
		return stem + "." + class
	}
	return stem
}

// separators stand between a stock's symbol and its class, as one or another
// writes it.
const separators = "./-"

// cut parts a class from its stock's symbol.
func cut(name string) (stem, class string, parted bool) {
	i := strings.LastIndexAny(name, separators)
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

func classLetter(class string) bool { return len(class) == 1 && class[0] >= 'A' && class[0] <= 'Z' }

const digits = "0123456789"

// plain reports whether a text is letters and digits.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return text != ""
}

// adjusted reports whether a name looks like a root after a corporate action:
// no stock's symbol ends in a digit.
func adjusted(stem string) bool {
	last := stem[len(stem)-1]
	return last >= '0' && last <= '9' && strings.TrimRight(stem, digits) != ""
}
