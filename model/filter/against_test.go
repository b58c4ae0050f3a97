package filter

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// numbersOf reads a row's fields another way than the filter does.
func numbersOf(r *model.Burst, c *model.Contract) map[string]float64 {
	nan, out := math.NaN(), map[string]float64{}
	count := func(n uint32) float64 {
		if n == model.UnknownCount {
			return nan
		}
		return float64(n)
	}
	out["size"], out["vol"], out["oi"] = float64(r.Size), count(r.DayVolume), count(r.OpenInterest)
	out["strike"], out["spot"], out["price"] = float64(float32(float64(c.Strike)/1000)), float64(r.Spot), float64(r.Vwap)
	if r.Kind == model.KindGap {
		out["price"] = nan
	}
	out["iv"] = float64(r.IV)
	out["otm"] = float64(float32((float64(c.Strike)/1000 - float64(r.Spot)) / float64(r.Spot)))
	if c.Type == model.Put {
		out["otm"] = -out["otm"]
	}
	return out
}

// Two fields compare as their numbers do, and not at all where one is unknown.
func TestFieldsCompareAsNumbers(t *testing.T) {
	groups := [][]string{{"size", "vol", "oi"}, {"strike", "spot", "price"}, {"iv", "otm"}}
	rapid.Check(t, func(t *rapid.T) {
		r, c := drawRow(t)
		if rapid.Bool().Draw(t, "close") {
			r.Size = uint32(rapid.IntRange(1_839, 1_841).Draw(t, "size"))
			c.Strike = rapid.SampledFrom([]int32{178_210, 178_209, 4_850}).Draw(t, "strike")
		}
		group := rapid.Permutation(rapid.SampledFrom(groups).Draw(t, "of")).Draw(t, "order")
		op := rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(t, "op")
		left, right := group[0], group[1]
		is := numbersOf(r, c)
		a, b := is[left], is[right]
		if rapid.Bool().Draw(t, "abs") {
			right, b = "abs("+right+")", math.Abs(b)
		}
		want := map[string]bool{"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
		line := left + op + right
		f, err := Parse(line, testEnv())
		if err != nil {
			t.Fatal(err)
		}
		switch got := f.Match(r, c, now()); {
		case math.IsNaN(a) || math.IsNaN(b):
			if got != Unknown {
				t.Fatalf("%s of %v and %v is %v", line, a, b, got)
			}
		case got != model.TruthOf(want):
			t.Fatalf("%s of %v and %v is %v", line, a, b, got)
		}
	})
}

// A filter by marks takes the rows that carry them, and never one that does not.
func TestMarksAreThoseShown(t *testing.T) {
	letters := []string{"W", "U", "u", ">", "=", "!"}
	rapid.Check(t, func(t *rapid.T) {
		r, c := drawRow(t)
		r.Size = uint32(rapid.SampledFrom([]int{50, 100, 1_840, 1_841, 2_310}).Draw(t, "size"))
		letter := rapid.SampledFrom(letters).Draw(t, "mark")
		f, err := Parse("mark="+letter, testEnv())
		if err != nil {
			t.Fatal(err)
		}
		shown := model.MarksOf(&r.Row, c, model.DefaultRules()).String()
		carries := false
		for _, l := range shown {
			carries = carries || string(l) == letter
		}
		if got := f.Match(r, c, now()); (got == True) != carries {
			t.Fatalf("the row shows %q, mark=%s is %v", shown, letter, got)
		}
	})
	if got, want := Values("mark"), letters; len(got) != len(want) {
		t.Errorf("the marks are %v", got)
	}
}

// Fields are compared within their kind, and every field that can be says which.
func TestValuesOfFields(t *testing.T) {
	for field, want := range map[string]string{"size": "vol", "strike": "price", "otm": "iv", "side": "ask", "source": "ws", "delta": "", "exp": "", "nothing": ""} {
		got := ""
		if all := Values(field); len(all) > 0 {
			got = all[0]
		}
		if got != want {
			t.Errorf("%s goes with %q first, want %q", field, got, want)
		}
	}
}
