// Command systems type-checks everything below the working directory, tests
// included, for the systems that are named, such as darwin/arm64, and has go
// vet's analyzers look at it. It reads what is imported as source, without the
// bodies of functions: go vet would compile all of that once for each system.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/assign"
	"golang.org/x/tools/go/analysis/passes/atomic"
	"golang.org/x/tools/go/analysis/passes/bools"
	"golang.org/x/tools/go/analysis/passes/buildtag"
	"golang.org/x/tools/go/analysis/passes/composite"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/defers"
	"golang.org/x/tools/go/analysis/passes/directive"
	"golang.org/x/tools/go/analysis/passes/errorsas"
	"golang.org/x/tools/go/analysis/passes/ifaceassert"
	"golang.org/x/tools/go/analysis/passes/loopclosure"
	"golang.org/x/tools/go/analysis/passes/nilfunc"
	"golang.org/x/tools/go/analysis/passes/shift"
	"golang.org/x/tools/go/analysis/passes/sigchanyzer"
	"golang.org/x/tools/go/analysis/passes/stdmethods"
	"golang.org/x/tools/go/analysis/passes/stringintconv"
	"golang.org/x/tools/go/analysis/passes/structtag"
	"golang.org/x/tools/go/analysis/passes/testinggoroutine"
	"golang.org/x/tools/go/analysis/passes/tests"
	"golang.org/x/tools/go/analysis/passes/timeformat"
	"golang.org/x/tools/go/analysis/passes/unmarshal"
	"golang.org/x/tools/go/analysis/passes/unreachable"
	"golang.org/x/tools/go/analysis/passes/unsafeptr"
	"golang.org/x/tools/go/packages"
)

// analyzers are those of go vet that need no facts of what is imported.
var analyzers = []*analysis.Analyzer{
	assign.Analyzer, atomic.Analyzer, bools.Analyzer, buildtag.Analyzer, composite.Analyzer, copylock.Analyzer, defers.Analyzer,
	directive.Analyzer, errorsas.Analyzer, ifaceassert.Analyzer, loopclosure.Analyzer, nilfunc.Analyzer, shift.Analyzer,
	sigchanyzer.Analyzer, stdmethods.Analyzer, stringintconv.Analyzer, structtag.Analyzer, testinggoroutine.Analyzer, tests.Analyzer,
	timeformat.Analyzer, unmarshal.Analyzer, unreachable.Analyzer, unsafeptr.Analyzer,
}

func main() {
	bad := false
	for _, system := range os.Args[1:] {
		if system == runtime.GOOS+"/"+runtime.GOARCH {
			continue // go vet itself looks at that
		}
		n, err := check(system)
		if err != nil {
			fmt.Fprintf(os.Stderr, "on %s: %v\n", system, err)
			bad = true
			continue
		}
		fmt.Printf("   %s: %d packages\n", system, n)
	}
	if bad {
		os.Exit(1)
	}
}

// check says how many packages there are, or what is wrong in them.
func check(system string) (n int, err error) {
	goos, goarch, is := strings.Cut(system, "/")
	if !is {
		return 0, fmt.Errorf("want a system such as linux/arm64")
	}
	all, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax, Tests: true,
		Env: append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		return 0, err
	}
	var found []string
	packages.Visit(all, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			found = append(found, e.Error())
		}
	})
	if len(found) == 0 {
		if found, err = analyze(all); err != nil {
			return 0, err
		}
	}
	if len(found) > 0 {
		return 0, fmt.Errorf("%d findings\n%s", len(found), strings.Join(found, "\n"))
	}
	if len(all) < 100 {
		return 0, fmt.Errorf("only %d packages were looked at", len(all))
	}
	return len(all), nil
}

func analyze(all []*packages.Package) (found []string, err error) {
	graph, err := checker.Analyze(analyzers, all, nil)
	if err != nil {
		return nil, err
	}
	for action := range graph.All() {
		if !action.IsRoot {
			continue
		}
		if action.Err != nil {
			found = append(found, fmt.Sprintf("%s: %v", action.Package.PkgPath, action.Err))
		}
		for _, d := range action.Diagnostics {
			found = append(found, fmt.Sprintf("%s: %s", action.Package.Fset.Position(d.Pos), d.Message))
		}
	}
	return found, nil
}
