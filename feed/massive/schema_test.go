package massive

import "testing"

// "ev" says what the keys mean, wherever it stands: none is read by the schema
// of another channel, and the plain way goes on.
func TestLateKindChoosesTheSchema(t *testing.T) {
	for _, tt := range []struct {
		element string
		sort    sort
		has     uint32
	}{
		{`{"ev":"A","v":1,"vw":2}`, sortBar, hasEv | 1<<fieldV | 1<<fieldVW},
		{`{"v":1,"vw":2,"ev":"AM"}`, sortBar, hasEv | 1<<fieldV | 1<<fieldVW},
		{`{"v":1,"vw":2}`, sortBar, 1<<fieldV | 1<<fieldVW},
		{`{"ev":"T","s":3,"sym":"O:X"}`, sortOther, hasEv},
		{`{"s":3,"sym":"O:X","ev":"T","av":4}`, sortOther, hasEv},
		{`{"sz":3,"va":4,"ev":"A"}`, sortBar, hasEv},
	} {
		var e event
		next, ok := e.scan([]byte(tt.element), 0)
		if !ok || next != len(tt.element) || e.sort != tt.sort || e.has != tt.has {
			t.Errorf("%s: read to %d, %t; sort %d, fields %b; want sort %d, fields %b", tt.element, next, ok, e.sort, e.has, tt.sort, tt.has)
		}
	}
}
