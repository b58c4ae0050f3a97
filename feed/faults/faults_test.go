package faults

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTableIsInOrderAndSaysSomething(t *testing.T) {
	last := 0
	for i, f := range Table {
		if f.Number <= last || f.What == "" || f.Does == "" || strings.Contains(f.What+f.Does, "|") {
			t.Errorf("row %d: %+v", i+1, f)
		}
		last = f.Number
		if found, ok := byNumber(f.Number); !ok || found != f {
			t.Errorf("fault %d is not found", f.Number)
		}
	}
	if _, ok := byNumber(99); ok {
		t.Error("a fault of a part that is not there is found")
	}
	if got := promised(0) + promised(76*s) + promised(10*m); got != "–76 s10 min" {
		t.Error(got)
	}
}

const (
	document = "../../docs/reliability.md"
	begins   = "<!-- faults: generated, see make faults -->\n"
	ends     = "<!-- end -->\n"
)

var update = flag.Bool("update", false, "write the table into docs/reliability.md")

func TestDocumentIsCurrent(t *testing.T) {
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !ok || !closed {
		t.Fatal("no place for the table")
	}
	want := before + begins + Markdown() + ends + after
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(b) {
		t.Error("docs/reliability.md is not current: go test ./feed/faults -update")
	}
}

// A number without a test would be a promise without proof.
func TestEveryFaultHasATest(t *testing.T) {
	proven := map[int]bool{}
	declared := regexp.MustCompile(`(?m)^func TestFault(\d\d)[A-Z]\w*\(t \*testing\.T\) \{`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(b, -1) {
			n, _ := strconv.Atoi(string(m[1]))
			proven[n] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Table {
		if !proven[f.Number] {
			t.Errorf("fault %d (%s) has no test", f.Number, f.What)
		}
	}
}

// What was measured keeps what is promised.
func TestMeasurementsKeepThePromises(t *testing.T) {
	for line := range strings.Lines(measured) {
		var n int
		var took [2]string
		_, err := fmt.Sscan(line, &n, &took[0], &took[1])
		f, found := byNumber(n)
		if err != nil || !found {
			t.Errorf("line %q: %v", line, err)
			continue
		}
		for i, most := range []time.Duration{f.Notice, f.Recover} {
			if took[i] == "-" {
				continue
			}
			if d, err := time.ParseDuration(took[i] + "s"); err != nil || d > most+tolerance {
				t.Errorf("fault %d: %s s measured, %v promised", n, took[i], most)
			}
		}
	}
}
