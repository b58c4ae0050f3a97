package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

const (
	// toldMost is how many things that are wrong are told one by one. The rest is
	// counted.
	toldMost = 20
	// few is how many of many of one kind are named in warnings.
	few = 3
	// keysMost is how many keys a file may have: the library looks for each among
	// all that stand beside it.
	keysMost = 4096
)

func (l *loader) fail(err error) {
	if len(l.errs) == toldMost {
		l.moreErrs++
		return
	}
	l.errs = append(l.errs, err)
}

// countUntold says how much more is wrong.
func (l *loader) countUntold() {
	if l.moreErrs > 0 {
		l.errs = append(l.errs, fmt.Errorf("and %d more that are wrong", l.moreErrs))
	}
}

// warnOfEach gives a warning for each of the first few names, and one that counts
// the others.
func (l *loader) warnOfEach(names []string, sentence func(name string) string, others string) {
	for _, name := range names[:min(len(names), few)] {
		l.warn(sentence(name))
	}
	if more := len(names) - few; more > 0 {
		l.warn(strconv.Itoa(more) + others)
	}
}

// lineNumbers are lines in words: the first few, and how many more.
func lineNumbers(lines []int) string {
	var words []string
	for _, n := range lines[:min(len(lines), few)] {
		words = append(words, strconv.Itoa(n))
	}
	if more := len(lines) - few; more > 0 {
		words = append(words, strconv.Itoa(more)+" more")
	}
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " and " + words[last]
	}
	return words[0]
}

// tooManyKeys reports whether a TOML text has more keys than a file may have.
func tooManyKeys(text []byte) bool {
	var parser unstable.Parser
	parser.Reset(text)
	n := 0
	for n <= keysMost && parser.NextExpression() {
		n += keysIn(parser.Expression())
	}
	return n > keysMost
}

// keysIn is how many keys a node gives, those of tables within it too.
func keysIn(node *unstable.Node) int {
	n := 0
	switch node.Kind {
	case unstable.Table, unstable.ArrayTable:
		n = 1
	case unstable.KeyValue:
		n = 1 + keysIn(node.Value())
	case unstable.InlineTable, unstable.Array:
		for it := node.Children(); it.Next(); {
			n += keysIn(it.Node())
		}
	}
	return n
}
