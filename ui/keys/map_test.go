package keys

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
	for _, k := range Table() {
		for _, name := range k.Keys() {
			if msg, err := Parse(name); err != nil || msg.String() != name {
				t.Errorf("%s: %q is %q, %v", k.Where, name, msg.String(), err)
			}
		}
		if k.Where == InTape && (k.Name == "" && k.Action != Tab || Named(k.Name) != k.Action && k.Name != "" || k.Action.String() != k.Name) {
			t.Errorf("%s (%s) is called %q", k.Help().Key, k.Help().Desc, k.Name)
		}
		if k.Name != "" && seen[k.Name] {
			t.Errorf("two actions are called %s", k.Name)
		}
		seen[k.Name] = true
	}
	if _, err := New(nil); err != nil {
		t.Errorf("the built-in keys clash: %v", err)
	}
}

func changedKeys(t *testing.T, own map[string][]string) *Map {
	t.Helper()
	m, err := New(own)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Each action of the tape works by a new key and by its old one no more.
func TestEveryActionMoves(t *testing.T) {
	builtin := changedKeys(t, nil)
	for _, k := range Table() {
		name := k.Name
		if k.Where != InTape || name == "" || k.Action.Everywhere() {
			continue
		}
		m := changedKeys(t, map[string][]string{name: {"alt+z", "f9"}})
		for _, to := range []string{"alt+z", "f9"} {
			pressed, _ := Parse(to)
			if got, _ := m.Action(InTape, pressed); got != k.Action {
				t.Errorf("%s by %s: %q", name, to, got)
			}
		}
		for _, old := range k.Keys() {
			pressed, _ := Parse(old)
			if got, _ := m.Action(InTape, pressed); got != None {
				t.Errorf("%s: %s still does %q", name, old, got)
			}
			was, _ := builtin.Action(InFilter, pressed)
			if got, _ := m.Action(InFilter, pressed); got != was {
				t.Errorf("%s: %s in a line is %q, was %q", name, old, got, was)
			}
		}
	}
}

// Two actions swap their keys.
func TestKeysSwap(t *testing.T) {
	m := changedKeys(t, map[string][]string{"freeze": {"i"}, "interval": {"space"}, "redraw": {"ctrl+r"}, "oldest": {"ctrl+l"}})
	for pressed, want := range map[string]Action{"i": Freeze, "space": Interval, "ctrl+l": Oldest, "G": None, "end": None} {
		if got, _ := m.Action(InTape, mustKey(t, pressed)); got != want {
			t.Errorf("%s is %q", pressed, got)
		}
	}
	if got, _ := m.Action(InFilter, mustKey(t, "ctrl+r")); got != Redraw {
		t.Errorf("redraw in a line: %q", got)
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
		_, err := New(c.own)
		bad, ok := errors.AsType[*Error](err)
		if !ok || !strings.Contains(bad.Error(), c.has) || c.action != "" && bad.Action != c.action {
			t.Errorf("%v: %v, want %q", c.own, err, c.has)
		}
	}
}

// Quit can get another key and keeps ctrl+c.
func TestTheWayOutStays(t *testing.T) {
	m := changedKeys(t, map[string][]string{"quit": {"ctrl+q"}})
	if got := m.Keys(Quit); got != "ctrl+q ctrl+c" {
		t.Errorf("shown as %q", got)
	}
	for _, key := range []string{"ctrl+q", "ctrl+c"} {
		for _, where := range []string{InTape, InFilter, InPicker, InHelp, InCommand} {
			if got, _ := m.Action(where, mustKey(t, key)); got != Quit {
				t.Errorf("%s in %s is %q", key, where, got)
			}
		}
	}
}

func FuzzParseKey(f *testing.F) {
	for _, name := range []string{"ctrl+shift+x", "+", "ctrl++", "PgDn", "é", " "} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(k.String()); err != nil || again.String() != k.String() {
			t.Fatalf("%q is %q, which is %q, %v", text, k.String(), again.String(), err)
		}
	})
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
	for _, k := range Table() {
		for _, name := range k.Keys() {
			if _, reached := onOldTerminals(mustKey(t, name)); !reached {
				t.Errorf("%s: the built-in key %s does not reach everybody", k.Where, name)
			}
		}
	}
	m := changedKeys(t, map[string][]string{"freeze": {"ctrl+i"}, "sort": {"alt+]"}})
	want := []Warning{{"sort", "older terminals do not send alt+]"}, {"freeze", "older terminals send ctrl+i as tab"}}
	if got := m.Warnings(); !slices.Equal(got, want) {
		t.Errorf("warned of %v", got)
	}
}

func mustKey(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	k, err := Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A key of the user's comes before a habit of the fingers.
func TestHabitsGiveWay(t *testing.T) {
	m := changedKeys(t, map[string][]string{"filter-keep": {"pgdown"}, "help-close": {"f3"}})
	for _, c := range []struct {
		where, key string
		want       Action
	}{
		{InFilter, "pgdown", Accept}, {InFilter, "pgup", PageUp}, {InFilter, "enter", None}, {InFilter, "x", None},
		{InHelp, "f3", Leave}, {InHelp, "f1", Leave}, {InHelp, "q", None}, {InHelp, "space", PageDown},
	} {
		if got, _ := m.Action(c.where, mustKey(t, c.key)); got != c.want {
			t.Errorf("%s in the %s is %d, want %d", c.key, c.where, got, c.want)
		}
	}
}

// The nine keys of the tabs are told apart.
func TestTabsByNumber(t *testing.T) {
	m := changedKeys(t, nil)
	for i := range 9 {
		if a, which := m.Action(InTape, mustKey(t, string(rune('1'+i)))); a != Tab || which != i {
			t.Errorf("%d is %q, the key %d", i+1, a, which)
		}
	}
}

// Each line of the table means something and is explained, and no key means two
// things in one place.
func TestTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Table() {
		if k.Action == None {
			t.Errorf("%s is offered and does nothing", k.Help().Key)
		}
		if k.Help().Key == "" || k.Help().Desc == "" || len(k.Keys()) == 0 {
			t.Errorf("%v is not explained", k)
		}
		for _, name := range k.Keys() {
			if seen[k.Where+name] {
				t.Errorf("%s means two things in the %s", name, k.Where)
			}
			seen[k.Where+name] = true
		}
	}
}

// A key that came later gives way to what a user had bound, and is reached by its
// command; a key of the user's own choice for it does not.
func TestLateKeysGiveWay(t *testing.T) {
	m := changedKeys(t, map[string][]string{"pin": {"J", "w"}})
	pressed, _ := Parse("J")
	if got, _ := m.Action(InTape, pressed); got != Pin {
		t.Errorf("J is %q", got)
	}
	if got := m.Key(DetailsDown); got != ":details-down" {
		t.Errorf("the late action is reached by %q", got)
	}
	for key, late := range map[string]Action{"S": SortMenu, "C": Columns, "T": EditTab} {
		m := changedKeys(t, map[string][]string{"freeze": {key}})
		pressed, _ := Parse(key)
		if got, _ := m.Action(InTape, pressed); got != Freeze || m.Key(late) != ":"+late.String() {
			t.Errorf("%s is %q, and %q is reached by %q", key, got, late, m.Key(late))
		}
	}
	if _, err := New(map[string][]string{"pin": {"J"}, "details-down": {"J"}}); err == nil {
		t.Error("two actions that the user gives one key are taken")
	}
}
