package state

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"optflow/model/memory"
)

// Two copies of the program keep what the other one saved, forgot and changed.
func TestTwoCopiesKeepTabs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	one, two := savedTabs(path), savedTabs(path)
	recall := func(k *kept[memory.Tabs]) memory.Tabs {
		t.Helper()
		tabs, err := k.recall()
		if err != nil {
			t.Fatal(err)
		}
		return tabs
	}
	remember := func(k *kept[memory.Tabs], tabs ...memory.Tab) {
		t.Helper()
		if err := k.remember(tabs); err != nil {
			t.Fatal(err)
		}
	}
	a, b, c := memory.Tab{Name: "A"}, memory.Tab{Name: "B"}, memory.Tab{Name: "C"}
	recall(one)
	recall(two)
	remember(one, a)
	remember(two, b)
	remember(one, a, c)
	changed := memory.Tab{Name: "A", Filter: "puts"}
	remember(one, changed, c)
	remember(two)                                                   // B is forgotten where it was saved
	remember(two, memory.Tab{Name: "C", Columns: []string{"size"}}) // a name that both gave
	want := memory.Tabs{changed, {Name: "C", Columns: []string{"size"}}}
	if diff := cmp.Diff(want, recall(savedTabs(path))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A tab of the settings that two copies changed is one tab, whatever they call it,
// and one that was reset is none.
func TestTwoCopiesChangeATabOfTheSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	one, two := savedTabs(path), savedTabs(path)
	for _, step := range []struct {
		by   *kept[memory.Tabs]
		tabs memory.Tabs
		want memory.Tabs
	}{
		{one, memory.Tabs{{Name: "Big", Filter: "puts", Of: "Big"}}, memory.Tabs{{Name: "Big", Filter: "puts", Of: "Big"}}},
		{two, memory.Tabs{{Name: "Huge", Of: "Big"}, {Name: "Big"}}, memory.Tabs{{Name: "Huge", Of: "Big"}, {Name: "Big"}}},
		{one, nil, memory.Tabs{{Name: "Big"}}},
	} {
		if err := step.by.remember(step.tabs); err != nil {
			t.Fatal(err)
		}
		got, err := savedTabs(path).recall()
		if diff := cmp.Diff(step.want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}

// Copies that choose the columns of different views keep both.
func TestTwoCopiesChooseColumns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	one, two := savedChoices(path), savedChoices(path)
	choose := func(k *kept[memory.Choices], view string, names ...string) {
		t.Helper()
		if err := k.remember(memory.Choices{Columns: map[string][]string{view: names}}); err != nil {
			t.Fatal(err)
		}
	}
	choose(one, "contracts", "iv", "premium")
	choose(two, "tickers", "p/c premium", "calls")
	choose(one, "contracts", "oi")
	if err := two.remember(memory.Choices{Tab: "All"}); err != nil {
		t.Fatal(err)
	}
	want := memory.Choices{Tab: "All", Columns: map[string][]string{"contracts": {"oi"}, "tickers": {"p/c premium", "calls"}}}
	if got, err := Choices(path); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got))
	}
	choose(two, "contracts") // all of them again
	delete(want.Columns, "contracts")
	if got, err := Choices(path); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got))
	}
}

// Copies that write at once lose no line that was typed in any of them.
func TestManyCopiesKeepTheHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), Name)
	type running struct {
		kept  *kept[memory.Lines]
		lines memory.Lines
	}
	var copies []*running
	for range 4 {
		c := &running{kept: savedLines(path)}
		var err error
		if c.lines, err = c.kept.recall(); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, c)
	}
	for i := range 10 { // all four at once each time: none has the disk ten times while another waits
		var all sync.WaitGroup
		for n, c := range copies {
			all.Go(func() {
				c.lines.Filters = append(slices.Clone(c.lines.Filters), fmt.Sprintf("size>%d%d", n, i))
				if err := c.kept.remember(c.lines); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	h, err := savedLines(path).recall()
	slices.Sort(h.Filters)
	if len(slices.Compact(h.Filters)) != 40 || err != nil {
		t.Errorf("%d of 40 lines are left, %v", len(h.Filters), err)
	}
}

// A line that is typed again moves to the end, also after those of others.
func TestHistoryOfTwo(t *testing.T) {
	got := mergeLines([]string{"a", "b", "c"}, []string{"a", "c", "b", "x"}, []string{"a", "b", "c", "y"})
	if diff := cmp.Diff([]string{"a", "c", "y", "b", "x"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// With nobody else writing, what is kept is what was said; and two who change
// different items both get what they wanted.
func TestMergeLists(t *testing.T) {
	key := func(p memory.Pin) string { return p.Contract }
	merge := mergeLists[memory.Pins](key, nil)
	list := rapid.Custom(func(t *rapid.T) memory.Pins {
		var pins memory.Pins
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching("[a-f]"), 0, 6, rapid.ID[string]).Draw(t, "names") {
			pins = append(pins, memory.Pin{Contract: name, Interest: rapid.Uint32Range(0, 2).Draw(t, "interest")})
		}
		return pins
	})
	sorted := func(pins memory.Pins) memory.Pins {
		return slices.SortedFunc(slices.Values(pins), func(a, b memory.Pin) int { return strings.Compare(a.Contract, b.Contract) })
	}
	at := func(pins memory.Pins, name string) (memory.Pin, bool) {
		i := slices.IndexFunc(pins, func(p memory.Pin) bool { return p.Contract == name })
		if i < 0 {
			return memory.Pin{}, false
		}
		return pins[i], true
	}
	rapid.Check(t, func(t *rapid.T) {
		known, ours, theirs := list.Draw(t, "known"), list.Draw(t, "ours"), list.Draw(t, "theirs")
		if diff := cmp.Diff(sorted(ours), sorted(merge(known, ours, known))); diff != "" {
			t.Fatalf("alone (-want +got):\n%s", diff)
		}
		merged := merge(known, ours, theirs)
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			k, knew := at(known, name)
			o, have := at(ours, name)
			want, keep := at(theirs, name)
			if knew != have || k != o { // we changed it
				want, keep = o, have
			}
			if got, kept := at(merged, name); kept != keep || got != want {
				t.Fatalf("%s is %v %v, not %v %v", name, got, kept, want, keep)
			}
		}
	})
}

// What cannot be read is put aside, not written over.
func TestBrokenFileIsPutAside(t *testing.T) {
	kept := savedTabs(filepath.Join(t.TempDir(), Name))
	if err := os.WriteFile(kept.path, []byte("[[tabs]]\nname = Big"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.recall(); err == nil {
		t.Error("read")
	}
	if err := kept.remember(memory.Tabs{{Name: "A"}}); err != nil {
		t.Fatal(err)
	}
	aside, err := os.ReadFile(kept.path + brokenSuffix)
	if err != nil || !strings.Contains(string(aside), "Big") {
		t.Errorf("%q, %v", aside, err)
	}
	if tabs, err := kept.recall(); err != nil || len(tabs) != 1 {
		t.Errorf("%v, %v", tabs, err)
	}
}

// A copy that hangs with the lock in its hand does not hang the others.
func TestLockThatIsNotGiven(t *testing.T) {
	kept := savedTabs(filepath.Join(t.TempDir(), Name))
	lock := flock.New(beside(kept.path, lockName))
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer func() { _ = lock.Close() }()
	if err := kept.remember(nil); err == nil || !strings.Contains(err.Error(), "another optflow is writing") {
		t.Errorf("written past the lock: %v", err)
	}
}
