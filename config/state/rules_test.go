package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/model/alert"
)

// Two programs that make rules keep each other's; a name's newest counts.
func TestRulesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	one, other := NewRules(path), NewRules(path)
	for _, put := range []struct {
		by   *Rules
		rule alert.Rule
	}{
		{one, alert.Rule{Name: "a", When: "calls", To: []string{"bell"}}},
		{other, alert.Rule{Name: "b", When: "puts", Once: true}},
		{one, alert.Rule{Name: "A", When: "calls nvda", Off: true}},
	} {
		if err := put.by.Put(put.rule); err != nil {
			t.Fatal(err)
		}
	}
	got, err := one.kept.recall()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]alert.Rule{{Name: "A", When: "calls nvda", Off: true}, {Name: "b", When: "puts", Once: true}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if info, err := os.Stat(one.Path()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.WriteFile(one.Path(), []byte("[[alerts]\nname = 'mine'"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := one.Put(alert.Rule{Name: "c", When: "calls"}); err == nil {
		t.Error("a file with a slip in it was written over")
	}
	if text, _ := os.ReadFile(one.Path()); !strings.Contains(string(text), "mine") {
		t.Errorf("the file is %q", text)
	}
}
