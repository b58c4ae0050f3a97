package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// unguardedRooms start goroutines as they like: one is where the guard lives, the
// others are for tests only.
var unguardedRooms = []string{"model/crash", "feed/mimic", "feed/sim/faultline", "bench", ".ci"}

// TestGoroutinesAreGuarded walks all that starts a goroutine: go statements stand
// in model/crash alone, and what a group or a timer is to run is guarded. A panic
// would end the program with the terminal as the screen left it.
func TestGoroutinesAreGuarded(t *testing.T) {
	files, started := token.NewFileSet(), 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		within, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, room := range unguardedRooms {
			if strings.HasPrefix(filepath.ToSlash(within), room+"/") {
				return nil
			}
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: start it with crash.Go", files.Position(n.Pos()))
			case *ast.CallExpr:
				switch name := calls(n); {
				case name == "crash.Go":
					started++
				case strings.HasSuffix(name, ".Go") || strings.HasSuffix(name, ".AfterFunc"):
					started++
					last, isCall := n.Args[len(n.Args)-1].(*ast.CallExpr)
					if !isCall || calls(last) != "crash.Guarded" {
						t.Errorf("%s: what %s runs is to be crash.Guarded", files.Position(n.Pos()), name)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if started < 20 {
		t.Errorf("%d goroutines found only", started)
	}
}

// calls is the selector that is called, such as "group.Go"; "" for other calls.
func calls(c *ast.CallExpr) string {
	selector, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if from, ok := selector.X.(*ast.Ident); ok {
		return from.Name + "." + selector.Sel.Name
	}
	return "?." + selector.Sel.Name
}
