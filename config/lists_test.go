package config

import (
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	s := place{file: "tickers = \"@mag7,tsla\"\n[lists]\nMag7 = \"AAPL, msft;nvda\"\nidx = [\"$SPX\", \"I:RUI\"]\n"}.mustLoad(t)
	if len(s.Lists) != 2 || s.Lists[0].Name != "mag7" && s.Lists[1].Name != "mag7" || strings.Join(s.Tickers, " ") != "AAPL MSFT NVDA TSLA" {
		t.Errorf("%+v, tickers %v", s.Lists, s.Tickers)
	}
	if got := s.Source("lists.idx").String(); got != "config.toml:4" {
		t.Errorf("idx is from %s", got)
	}
	said := ""
	for _, l := range s.Describe() {
		said += l.Key + " " + l.Value + " " + l.Source + "\n"
	}
	if !strings.Contains(said, "lists.mag7 AAPL,MSFT,NVDA config.toml:3\n") {
		t.Errorf("the lists are not shown:\n%s", said)
	}
	s = place{file: "[lists]\nmag7 = \"AAPL,MSFT\"\n", args: []string{"--tickers", "@mag7"}}.mustLoad(t)
	if strings.Join(s.Tickers, " ") != "AAPL MSFT" {
		t.Errorf("--tickers @mag7 follows %v", s.Tickers)
	}
}

// What is wrong with a list is said with its place, at start.
func TestListsAreStrict(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"lists = 5", "config.toml:1: lists is no table of lists; allowed: [lists] and below it"},
		{"[lists]\nm = \"\"", `lists.m: "" from config.toml:2 names no ticker`},
		{"[lists]\nm = [1]", "is a list of other things than texts"},
		{"\n[lists]\nmag7 = \"AAPL,^SPX\"", `lists.mag7: "AAPL,^SPX" from config.toml:3 has a word that is wrong: "^SPX" is no ticker: did you mean SPX?`},
		{"[lists]\n\"a b\" = \"AAPL\"", "config.toml:2: a name is no name of a list"},
		{"[lists]\nabcdefghijklmnopq = \"AAPL\"", "is no name of a list; allowed: [lists]"},
		{"[lists]\nx = \"AAPL\"\nX = \"MSFT\"", "is the name of a list already, in config.toml:"},
		{"[lists]\nm = \"@other\"\nother = \"SPY\"", "there is no list @other"},
		{"tickers = \"@mag8\"\n[lists]\nmag7 = \"AAPL\"", `tickers: "@mag8" from config.toml:1 has a word that is wrong: there is no list @mag8: there are @mag7`},
		{"[[tabs]]\nname = \"All\"\n[[tabs]]\nname = \"Mag 7\"\n[lists]\nmag-7 = \"AAPL\"", `config.toml:3: the tab "Mag 7" has the name of the list in config.toml:6: @mag-7 would be either`},
	} {
		_, err := place{file: tt.text}.load(t)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
}
