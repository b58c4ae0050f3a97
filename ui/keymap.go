package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Keymap is the key table as a user wants it. The screen is written for the keys
// of the built-in table; a keymap translates what is pressed into those, so no
// part of the screen has to know that a key was changed.
type Keymap struct {
	table []Key
	moved map[string]map[string]tea.KeyPressMsg // by place and pressed key; the zero message is a key that does nothing now

	unreached []unreached
}

// KeyError is a change of a key that cannot be.
type KeyError struct {
	Action, Value, Problem string
}

// Error is one sentence.
func (e *KeyError) Error() string { return fmt.Sprintf("keys.%s: %q %s", e.Action, e.Value, e.Problem) }

// everywhere is the place of the keys that work whatever has the focus.
const everywhere = ""

// Action is the name by which the config file changes a key, "" for one that
// stays as it is. It does not depend on which keys the action has.
func (k Key) Action() string {
	if k.fixed() {
		return ""
	}
	if k.act != actNone {
		return actionNames[k.act]
	}
	place := strings.TrimSuffix(k.Where, " line")
	return place[strings.LastIndexByte(place, ' ')+1:] + "-" + strings.ReplaceAll(k.Hint, " ", "-")
}

// fixed tells keys that stay as they are: arrows inside lines and boxes, and keys
// that stand for a number.
func (k Key) fixed() bool {
	if k.act != actNone {
		return k.act == actTab
	}
	return slices.ContainsFunc(keyTable, func(b Key) bool {
		return b.Where == k.Where && b.Does == k.Does && slices.Contains(b.Keys, "up") && slices.Contains(b.Keys, "down")
	})
}

// called is how a clash names an action and one of its keys.
func (k Key) called(name string) string {
	switch {
	case k.act == actTab:
		return "tab " + name
	case k.fixed():
		return k.Hint + " in the " + k.Where
	}
	return k.Action()
}

// global reports whether a key works whatever has the focus.
func (k Key) global() bool { return k.act == actQuit || k.act == actRedraw || k.act == actSuspend }

// NewKeymap changes the keys of some actions. No key takes an action of the tape
// its key, and the command line still knows it. Two actions with one key in one
// place are refused, as are unknown actions and keys; the error is a *KeyError.
func NewKeymap(own map[string][]string) (*Keymap, error) {
	m := &Keymap{table: Keys(), moved: make(map[string]map[string]tea.KeyPressMsg)}
	known := make(map[string]bool)
	for i := range m.table {
		k := &m.table[i]
		name := k.Action()
		known[name] = true
		if keys, change := own[name]; change && name != "" {
			if err := m.change(k, keys); err != nil {
				return nil, err
			}
		}
	}
	delete(known, "")
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if !known[name] {
			return nil, &KeyError{name, name, "is no action; there are " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")}
		}
	}
	return m, m.clash(own)
}

// change gives an action other keys, or none.
func (m *Keymap) change(k *Key, keys []string) error {
	switch {
	case len(keys) > 0:
	case k.act == actNone:
		return &KeyError{k.Action(), "", "is needed there: it must have a key"}
	case k.act == actCommand:
		return &KeyError{k.Action(), "", "must have a key: what has none is reached by it"}
	}
	to, err := parseKey(k.Keys[0])
	if err != nil {
		return fmt.Errorf("built-in key %q: %w", k.Keys[0], err)
	}
	place := k.Where
	if k.global() {
		place = everywhere
	}
	if m.moved[place] == nil {
		m.moved[place] = make(map[string]tea.KeyPressMsg)
	}
	for _, old := range k.Keys {
		if _, taken := m.moved[place][old]; !taken && k.act != actQuit {
			m.moved[place][old] = tea.KeyPressMsg{}
		}
	}
	var names, shows []string
	for _, text := range keys {
		pressed, err := parseKey(text)
		if err != nil {
			return &KeyError{k.Action(), text, err.Error()}
		}
		name := pressed.String()
		if types(pressed) && isLine(k.Where) && !slices.Contains(k.Keys, name) {
			return &KeyError{k.Action(), text, "is needed for writing there"}
		}
		if types(pressed) && k.global() {
			return &KeyError{k.Action(), text, "is needed for writing: this action works in every line"}
		}
		m.moved[place][name] = to
		if arrives, reached := onOldTerminals(pressed); !reached {
			m.unreached = append(m.unreached, unreached{k.Action(), name, arrives})
		}
		names, shows = append(names, name), append(shows, showKey(name))
	}
	if k.act == actQuit && !slices.Contains(names, "ctrl+c") { // the way out that nobody can lose
		names, shows = append(names, "ctrl+c"), append(shows, "ctrl+c")
	}
	if len(names) == 0 {
		shows = []string{":" + k.Action()}
	}
	k.Keys, k.Show = names, strings.Join(shows, " ")
	return nil
}

// isLine reports whether a place is one where text is written.
func isLine(where string) bool {
	return where == WhereFilter || where == WhereFind || where == WherePicker || where == WhereCommand
}

// clash finds two actions with one key in one place. The one that was changed is
// named first.
func (m *Keymap) clash(own map[string][]string) error {
	for i := range m.table {
		for j := range i {
			a, b := &m.table[i], &m.table[j]
			if a.Where != b.Where && !a.global() && !b.global() {
				continue
			}
			for _, name := range a.Keys {
				if !slices.Contains(b.Keys, name) {
					continue
				}
				if _, changed := own[a.Action()]; !changed {
					a, b = b, a
				}
				return &KeyError{a.Action(), name, fmt.Sprintf("is also the key of %s (%s); one of them needs another", b.called(name), b.Does)}
			}
		}
	}
	return nil
}

// Table is the key table as it is now.
func (m *Keymap) Table() []Key { return slices.Clone(m.table) }

// translate gives the built-in key that was meant by a key pressed in a place,
// and false for one that does nothing now.
func (m *Keymap) translate(where string, k tea.KeyPressMsg) (tea.KeyPressMsg, bool) {
	if len(m.moved) == 0 {
		return k, true
	}
	dead := false
	for _, place := range []string{everywhere, where} {
		to, moved := m.moved[place][k.String()]
		if moved && to.Code != 0 {
			return to, true
		}
		dead = dead || moved
	}
	return k, !dead || isLine(where) && types(k)
}

// panePlaces are the places of the panes; the keys of others stay as they are.
var panePlaces = map[pane]string{
	paneTape: WhereTape, paneFilter: WhereFilter, paneFind: WhereFind, panePicker: WherePicker, paneHelp: WhereHelp, paneMessages: WhereMessages, paneCommand: WhereCommand,
}

// key is the first key of an action as it is shown, its command if it has none.
func (m *Model) key(a action) string {
	for _, k := range m.keys.table {
		if k.act == a {
			if len(k.Keys) == 0 {
				return k.Show
			}
			return showKey(k.Keys[0])
		}
	}
	return ""
}
