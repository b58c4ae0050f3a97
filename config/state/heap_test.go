package state

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optflow/bench/heap"
	"optflow/config/textfile"
	"optflow/model"
)

// What reading a file may allocate in all, what is thrown away at once included.
const (
	heapFactor = 200 // bytes for each byte of a file that we write: a key of many parts costs a table for each, 120
)

// costlyTexts are files that cost, or might cost, far more than their size.
func costlyTexts(size int) map[string]string {
	repeat := func(text string) string { return strings.Repeat(text, max(size/len(text), 1)) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	return map[string]string{
		"keys": numbered("a%d = 1\n"), "tables": numbered("[a%d]\n"), "deep table": "[" + strings.TrimSuffix(repeat("a."), ".") + "]", "deep key": strings.TrimSuffix(repeat("a."), ".") + " = 1",
		"list": "tickers = [" + repeat("1,") + "]", "texts": "sessions = [" + repeat("'',") + "]", "filters": "filters = [" + repeat("'x',") + "]",
		"volumes": "sessions = [" + repeat("'2026-01-02 SPY - 1 2',") + "]", "many volumes": "sessions = ['2026-01-02 SPY" + repeat(" -") + "']",
		"whole volumes": "sessions = [" + repeat("'2026-01-02 SPY"+strings.Repeat(" -", model.VolumeMarks)+"',") + "]",
		"pins":          repeat("[[pins]]\ncontract = 'x'\n"), "saved tabs": repeat("[[tabs]]\nname = 'x'\n"), "long text": "theme = '" + repeat("x") + "'",
		"long unicode": "theme = \"" + repeat(`\u0041`) + "\"", "long name": repeat("x") + " = 1", "comments": repeat("#\n"), "nothing": repeat("\x00"), "not UTF-8": repeat("\xff"),
	}
}

// readAll has every reader of the folder's files read the text, and measures
// each, as far as its file may be so long.
func readAll(t testing.TB, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), Name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []struct {
		name string
		most int
		read func()
	}{
		{"choices", textfile.Max, func() { _, _ = Choices(path) }},
		{"tabs", tabsFileMost, func() { _, _ = recallTabs(path) }},
		{"history", historyFileMost, func() { _, _ = recallLines(path) }},
		{"pins", pinsFileMost, func() { _, _ = recallPins(path) }},
		{"volumes", textfile.Max, func() { _, _ = recallVolumes(path) }},
	} {
		if len(text) <= file.most {
			heap.Within(t, file.name, len(text), heapFactor, 1, file.read)
		}
	}
}

func TestStateCostsWhatItIs(t *testing.T) {
	for _, size := range []int{200, 30 << 10} {
		for name, text := range costlyTexts(size) {
			t.Run(fmt.Sprintf("%s, %d KB", name, size>>10), func(t *testing.T) { readAll(t, text) })
		}
	}
}

func FuzzStateHeap(f *testing.F) {
	for _, text := range costlyTexts(200) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { readAll(t, text) })
}
