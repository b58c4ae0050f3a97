package e2e

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is where the repository begins, as seen from here.
const root = ".."

// goPackage is what go list says of a package; Deps are transitive.
type goPackage struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
	// IgnoredGoFiles are those of other systems.
	IgnoredGoFiles []string
	Deps           []string
}

// nouns are what every room of model stands on.
var nouns = []string{"optflow/model", "optflow/model/image", "optflow/model/near", "optflow/model/ticker"}

// mayImport says which of our own packages each room may reach, directly or
// through others. What is not named here is a new room: decide where it stands.
var mayImport = []struct {
	room string // an import path, with /... for everything below it too
	own  []string
}{
	{"optflow", []string{"optflow/..."}},
	{"optflow/cli", []string{"optflow/..."}},
	{"optflow/cli/alerts", []string{"optflow/config/textfile", "optflow/model/..."}},
	{"optflow/cli/followup", []string{"optflow/model/..."}},
	{"optflow/cli/attach", []string{"optflow/feed/...", "optflow/model/..."}},
	{"optflow/cli/manual", []string{"optflow/config/...", "optflow/model/...", "optflow/ui/..."}},
	{"optflow/cli/replaying", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/player", "optflow/feed/replica"}},
	{"optflow/cli/progress", nil},
	{"optflow/cli/archive", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/history/parquet", "optflow/feed/history/rerun"}},
	{"optflow/cli/hits", []string{"optflow/model/...", "optflow/feed/history/...", "optflow/ui/tail"}},
	{"optflow/cli/process", []string{"optflow/model/crash"}},
	{"optflow/cli/machine", []string{"optflow/ui/terminal"}},
	{"optflow/cli/serving", []string{"optflow/config/...", "optflow/feed/seat", "optflow/logs", "optflow/model/...", "optflow/ui/..."}},
	{"optflow/e2e", nil}, // its tests may import what they like
	{"optflow/model", []string{"optflow/model/image", "optflow/model/ticker"}},
	{"optflow/model/image", nil},
	{"optflow/model/ticker", nil},
	{"optflow/model/termsafe", nil},
	{"optflow/model/crash", nil},
	{"optflow/model/near", nil},
	{"optflow/model/clock", nil},
	{"optflow/model/session", nouns},
	{"optflow/model/filter", nouns},
	{"optflow/model/tape", nouns},
	{"optflow/model/side", nouns},
	{"optflow/model/twin", nouns},
	{"optflow/model/burst", append(nouns, "optflow/model/side", "optflow/model/twin")},
	{"optflow/model/board", append(nouns, "optflow/model/burst", "optflow/model/side", "optflow/model/twin")},
	{"optflow/model/book", append(nouns, "optflow/model/side", "optflow/model/twin", "optflow/model/tape")},
	{"optflow/model/daylog", append(nouns, "optflow/model/book", "optflow/model/side", "optflow/model/tape", "optflow/model/termsafe", "optflow/model/twin")},
	{"optflow/model/memory", nouns},
	{"optflow/model/alert", nouns},
	{"optflow/model/rules", append(nouns, "optflow/model/alert", "optflow/model/burst", "optflow/model/filter", "optflow/model/side", "optflow/model/tape", "optflow/model/twin")},
	{"optflow/model/ledger", append(nouns, "optflow/model/alert", "optflow/model/burst", "optflow/model/filter", "optflow/model/rules", "optflow/model/session", "optflow/model/side", "optflow/model/tape", "optflow/model/twin")},
	{"optflow/model/market", append(nouns, "optflow/model/tape")},
	{"optflow/model/view", append(nouns, "optflow/model/filter")},
	{"optflow/config", []string{"optflow/config/...", "optflow/model", "optflow/model/image", "optflow/model/alert", "optflow/model/memory", "optflow/model/near", "optflow/model/ticker"}},
	{"optflow/config/alerts", []string{"optflow/config/textfile", "optflow/model", "optflow/model/image", "optflow/model/alert", "optflow/model/ticker"}},
	{"optflow/config/state", []string{"optflow/config/textfile", "optflow/model", "optflow/model/image", "optflow/model/alert", "optflow/model/memory", "optflow/model/ticker"}},
	{"optflow/config/textfile", nil},
	{"optflow/config/viewers", []string{"optflow/config/alerts", "optflow/config/textfile", "optflow/model", "optflow/model/image", "optflow/model/alert", "optflow/model/termsafe", "optflow/model/ticker"}},
	{"optflow/logs", nil},
	{"optflow/bench/cpu", nil},
	{"optflow/bench/heap", nil},
	{"optflow/feed", []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/plan", "optflow/feed/rest", "optflow/feed/source"}},
	{"optflow/feed/player", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/replica"}},
	{"optflow/feed/replica", []string{"optflow/model/..."}},
	{"optflow/feed/seat", []string{"optflow/model/..."}},
	{"optflow/feed/link", []string{"optflow/model/...", "optflow/feed/plan"}},
	{"optflow/feed/doctor", []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/plan", "optflow/feed/source"}},
	{"optflow/feed/relay", []string{"optflow/model/...", "optflow/feed/history"}},
	{"optflow/feed/relay/follower", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/relay", "optflow/feed/replica"}},
	{"optflow/feed/relay/socket", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/relay"}},
	{"optflow/feed/relay/dock", []string{"optflow/model/..."}},
	{"optflow/feed/relay/relaytest", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/relay"}},
	{"optflow/feed/relay/bus", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/relay"}},
	{"optflow/feed/relay/hub", nil},
	{"optflow/cmd/optflow-hub", []string{"optflow/feed/relay/hub"}},
	{"optflow/feed/rest", []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/plan", "optflow/feed/source"}},
	{"optflow/feed/plan", nil},
	{"optflow/feed/massive", []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/massive/scan", "optflow/feed/massive/wire", "optflow/feed/plan", "optflow/feed/source"}},
	{"optflow/feed/massive/api", []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/massive/scan", "optflow/feed/massive/wire", "optflow/feed/plan", "optflow/feed/source"}},
	{"optflow/feed/massive/wire", []string{"optflow/model/...", "optflow/feed/massive/scan"}},
	{"optflow/feed/massive/scan", nil},
	{"optflow/feed/massive/wiretest", nil},
	{"optflow/feed/source", []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/plan"}},
	{"optflow/feed/sim", []string{"optflow/model/...", "optflow/feed/sim/exchange", "optflow/feed/sim/basis"}},
	{"optflow/feed/sim/exchange", []string{"optflow/model/...", "optflow/feed/sim/basis"}},
	{"optflow/feed/sim/basis", []string{"optflow/model/..."}},
	{"optflow/feed/capture", []string{"optflow/model/crash"}},
	{"optflow/feed/massive/tap", []string{"optflow/model/...", "optflow/feed/capture", "optflow/feed/link", "optflow/feed/massive/...", "optflow/feed/plan", "optflow/feed/source"}},
	{"optflow/feed/sim/playback", []string{"optflow/feed/capture", "optflow/model/crash"}},
	{"optflow/feed/sim/script", []string{"optflow/model/crash"}},
	{"optflow/feed/sim/faultline", nil},
	{"optflow/feed/mimic", nil},
	{"optflow/feed/faults", nil},
	{"optflow/feed/history", []string{"optflow/model/..."}},
	{"optflow/feed/history/parquet", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/history/rerun"}},
	{"optflow/feed/history/rerun", []string{"optflow/model/...", "optflow/feed/history"}},
	{"optflow/feed/history/search", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/history/parquet", "optflow/feed/history/rerun"}},
	{"optflow/feed/history/backtest", []string{"optflow/model/...", "optflow/feed/history", "optflow/feed/history/rerun"}},
	{"optflow/feed/history/historytest", []string{"optflow/model/...", "optflow/feed/history"}},
	{"optflow/ui/rates", []string{"optflow/model/...", "optflow/ui/format"}},
	{"optflow/ui/tail", []string{"optflow/model/..."}},
	{"optflow/ui/terminal", nil},
	{"optflow/ui/remote", []string{"optflow/model/crash", "optflow/ui/terminal"}},
	{"optflow/ui/paint", nil},
	{"optflow/ui/table", []string{"optflow/model/...", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint"}},
	{"optflow/ui/order", nil},
	{"optflow/ui/boards", []string{"optflow/model/..."}},
	{"optflow/ui/line", []string{"optflow/ui/paint", "optflow/model/..."}},
	{"optflow/ui/keys", []string{"optflow/ui/paint"}},
	{"optflow/ui/guide", []string{"optflow/model/...", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint", "optflow/ui/table"}},
	{"optflow/ui/format", []string{"optflow/model/..."}},
	{"optflow/ui/act", []string{"optflow/model/...", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/paint"}},
	{"optflow/ui/scene", []string{"optflow/model/...", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/paint"}},
	{"optflow/ui/totals", []string{"optflow/model/...", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint", "optflow/ui/table"}},
	{"optflow/ui/lens", []string{"optflow/model/...", "optflow/ui/act", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint", "optflow/ui/scene", "optflow/ui/table"}},
	{"optflow/ui/heat", []string{"optflow/model/...", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint", "optflow/ui/table"}},
	{"optflow/ui/rows", []string{"optflow/model/...", "optflow/ui/act", "optflow/ui/format", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint", "optflow/ui/scene", "optflow/ui/table", "optflow/ui/tail"}},
	{"optflow/ui/page", []string{"optflow/model/...", "optflow/ui/act", "optflow/ui/boards", "optflow/ui/format", "optflow/ui/heat", "optflow/ui/lens", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/paint", "optflow/ui/rates", "optflow/ui/rows", "optflow/ui/scene", "optflow/ui/table", "optflow/ui/tail", "optflow/ui/totals"}},
	{"optflow/ui/details", []string{"optflow/model/...", "optflow/ui/act", "optflow/ui/boards", "optflow/ui/format", "optflow/ui/heat", "optflow/ui/lens", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/page", "optflow/ui/paint", "optflow/ui/rates", "optflow/ui/rows", "optflow/ui/scene", "optflow/ui/table", "optflow/ui/tail", "optflow/ui/totals"}},
	{"optflow/ui/away", []string{"optflow/model/...", "optflow/ui/act", "optflow/ui/boards", "optflow/ui/format", "optflow/ui/heat", "optflow/ui/lens", "optflow/ui/keys", "optflow/ui/order", "optflow/ui/page", "optflow/ui/paint", "optflow/ui/rates", "optflow/ui/rows", "optflow/ui/scene", "optflow/ui/table", "optflow/ui/tail", "optflow/ui/totals"}},
	{"optflow/ui/pane", []string{"optflow/model/...", "optflow/ui/act", "optflow/ui/boards", "optflow/ui/format", "optflow/ui/heat", "optflow/ui/lens", "optflow/ui/guide", "optflow/ui/keys", "optflow/ui/line", "optflow/ui/order", "optflow/ui/page", "optflow/ui/paint", "optflow/ui/rates", "optflow/ui/rows", "optflow/ui/scene", "optflow/ui/table", "optflow/ui/tail", "optflow/ui/totals"}},
	{"optflow/ui/serve", []string{"optflow/model/...", "optflow/config/alerts", "optflow/config/textfile", "optflow/config/viewers", "optflow/ui", "optflow/ui/..."}},
	{"optflow/ui/serve/servetest", nil},
	{"optflow/ui", []string{"optflow/model/...", "optflow/ui/..."}},
}

// onlyIn says which rooms alone may depend on a package from outside.
var onlyIn = []struct {
	outside []string
	rooms   []string
}{
	{[]string{"charm.land/...", "github.com/charmbracelet/..."}, []string{
		"optflow", "optflow/cli", "optflow/cli/machine", "optflow/cli/serving", "optflow/cli/manual", "optflow/ui",
		"optflow/ui/paint", "optflow/ui/terminal", "optflow/ui/keys", "optflow/ui/line", "optflow/ui/table", "optflow/ui/act",
		"optflow/ui/scene", "optflow/ui/totals", "optflow/ui/lens", "optflow/ui/heat", "optflow/ui/rows", "optflow/ui/page", "optflow/ui/details", "optflow/ui/pane", "optflow/ui/away", "optflow/ui/guide", "optflow/ui/remote", "optflow/ui/serve",
	}},
	{[]string{"charm.land/ssh/..."}, []string{"optflow", "optflow/cli", "optflow/cli/serving", "optflow/ui/serve"}},
	{[]string{"golang.org/x/crypto/..."}, []string{"optflow", "optflow/cli", "optflow/cli/serving", "optflow/ui/serve", "optflow/ui/serve/servetest", "optflow/config/viewers", "optflow/feed/relay/bus", "optflow/feed/relay/hub", "optflow/cmd/optflow-hub", "optflow/cli/attach"}},
	{[]string{"github.com/coder/websocket/..."}, []string{"optflow", "optflow/cli", "optflow/feed/massive", "optflow/feed/massive/tap", "optflow/feed/sim", "optflow/feed/sim/playback", "optflow/feed/mimic", "optflow/cli/attach"}},
	{[]string{"github.com/klauspost/compress/..."}, []string{"optflow", "optflow/cli", "optflow/cli/archive", "optflow/cli/hits", "optflow/cli/replaying", "optflow/feed/history", "optflow/feed/history/parquet", "optflow/feed/history/rerun", "optflow/feed/history/search", "optflow/feed/history/backtest", "optflow/feed/history/historytest", "optflow/feed/player", "optflow/feed/relay/follower", "optflow/feed/relay/socket", "optflow/feed/relay", "optflow/feed/relay/relaytest", "optflow/feed/relay/bus", "optflow/feed/relay/hub", "optflow/cmd/optflow-hub", "optflow/cli/attach"}},
	{[]string{"github.com/nats-io/nats.go/..."}, []string{"optflow", "optflow/cli", "optflow/feed/relay/bus", "optflow/cli/attach"}},
	{[]string{"github.com/nats-io/nats-server/..."}, []string{"optflow/feed/relay/hub", "optflow/cmd/optflow-hub"}},
	{[]string{"github.com/parquet-go/parquet-go/..."}, []string{"optflow", "optflow/cli", "optflow/cli/archive", "optflow/feed/history/parquet", "optflow/feed/history/search"}},
	{[]string{"github.com/spf13/cobra/..."}, []string{"optflow", "optflow/cli"}},
	{[]string{"github.com/spf13/pflag/..."}, []string{"optflow", "optflow/cli", "optflow/cli/manual", "optflow/config"}},
}

// pure rooms are those that notInPure would give a world to look at. What a face
// docks at is asked for answers, which are waited for with a context.
var (
	pure      = []string{"optflow/model/...", "optflow/feed/link", "optflow/feed/plan"}
	notInPure = []string{"net/...", "os/...", "syscall", "log/...", "bufio", "context"}
)

func TestImportRules(t *testing.T) {
	for _, p := range ownPackages(t) {
		rule := slices.IndexFunc(mayImport, func(r struct {
			room string
			own  []string
		}) bool {
			return matches(p.ImportPath, r.room)
		})
		if rule < 0 {
			t.Errorf("%s is a room without an import rule", p.ImportPath)
			continue
		}
		for _, dep := range p.Deps {
			if matches(dep, "optflow/...") && !matchesAny(dep, mayImport[rule].own) {
				t.Errorf("%s must not depend on %s", p.ImportPath, dep)
			}
			for _, only := range onlyIn {
				if matchesAny(dep, only.outside) && !slices.Contains(only.rooms, p.ImportPath) {
					t.Errorf("%s must not depend on %s", p.ImportPath, dep)
				}
			}
		}
		for _, direct := range p.Imports {
			if matchesAny(p.ImportPath, pure) && matchesAny(direct, notInPure) && (p.ImportPath != "optflow/model/market" || direct != "context") {
				t.Errorf("%s is pure and must not import %s", p.ImportPath, direct)
			}
			if matches(direct, "github.com/coder/websocket/...") && !matchesAny(p.ImportPath, []string{"optflow/feed/massive", "optflow/feed/sim", "optflow/feed/sim/playback", "optflow/feed/mimic"}) {
				t.Errorf("%s must leave the wire to feed/massive and the servers", p.ImportPath)
			}
			if p.ImportPath == "optflow/cli" && matchesAny(direct, []string{"charm.land/...", "github.com/charmbracelet/..."}) {
				t.Errorf("cli must leave the screen to ui, and imports %s", direct)
			}
			if p.ImportPath == "optflow" && direct != "os" && direct != "optflow/cli" {
				t.Errorf("main must leave everything to cli, and imports %s", direct)
			}
		}
	}
}

// roomFor is how many files a room may have, its tests apart: what no longer fits
// is two things, and gets two rooms.
const roomFor = 25

func TestRoomsAreNotCrowded(t *testing.T) {
	for _, p := range ownPackages(t) {
		files := slices.DeleteFunc(append(p.GoFiles, p.IgnoredGoFiles...), func(name string) bool { return strings.HasSuffix(name, "_test.go") })
		if len(files) > roomFor {
			t.Errorf("%s has %d files, at most %d", p.ImportPath, len(files), roomFor)
		}
	}
}

// Halls that let anything touch anything were taken down once. They stay so: what
// is new gets a type of its own.
func TestHallsStaySmall(t *testing.T) {
	for _, hall := range []struct {
		room, name string
		most       int
	}{{"ui", "Model", 39}, {"feed", "Engine", 49}, {"model/book", "Book", 49}} {
		files, err := filepath.Glob(filepath.Join(root, hall.room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				if f, is := d.(*ast.FuncDecl); is && f.Recv != nil && strings.TrimPrefix(types.ExprString(f.Recv.List[0].Type), "*") == hall.name {
					n++
				}
			}
		}
		if n == 0 || n > hall.most {
			t.Errorf("%s.%s has %d methods, at most %d", hall.room, hall.name, n, hall.most)
		}
	}
}

// ownPackages are all packages of this module.
func ownPackages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-deps=false", "-json=ImportPath,Imports,GoFiles,IgnoredGoFiles,Deps", "./...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list names %d packages only", len(all))
	}
	return all
}

func matchesAny(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(path, p) })
}

// matches knows the pattern "a/..." for a and everything below it.
func matches(path, pattern string) bool {
	if root, deep := strings.CutSuffix(pattern, "/..."); deep {
		return path == root || strings.HasPrefix(path, root+"/")
	}
	return path == pattern
}
