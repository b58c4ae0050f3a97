package market

import "testing"

func TestRates(t *testing.T) {
	for text, want := range map[string]float64{"10x": 10, "10": 10, "1/4x": 0.25, "1/2": 0.5, "max": Unpaced, "MAX": Unpaced, "600x": 600, "2.5x": 2.5} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		if again, err := ParseRate(RateText(want)); err != nil || again != want {
			t.Errorf("%v is written %s, and read %v, %v", want, RateText(want), again, err)
		}
	}
	for _, text := range []string{"", "x", "0", "-1", "0.1", "601x", "1/0", "NaN", "fast", "ma", "1/8x"} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
