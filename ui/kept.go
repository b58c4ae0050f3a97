package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"optflow/model/memory"
)

// Memory is where a screen finds what earlier runs left, and leaves what the
// next is to find.
type Memory interface {
	// Recall is what earlier runs left. What cannot be read is left out, with an
	// error each.
	Recall() (memory.Remembered, []error)
	// Keep has something remembered. It is called from goroutines of its own, one
	// at a time.
	Keep(memory.Item) error
}

// keptWords say what is kept.
func keptWords(item memory.Item) string {
	switch item.(type) {
	case memory.Tabs:
		return "this tab"
	case memory.Lines:
		return "the history of filters"
	case memory.Volumes:
		return "the volume of this session"
	case memory.Pins:
		return "what is pinned"
	}
	return "this"
}

// remembered is the outcome of keeping something.
type remembered struct {
	item memory.Item
	err  error
}

// keeping is what the next run goes on from.
type keeping struct {
	store  Memory // nil: nothing is remembered
	keeper keeper
	began  memory.Choices // as the run began
	lost   []string       // kinds of what cannot be kept, which was said
}

// keep has something remembered. It must not change afterwards.
func (k *keeping) keep(item memory.Item) tea.Cmd {
	store := k.store
	if store == nil {
		return nil
	}
	return k.keeper.add(func() tea.Msg { return remembered{item, store.Keep(item)} })
}

// came is what to say of an outcome, "" nothing: of what nobody asked for, once.
func (k *keeping) came(msg remembered) string {
	if msg.err == nil {
		return ""
	}
	what, unasked := keptWords(msg.item), false
	switch msg.item.(type) {
	case memory.Lines, memory.Volumes, memory.Pins:
		unasked = true
	}
	if unasked && slices.Contains(k.lost, what) {
		return ""
	}
	k.lost = append(k.lost, what)
	return what + " is not kept for the next run: " + msg.err.Error()
}

// atEnd is what is kept when the screen is left. It is told apart from what the
// run began with, so that a run that changed nothing keeps nothing.
func (k *keeping) atEnd(now memory.Choices) (c memory.Choices) {
	if now.Sort != k.began.Sort {
		c.Sort = now.Sort
	}
	if now.View != k.began.View {
		c.View = now.View
	}
	return c
}
