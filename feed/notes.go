package feed

import (
	"log/slog"
	"slices"
)

// notesMost is how many sentences stay.
const notesMost = 8

// notes are sentences for the user, newest last. The list is replaced and never
// changed, since published states hold it.
type notes struct {
	log  *slog.Logger
	list []string
	news bool // one is new
}

// Note adds a sentence, once.
func (n *notes) Note(text string) {
	if slices.Contains(n.list, text) {
		return
	}
	n.add(text)
}

// Again adds a sentence that may have been true before.
func (n *notes) Again(text string) {
	n.list = slices.DeleteFunc(slices.Clone(n.list), func(said string) bool { return said == text })
	n.add(text)
}

func (n *notes) add(text string) {
	n.log.Warn(text)
	kept := n.list
	if len(kept) >= notesMost {
		kept = kept[1:]
	}
	n.list = append(kept[:len(kept):len(kept)], text)
	n.news = true
}
