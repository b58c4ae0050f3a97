package keys

import "testing"

// BenchmarkAction is what finding the action of a key costs.
func BenchmarkAction(b *testing.B) {
	m, err := New(nil)
	if err != nil {
		b.Fatal(err)
	}
	k, _ := Parse("k")
	b.ReportAllocs()
	for b.Loop() {
		m.Action(InTape, k)
	}
}
