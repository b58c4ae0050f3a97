package history

import (
	"path/filepath"
	"testing"
)

func TestReach(t *testing.T) {
	store := Store{filepath.Join(t.TempDir(), "sim")}
	write(t, store, friday, "0001.oflog", fileBytes(t, Header{Sim: true, Date: friday.String()}, 0, 5))
	write(t, store, friday, "0002.oflog", fileBytes(t, Header{Sim: true, Date: friday.String(), Rules: 7}, 5, 3))
	r, err := dayOf(t, store).Reach(t.Context())
	if err != nil || r.From != 1 || r.To != 8 || r.Header.Rules != 7 || !r.Header.Sim {
		t.Fatalf("%+v, %v", r, err)
	}
}
