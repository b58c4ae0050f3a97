package e2e

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rounded are the rooms in which the same inputs must come to the same numbers on
// every processor: what a book makes of them, and what follows from its rows.
var rounded = []string{"./model", "./model/book", "./model/image", "./model/side", "./model/tape", "./model/twin", "./model/burst", "./model/rules", "./model/view", "./model/daylog"}

// Some processors add to a product without rounding it first (arm64, not amd64),
// and the compiler may have them do so wherever a product is added to something
// later, unless it is converted: so each product of floats that is not itself a
// factor, divided, compared or rounded by math is written float64(x*y).
func TestProductsAreRounded(t *testing.T) {
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,GoFiles,Export", "-export", "-deps"}, rounded...)...)
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	exports, rooms := map[string]string{}, []listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		for _, room := range rounded {
			if p.ImportPath == "optflow"+room[1:] {
				rooms = append(rooms, p)
			}
		}
	}
	if len(rooms) != len(rounded) {
		t.Fatalf("%d rooms of %d", len(rooms), len(rounded))
	}
	for _, room := range rooms {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range room.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(room.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
		for _, at := range unrounded(t, config, room.ImportPath, fset, files) {
			t.Errorf("%s: a product that is not rounded", at)
		}
	}
}

// unrounded are the places of products that might be added to without rounding.
func unrounded(t *testing.T, config types.Config, path string, fset *token.FileSet, files []*ast.File) (places []string) {
	t.Helper()
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if _, err := config.Check(path, fset, files, &info); err != nil {
		t.Fatal(err)
	}
	float := func(e ast.Expr) bool {
		of := info.Types[e]
		if of.Type == nil || of.Value != nil {
			return false
		}
		basic, is := of.Type.Underlying().(*types.Basic)
		return is && basic.Info()&types.IsFloat != 0
	}
	for _, file := range files {
		var above []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				above = above[:len(above)-1]
				return true
			}
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok == token.MUL_ASSIGN && float(n.Lhs[0]) {
					places = append(places, fset.Position(n.Pos()).String())
				}
			case *ast.BinaryExpr:
				if n.Op == token.MUL && float(n) && !isRounded(&info, above) {
					places = append(places, fset.Position(n.Pos()).String())
				}
			}
			above = append(above, n)
			return true
		})
	}
	return places
}

// isRounded reports whether what is made of an expression is no sum: by what
// stands around it, the nearest last.
func isRounded(info *types.Info, above []ast.Node) bool {
	for i := len(above) - 1; i >= 0; i-- {
		switch n := above[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.BinaryExpr:
			switch n.Op {
			case token.MUL, token.QUO, token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
				return true
			}
			return false
		case *ast.CallExpr:
			if info.Types[n.Fun].IsType() {
				return true
			}
			f, is := n.Fun.(*ast.SelectorExpr)
			if !is {
				return false
			}
			of, is := f.X.(*ast.Ident)
			return is && of.Name == "math"
		default:
			return false
		}
	}
	return false
}
