package scan

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestEightDigits(t *testing.T) {
	for range 10_000 {
		n := rand.N[uint64](100_000_000)
		s := strconv.FormatUint(100_000_000+n, 10)[1:]
		if got, ok := eight([]byte(s)); !ok || got != n {
			t.Fatalf("%s read as %d, %v", s, got, ok)
		}
		broken := []byte(s)
		broken[rand.N(8)] = []byte{'0' - 1, '9' + 1, 0, ' ', 0xff, 0xb5, '.', 'e', 0x3f, 0x2f}[rand.N(10)]
		if _, ok := eight(broken); ok {
			t.Fatalf("%q taken for digits", broken)
		}
	}
}

// numbers draws text that is a JSON number or nearly one.
var numbers = rapid.OneOf(
	rapid.StringMatching(`-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,5})?`),
	rapid.StringMatching(`[-+0-9.eE]{1,12}`),
	rapid.Map(rapid.Float64(), func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }),
	rapid.Map(rapid.Float64(), func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }),
)

func TestNumberIsParseFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := numbers.Draw(t, "number")
		got, next, ok := Number([]byte(s), 0)
		whole := ok && next == len(s)
		if whole && !json.Valid([]byte(s)) {
			t.Fatalf("%q is no JSON number", s)
		}
		want, err := strconv.ParseFloat(s, 64)
		if whole && (err != nil || math.Float64bits(got) != math.Float64bits(want)) {
			t.Fatalf("%q read as %v, is %v (%v)", s, got, want, err)
		}
		if skipped, ok := skipNumber([]byte(s), 0); ok && skipped == len(s) != json.Valid([]byte(s)) {
			t.Fatalf("%q: skipped to %d, but valid is %v", s, skipped, json.Valid([]byte(s)))
		}
	})
}

func TestOrdinaryNumbersNeedNoSecondOpinion(t *testing.T) {
	for _, s := range []string{"0", "412", "5.1132", "2.384421e+06", "7.0", "1765809000000", "1.765809e12", "-0", "99999.999", "4.987100000000001"} {
		if _, next, ok := Number([]byte(s), 0); !ok || next != len(s) {
			t.Errorf("%s goes to encoding/json", s)
		}
	}
}
