package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// Every key of the table has a name that parses to itself, and every action a
// name of its own, by which it can be changed.
func TestKeyTableCanBeChanged(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		for _, name := range k.Keys {
			if msg, err := parseKey(name); err != nil || msg.String() != name {
				t.Errorf("%s: %q is %q, %v", k.Where, name, msg.String(), err)
			}
		}
		name := k.Action()
		if k.act != actNone && name == "" && !slices.Contains(k.Keys, "1") {
			t.Errorf("%s (%s) has no name in actionNames", k.Show, k.Does)
		}
		if name != "" && seen[name] {
			t.Errorf("two actions are called %s", name)
		}
		seen[name] = true
	}
	if _, err := NewKeymap(nil); err != nil {
		t.Errorf("the built-in keys clash: %v", err)
	}
}

func changedKeys(t *testing.T, own map[string][]string) *Keymap {
	t.Helper()
	m, err := NewKeymap(own)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Each action of the tape works by a new key and by its old one no more.
func TestEveryActionMoves(t *testing.T) {
	for _, k := range Keys() {
		name := k.Action()
		if k.Where != WhereTape || name == "" || k.global() {
			continue
		}
		m := changedKeys(t, map[string][]string{name: {"alt+z", "f9"}})
		for _, to := range []string{"alt+z", "f9"} {
			pressed, _ := parseKey(to)
			got, means := m.translate(WhereTape, pressed)
			if !means || tapeKeys[got.String()] != k.act {
				t.Errorf("%s by %s: %q, %v", name, to, got.String(), means)
			}
		}
		for _, old := range k.Keys {
			pressed, _ := parseKey(old)
			if got, means := m.translate(WhereTape, pressed); means {
				t.Errorf("%s: %s still does %q", name, old, got.String())
			}
			if got, means := m.translate(WhereFilter, pressed); !means || got.String() != old {
				t.Errorf("%s: %s in a line is %q, %v", name, old, got.String(), means)
			}
		}
	}
}

// Two actions swap their keys.
func TestKeysSwap(t *testing.T) {
	m := changedKeys(t, map[string][]string{"freeze": {"i"}, "interval": {"space"}, "redraw": {"ctrl+r"}, "oldest": {"ctrl+l"}})
	for pressed, want := range map[string]action{"i": actFreeze, "space": actInterval, "ctrl+l": actOldest, "G": actNone, "end": actNone} {
		got, means := m.translate(WhereTape, press(pressed))
		if !means {
			got = tea.KeyPressMsg{}
		}
		if tapeKeys[got.String()] != want {
			t.Errorf("%s is %q", pressed, got.String())
		}
	}
	if got, _ := m.translate(WhereFilter, press("ctrl+r")); got.String() != "ctrl+l" {
		t.Errorf("redraw in a line: %q", got.String())
	}
}

func TestKeysRefused(t *testing.T) {
	for _, c := range []struct {
		own    map[string][]string
		action string
		has    string
	}{
		{map[string][]string{"freeze": {"i"}}, "freeze", "also the key of interval"},
		{map[string][]string{"freeze": {"y"}, "sort": {"y"}}, "", "one of them needs another"},
		{map[string][]string{"freeze": {"1"}}, "freeze", `keys.freeze: "1" is also the key of tab 1 (`},
		{map[string][]string{"freeze": {"9"}, "sort": {"up", "down"}, "up": {"f2"}, "down": {"f3"}}, "freeze", "tab 9"},
		{map[string][]string{"help-close": {"up"}}, "help-close", "also the key of move in the help"},
		{map[string][]string{"filter-keep": {"up", "down"}}, "filter-keep", "also the key of earlier in the filter line"},
		{map[string][]string{"filter-keep": {}}, "filter-keep", "must have a key"},
		{map[string][]string{"command": nil}, "command", "must have a key"},
		{map[string][]string{"freez": {"y"}}, "freez", "is no action; there are"},
		{map[string][]string{"freeze": {"hyper+x"}}, "freeze", "is no name of a key"},
		{map[string][]string{"freeze": {"xy"}}, "freeze", "is no name of a key"},
		{map[string][]string{"freeze": {"ctrl+"}}, "freeze", "is no name of a key"},
		{map[string][]string{"freeze": {"ctrl+c"}}, "freeze", "also the key of quit"},
		{map[string][]string{"filter-keep": {"k"}}, "filter-keep", "needed for writing"},
		{map[string][]string{"redraw": {"r"}}, "redraw", "needed for writing"},
		{map[string][]string{"filter-keep": {"ctrl+l"}}, "filter-keep", "also the key of redraw"},
		{map[string][]string{"": {"ctrl+l"}}, "", "is no action"},
	} {
		_, err := NewKeymap(c.own)
		bad, ok := errors.AsType[*KeyError](err)
		if !ok || !strings.Contains(bad.Error(), c.has) || c.action != "" && bad.Action != c.action {
			t.Errorf("%v: %v, want %q", c.own, err, c.has)
		}
	}
}

// Quit can get another key and keeps ctrl+c.
func TestTheWayOutStays(t *testing.T) {
	m := changedKeys(t, map[string][]string{"quit": {"ctrl+q"}})
	i := slices.IndexFunc(m.table, func(k Key) bool { return k.act == actQuit })
	if got := m.table[i].Show; got != "ctrl+q ctrl+c" {
		t.Errorf("shown as %q", got)
	}
	for _, key := range []string{"ctrl+q", "ctrl+c"} {
		for _, where := range []string{WhereTape, WhereFilter, WherePicker, WhereHelp, WhereCommand} {
			if got, means := m.translate(where, press(key)); !means || got.String() != "ctrl+c" {
				t.Errorf("%s in %s is %q", key, where, got.String())
			}
		}
	}
}

// The screen shows the keys as they are: footer, help, sentences.
func TestChangedKeysAreShown(t *testing.T) {
	keys := changedKeys(t, map[string][]string{"freeze": {"Z"}, "help": {"f2"}, "filter-keep": {"ctrl+j"}, "help-close": {"f2"}})
	s := newStage(t, 200, 50, func(o *Options) { o.Keys = keys }).fill()
	s.has("Z freeze", "f2 help")
	s.keys("space")
	if s.m.table.frozen {
		t.Error("the old key still freezes")
	}
	s.keys("Z")
	s.has("frozen Z")
	s.keys("Z")
	s.m.Update(mustKey(t, "f2"))
	s.has("freeze the picture", "f2 ")
	s.m.Update(mustKey(t, "f2"))
	s.hasNot("In the filter line")
	s.keys("/")
	s.typed("nvda z")
	s.keys("backspace", "backspace")
	s.keys("enter")
	s.has("ctrl+j keep") // enter keeps no more
	s.m.Update(mustKey(t, "ctrl+j"))
	s.hasNot("ctrl+j keep")
	if s.m.filterText() != "nvda" {
		t.Errorf("filter %q", s.m.filterText())
	}
}

func mustKey(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	k, err := parseKey(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func FuzzParseKey(f *testing.F) {
	for _, name := range []string{"ctrl+shift+x", "+", "ctrl++", "PgDn", "é", " "} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := parseKey(text)
		if err != nil {
			return
		}
		if again, err := parseKey(k.String()); err != nil || again.String() != k.String() {
			t.Fatalf("%q is %q, which is %q, %v", text, k.String(), again.String(), err)
		}
	})
}

// An action without a key is reached by its command, and shown by that.
func TestUnboundKeys(t *testing.T) {
	own := map[string][]string{"quit": {}}
	for _, k := range Keys() {
		if name := k.Action(); k.Where == WhereTape && name != "" && k.act != actCommand {
			own[name] = nil
		}
	}
	s := newStage(t, 200, 50, func(o *Options) { o.Keys = changedKeys(t, own) }).fill()
	s.hasNot("freeze", "f only")
	s.keys("space")
	if s.m.table.frozen {
		t.Error("the key still freezes")
	}
	s.keys(":")
	s.typed("freeze")
	s.keys("enter")
	s.has("frozen :freeze")
	if _, cmd := s.m.Update(press("ctrl+c")); cmd == nil {
		t.Error("the way out is lost")
	}
}

func TestKeysOfOlderTerminals(t *testing.T) {
	for name, want := range map[string]string{
		"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "esc", "ctrl+@": "ctrl+space", "ctrl+shift+x": "ctrl+x",
		"ctrl+enter": "enter", "shift+enter": "enter", "shift+space": "space", "ctrl+tab": "tab", "ctrl+1": "-", "ctrl+,": "-",
		"alt+[": "-", "alt+]": "-", "alt+shift+o": "-",
		"ctrl+a": "", "ctrl+\\": "", "ctrl+space": "", "alt+j": "", "alt+enter": "", "shift+tab": "", "ctrl+up": "", "alt+f1": "", "F": "", "f9": "", "é": "",
	} {
		arrives, reached := onOldTerminals(mustKey(t, name))
		if arrives == "" && !reached {
			arrives = "-"
		}
		if reached != (want == "") || !reached && arrives != want {
			t.Errorf("%s: %q, %v, want %q", name, arrives, reached, want)
		}
	}
	for _, k := range Keys() {
		for _, name := range k.Keys {
			if _, reached := onOldTerminals(mustKey(t, name)); !reached {
				t.Errorf("%s: the built-in key %s does not reach everybody", k.Where, name)
			}
		}
	}
	m := changedKeys(t, map[string][]string{"freeze": {"ctrl+i"}, "sort": {"alt+]"}})
	want := []KeyWarning{{"sort", "older terminals do not send alt+]"}, {"freeze", "older terminals send ctrl+i as tab"}}
	if got := m.Warnings(); !slices.Equal(got, want) {
		t.Errorf("warned of %v", got)
	}
}
