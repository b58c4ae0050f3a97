package filter

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

func TestNever(t *testing.T) {
	env := testEnv()
	env.Followed = []string{"NVDA", "SPY"}
	for line, want := range map[string]bool{
		"": false, "nvda": false, "amd": true, "$amd": true, "not amd": false, "not nvda": false, "nvda spy": true, "nvda,spy": false,
		"amd,tsla": true, "amd or calls": false, "amd calls": true, "(amd or spy) not spy": true, "ticker=amd": true, "ticker=amd,spy": false,
		"ticker!=nvda,spy": true, "ticker!=amd": false, "calls": false, "spxw": true, "not (nvda calls)": false, "not nvda not spy": true,
	} {
		f, err := Parse(line, env)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if f.Never() != want {
			t.Errorf("%q: never is %v", line, f.Never())
		}
	}
	env.Followed = nil
	if f, err := Parse("amd", env); err != nil || f.Never() {
		t.Errorf("knowing nothing of what is followed, nothing is said: %v", err)
	}
}

// A filter that never matches matches no row of a ticker that is followed.
func TestNeverIsTrue(t *testing.T) {
	env := testEnv()
	env.Followed = []string{"NVDA", "SPY"}
	atom := rapid.SampledFrom([]string{"nvda", "spy", "amd", "calls", "puts", "ticker=spy,amd", "ticker!=nvda", "size>500", "has(iv)"})
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		for i := range rapid.IntRange(1, 5).Draw(rt, "terms") {
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{" ", " or ", " and "}).Draw(rt, "join"))
			}
			b.WriteString(rapid.SampledFrom([]string{"", "not ", "!"}).Draw(rt, "not") + atom.Draw(rt, "atom"))
		}
		f, err := Parse(b.String(), env)
		if err != nil {
			rt.Skip()
		}
		for _, ticker := range env.Followed {
			for _, kind := range []model.OptionType{model.Call, model.Put} {
				r, c := sample(func(_ *model.Burst, c *model.Contract) { c.Underlying, c.Root, c.Type = ticker, ticker, kind })
				if f.Never() && f.Match(r, c, now()) == True {
					rt.Fatalf("%q never matches, and it matches a %s row", b.String(), ticker)
				}
			}
		}
	})
}

// What takes single trades is refused in words, not taken for a ticker.
func TestWordsOfSingleTrades(t *testing.T) {
	env := testEnv()
	for _, word := range tradeWords {
		for _, line := range []string{word, "calls " + word, "not " + strings.ToUpper(word)} {
			_, err := Parse(line, env)
			if err == nil || !strings.Contains(err.Error(), "told from single trades") {
				t.Errorf("%q: %v", line, err)
			}
		}
	}
	if _, err := Parse("$block", env); err != nil {
		t.Errorf("with $ it is the ticker: %v", err)
	}
	env.Followed = []string{"BLOCK"}
	if f, err := Parse("block", env); err != nil || f.Never() {
		t.Errorf("a ticker that is followed: %v", err)
	}
}
