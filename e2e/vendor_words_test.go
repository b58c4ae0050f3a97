package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spoken are the rooms in which the vendor's words may stand: the client, and the
// servers that play the vendor.
var spoken = []string{"feed/massive/...", "feed/sim/...", "feed/mimic", "bench/peers"}

// ofTheWire is what others may say of package massive: where to connect, and who
// answered.
var ofTheWire = []string{"Streams", "StreamOptions", "Dialect", "Massive", "Origin", "SimulatorServer"}

// Nothing but the source knows the vendor's words: neither a status as it is
// written on the wire, nor what package massive calls it, stands elsewhere.
func TestOnlyTheSourceKnowsTheVendorsWords(t *testing.T) {
	files := repositoryFiles(t, func(p string) bool { return path.Ext(p) == ".go" && !strings.HasSuffix(p, "_test.go") })
	if len(files) < 200 {
		t.Fatalf("%d files only", len(files))
	}
	var statuses []string // the others are plain English
	texts, _ := said(t, files["feed/massive/words.go"])
	for _, text := range texts {
		if strings.Contains(text, "_") && !strings.Contains(text, " ") {
			statuses = append(statuses, text)
		}
	}
	if !slices.Contains(statuses, "auth_success") || !slices.Contains(statuses, "max_connections") {
		t.Fatalf("the vendor's statuses are no longer in feed/massive/words.go: %q", statuses)
	}
	for name, code := range files {
		if matchesAny(path.Dir(name), spoken) {
			continue
		}
		texts, names := said(t, code)
		for _, text := range texts {
			if slices.ContainsFunc(statuses, func(word string) bool { return strings.Contains(text, word) }) {
				t.Errorf("%s says %q, which is the vendor's", name, text)
			}
		}
		for _, of := range names {
			if !slices.Contains(ofTheWire, of) {
				t.Errorf("%s speaks of massive.%s: that belongs behind the source", name, of)
			}
		}
	}
}

// said are the texts in a file's code, and what it takes from package massive.
func said(t *testing.T, code []byte) (texts, names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", code, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				texts = append(texts, text)
			}
		case *ast.SelectorExpr:
			if from, is := n.X.(*ast.Ident); is && from.Name == "massive" {
				names = append(names, n.Sel.Name)
			}
		}
		return true
	})
	return texts, names
}
