package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"optflow/bench/heap"
	"optflow/config/textfile"
)

// What reading a file may allocate in all, what is thrown away at once included.
const (
	lineFactor = 1024 // and of one that people write: a line of two bytes may be worth a warning, or a parser
)

// raced is 1, or under the race detector, where patterns allocate anew what they
// otherwise keep in pools, how many times as much may be allocated.
var raced = 1

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
		"variables": numbered("A%x=1\n"), "one variable": repeat("A=1\n"), "empty": repeat("A=\n"), "ends": repeat("\n"), "returns": repeat("\r"),
		"broken": repeat("x\n"), "ours broken": repeat("OPTFLOW_\n"), "open quotes": repeat("A=\"\n"), "open quote": "A=\"" + repeat("x\n"), "quotes": repeat("\""),
		"dollars": "A=" + repeat("$"), "sets": repeat("set "), "escapes": "A=\"" + repeat(`\n`) + "\"", "names of ours": numbered("massive_api_key_%d=x\n"),
		"keys": numbered("a%d = 1\n"), "tables": numbered("[a%d]\n"), "deep table": "[" + strings.TrimSuffix(repeat("a."), ".") + "]", "deep key": strings.TrimSuffix(repeat("a."), ".") + " = 1",
		"tables of tables": repeat("[[tabs]]\n"), "tabs": repeat("[[tabs]]\nname = \"x\"\n"), "lists": "a = " + repeat("[") + repeat("]"), "inline": "a = " + repeat("{a=") + "1" + repeat("}"),
		"list": "tickers = [" + repeat("1,") + "]", "texts": "sessions = [" + repeat("'',") + "]", "filters": "filters = [" + repeat("'x',") + "]",
		"volumes": "sessions = [" + repeat("'2026-01-02 SPY - 1 2',") + "]", "many volumes": "sessions = ['2026-01-02 SPY" + repeat(" -") + "']",
		"pins": repeat("[[pins]]\ncontract = 'x'\n"), "floors": "[floor]\n" + numbered("A%d = 1\n"), "themes": numbered("[themes.a%d]\ncall = '#fff'\n"), "shortcuts": "[keys]\n" + numbered("a%d = ['x']\n"),
		"long text": "filter = '" + repeat("x") + "'", "long unicode": "filter = \"" + repeat(`\u0041`) + "\"", "long name": repeat("x") + " = 1", "comments": repeat("#\n"),
		"UTF-16": "\xff\xfe" + repeat("A\x00=\x001\x00\n\x00"), "nothing": repeat("\x00"), "not UTF-8": repeat("\xff"),
	}
}

// reader reads a file of at most so many bytes at a cost of factor bytes for each.
type reader struct {
	most, factor int
	read         func()
}

// readAll has every reader of files read the text, and measures each, as far as
// its file may be so long.
func readAll(t testing.TB, text string) {
	t.Helper()
	reads := map[string]reader{
		".env":     {largestDotEnv, lineFactor, func() { newLoader(Options{}).takeDotEnv(decodeText([]byte(text))) }},
		"key file": {largestKeyFile, lineFactor, func() { keyOf(decodeText([]byte(text))) }},
		"config":   {textfile.Max, lineFactor, func() { newLoader(Options{}).parseFile(configName, []byte(text)) }},
	}
	for _, name := range slices.Sorted(maps.Keys(reads)) {
		if r := reads[name]; len(text) <= r.most {
			heap.Within(t, name, len(text), r.factor, raced, r.read)
		}
	}
}

func TestFilesCostWhatTheyAre(t *testing.T) {
	for _, size := range []int{200, 30 << 10 / raced} {
		for name, text := range costlyTexts(size) {
			t.Run(fmt.Sprintf("%s, %d KB", name, size>>10), func(t *testing.T) { readAll(t, text) })
		}
	}
}

func FuzzFilesHeap(f *testing.F) {
	for _, text := range costlyTexts(200) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { readAll(t, text) })
}
