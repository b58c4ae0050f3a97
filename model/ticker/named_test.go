package ticker

import (
	"slices"
	"strings"
	"testing"
)

func TestAtName(t *testing.T) {
	for name, want := range map[string]string{
		"mag7": "mag7", "Top 5%": "top-5%", "@Big": "big", "a  (b), c": "a-b-c", "": "", "@": "", "x<=y": "x-y", "Größe": "größe",
	} {
		if got := AtName(name); got != want {
			t.Errorf("%q is @%s, want @%s", name, got, want)
		}
	}
}

var someLists = []Named{{"mag7", []string{"AAPL", "MSFT", "NVDA"}}, {"idx", []string{"SPX", "I:RUI"}}}

func TestNamedLists(t *testing.T) {
	for text, want := range map[string]string{
		"@mag7": "AAPL MSFT NVDA", "@MAG7,tsla": "AAPL MSFT NVDA TSLA", "nvda @mag7": "NVDA AAPL MSFT", "rui;@idx": "I:RUI SPX", "spy": "SPY", "": "",
	} {
		got, err := List(text, someLists...)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"@mag8": "there is no list @mag8: there are @mag7, @idx", "spy,@": "there is no list @: there are @mag7, @idx", "@mag7 ^spx": `"^spx" is no ticker: did you mean SPX?`,
	} {
		if _, err := List(text, someLists...); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := List("@mag7"); err == nil || !strings.Contains(err.Error(), "[lists] in the config file has none") {
		t.Errorf("%v", err)
	}
	if l, err := Find(someLists, "Idx"); err != nil || !slices.Equal(l.Tickers, []string{"SPX", "I:RUI"}) {
		t.Errorf("%v %v", l, err)
	}
}
