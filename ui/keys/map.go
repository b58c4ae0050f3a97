package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Map is the key table as a user wants it.
type Map struct {
	table    []Key
	listed   []Key                         // as lists show it
	meanings map[string]map[string]meaning // by place and key
	warnings []Warning
}

// Error is a change of a key that cannot be.
type Error struct {
	Action, Value, Problem string
}

// Error is one sentence.
func (e *Error) Error() string { return fmt.Sprintf("keys.%s: %q %s", e.Action, e.Value, e.Problem) }

// New changes the keys of some actions. No key takes an action of the tape its
// key, and the command line still knows it. Two actions with one key in one
// place are refused, as are unknown actions and keys; the error is an *Error.
func New(own map[string][]string) (*Map, error) {
	m := &Map{table: slices.Clone(table)}
	known := make(map[string]bool)
	for i := range m.table {
		k := &m.table[i]
		if k.Name == "" {
			continue
		}
		known[k.Name] = true
		if names, change := own[k.Name]; change {
			if err := m.change(k, names); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if !known[name] {
			return nil, &Error{name, name, "is no action; there are " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")}
		}
	}
	m.giveWay(own)
	m.index()
	m.listed = list(m.table)
	return m, m.clash(own)
}

// giveWay takes those keys from late actions that the user has bound to others.
func (m *Map) giveWay(own map[string][]string) {
	bound := make(map[string][]string) // by place
	for i := range m.table {
		if k := &m.table[i]; k.Name != "" && own[k.Name] != nil {
			bound[k.Where] = append(bound[k.Where], k.Keys()...)
			if k.Where == InTape {
				bound[InReplay] = append(bound[InReplay], k.Keys()...)
			}
		}
	}
	for i := range m.table {
		k := &m.table[i]
		if _, changed := own[k.Name]; changed || !k.Late {
			continue
		}
		k.without(bound[k.Where])
	}
}

// rebind gives an action other keys, or none: then its command stands for them.
func (k *Key) rebind(names []string) {
	show := shown(names)
	if len(names) == 0 {
		show = ":" + k.Name
	}
	k.Binding = bindAs(show, k.Help().Desc, names...)
}

// change gives an action other keys, or none.
func (m *Map) change(k *Key, wanted []string) error {
	switch {
	case len(wanted) > 0:
	case k.Where != InTape:
		return &Error{k.Name, "", "is needed there: it must have a key"}
	case k.Action == Command:
		return &Error{k.Name, "", "must have a key: what has none is reached by it"}
	}
	var names []string
	for _, text := range wanted {
		pressed, err := Parse(text)
		if err != nil {
			return &Error{k.Name, text, err.Error()}
		}
		name, types := pressed.String(), pressed.Text != ""
		if types && isLine(k.Where) && !slices.Contains(k.Keys(), name) {
			return &Error{k.Name, text, "is needed for writing there"}
		}
		if types && k.Action.Everywhere() {
			return &Error{k.Name, text, "is needed for writing: this action works in every line"}
		}
		m.warn(k.Name, pressed)
		names = append(names, name)
	}
	if k.Action == Quit && !slices.Contains(names, "ctrl+c") { // the way out that nobody can lose
		names = append(names, "ctrl+c")
	}
	k.rebind(names)
	return nil
}

// isLine reports whether a place is one where text is written.
func isLine(where string) bool {
	return where == InFilter || where == InFind || where == InPicker || where == InCommand || where == InSort || where == InRule || where == InHelpFind
}

// clash finds two actions with one key in one place. The one that was changed is
// named first.
func (m *Map) clash(own map[string][]string) error {
	for i := range m.table {
		for j := range i {
			a, b := &m.table[i], &m.table[j]
			if a.Where != b.Where && !a.Action.Everywhere() && !b.Action.Everywhere() || a.habit() || b.habit() {
				continue
			}
			for _, name := range a.Keys() {
				if !slices.Contains(b.Keys(), name) {
					continue
				}
				if _, changed := own[a.Name]; !changed {
					a, b = b, a
				}
				return &Error{a.Name, name, fmt.Sprintf("is also the key of %s (%s); one of them needs another", b.called(name), b.Help().Desc)}
			}
		}
	}
	return nil
}

// Table lists the keys as they are now.
func (m *Map) Table() []Key { return m.listed }

// Warnings are the keys that only terminals with one of the newer keyboard
// protocols send.
func (m *Map) Warnings() []Warning { return m.warnings }

// meaning is an action, and which of its keys was pressed.
type meaning struct {
	action Action
	which  int
}

// index finds the action of a key at once, in each place. What habits are bound
// to is overwritten by what the table lists.
func (m *Map) index() {
	m.meanings = make(map[string]map[string]meaning)
	for _, k := range m.table {
		m.meanings[k.Where] = make(map[string]meaning)
	}
	for _, habits := range []bool{true, false} {
		for i := range m.table {
			k := &m.table[i]
			if k.habit() != habits {
				continue
			}
			for which, name := range k.Keys() {
				for where, names := range m.meanings {
					if where == k.Where || k.Action.Everywhere() {
						names[name] = meaning{k.Action, which}
					}
				}
			}
		}
	}
}

// Action is what a key means in a place, and which of the action's keys it is,
// from 0. None means nothing there; in a line it may write something.
func (m *Map) Action(where string, k tea.KeyPressMsg) (a Action, which int) {
	found := m.meanings[where][k.String()]
	return found.action, found.which
}

// Key is the first key of an action of the tape as it is printed, its command if
// it has none.
func (m *Map) Key(a Action) string {
	k := m.of(a)
	if names := k.Keys(); len(names) > 0 {
		return Show(names[0])
	}
	return k.Help().Key
}

// Keys are all keys of an action of the tape as they are printed.
func (m *Map) Keys(a Action) string { return m.of(a).Help().Key }

// In is the first key of an action in a place as it is printed.
func (m *Map) In(where string, a Action) string {
	i := slices.IndexFunc(m.table, func(k Key) bool { return k.Action == a && k.Where == where })
	return Show(m.table[i].Keys()[0])
}

// of is an action of the tape.
func (m *Map) of(a Action) *Key {
	i := slices.IndexFunc(m.table, func(k Key) bool { return k.Action == a && k.Where == InTape })
	return &m.table[i]
}

// Spelled is the same with words for the keys whose signs have no ASCII twin
// that anybody would know.
func (m *Map) Spelled() *Map {
	words := strings.NewReplacer("⏎", "enter", "↑", "up", "↓", "down", "←", "left", "→", "right")
	out := &Map{table: slices.Clone(m.table), meanings: m.meanings, warnings: m.warnings}
	for i := range out.table {
		k := &out.table[i]
		k.SetHelp(words.Replace(k.Help().Key), k.Help().Desc)
	}
	out.listed = list(out.table)
	return out
}
