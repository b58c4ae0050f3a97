package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What docs/performance.md names is there: every test and benchmark, and every
// target of the Makefile.
func TestPerformanceDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := regexp.MustCompile("`make ([a-z-]+)`").FindAllSubmatch(text, -1)
	for _, m := range targets {
		if !strings.Contains(string(makefile), "\n"+string(m[1])+":") {
			t.Errorf("the Makefile has no %s", m[1])
		}
	}
	declared := map[string]bool{}
	names := regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`)
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, m := range names.FindAllSubmatch(code, -1) {
			declared[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz)[A-Z]\w+`).FindAllString(string(text), -1)
	for _, name := range named {
		if !declared[name] {
			t.Errorf("there is no %s", name)
		}
	}
	if len(targets) < 10 || len(named) < 10 {
		t.Errorf("%d targets and %d names were found", len(targets), len(named))
	}
}
