package ui

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/rates"
	"optflow/ui/rows"
	"optflow/ui/table"
)

// docs/words.md has every column, mark, side and sentence about a gap.
func TestWordsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/words.md")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		first, _, _ := strings.Cut(line[1:], "|") // its cell, which may name several
		for word := range strings.SplitSeq(first, ", ") {
			words[strings.Trim(word, " `")] = true
		}
	}
	want := map[string]string{}
	for _, c := range table.Tape {
		want[c.Head] = "column"
	}
	probe := &table.Cell{Zone: &format.Zone{}}
	for _, c := range table.ContractColumns(probe) {
		want[c.Head] = "column of Contracts"
	}
	for _, c := range table.TickerColumns(probe.Zone, true) {
		want[c.Head] = "column of Tickers"
	}
	for _, c := range table.AlertColumns(probe) {
		want[c.Head] = "column of Alerts"
	}
	for _, letter := range table.SideLetters {
		want[letter] = "side"
	}
	for _, mark := range regexp.MustCompile(".").FindAllString((model.MarkWhale | model.MarkUnusual | model.MarkUnusualLater | model.MarkAboveOI | model.MarkTwin).String(), -1) {
		want[mark] = "mark"
	}
	want["!"] = "mark"
	for _, head := range rates.Columns() {
		want[head] = "column of the ledger"
	}
	for _, sentence := range rows.GapWords {
		if sentence != "" && !strings.Contains(string(text), "| "+sentence+" |") {
			t.Errorf("docs/words.md does not have %q", sentence)
		}
	}
	delete(want, "")
	for word, what := range want {
		if !words[word] {
			t.Errorf("docs/words.md does not have the %s %s", what, word)
		}
	}
}
