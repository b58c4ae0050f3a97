package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"optflow/cli/process"
	"optflow/config"
	"optflow/model/filter"
	"optflow/ui/keys"
	"optflow/ui/pane"
	"optflow/ui/table"
)

// printed is what a command line prints on stdout.
func printed(t *testing.T, args ...string) (string, int) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	p := &program{console: &console{in: os.Stdin, out: out, err: new(bytes.Buffer)}, process: new(process.Process)}
	code := p.run(context.Background(), args)
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text), code
}

// TestHelpTopics: the screen and the filters are explained to their last column
// and field, in lines that fit.
func TestHelpTopics(t *testing.T) {
	screen, _ := printed(t, "help", "screen")
	for id := range table.Tape {
		if !strings.Contains(screen, "\n  "+table.Tape[id].Head+" ") {
			t.Errorf("help screen does not explain %s", table.Tape[id].Head)
		}
	}
	for _, want := range []string{"Reading the screen", "Marks", "Sides", "Colours", "Gaps", "Columns of Contracts", "Columns of Tickers", "Heat map"} {
		if !strings.Contains(screen, want) {
			t.Errorf("help screen says nothing of %q", want)
		}
	}
	language, code := printed(t, "help", "filter")
	for _, n := range append(filter.Words(), filter.Fields()...) {
		if !strings.Contains(language, "\n  "+n.Example+" ") && !strings.Contains(language, "\n  "+n.Example+"\n") {
			t.Errorf("help filter does not explain %s", n.Example)
		}
	}
	for line := range strings.Lines(screen + language) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d wide: %s", n, line)
		}
	}
	if code != exitFine {
		t.Errorf("code %d", code)
	}
	if _, code := printed(t, "help", "nonsense"); code != exitUsage {
		t.Errorf("help of what is not there: code %d", code)
	}
	of, _ := printed(t, "help", "tail")
	same, _ := printed(t, "tail", "--help")
	if of != same || !strings.Contains(of, "--view") {
		t.Errorf("help tail is\n%s\ntail --help is\n%s", of, same)
	}
	all, _ := printed(t, "help")
	if !strings.Contains(all, "optflow [command]") || !strings.Contains(all, "the language of filters") {
		t.Errorf("help says\n%s", all)
	}
}

// TestManPage: it is made of the same tables, and roff has nothing to say of it.
func TestManPage(t *testing.T) {
	page, code := printed(t, "help", "man")
	if code != exitFine || !strings.HasPrefix(page, `.TH "OPTFLOW" "1"`) {
		t.Fatalf("code %d: %.80s", code, page)
	}
	has := func(term string) {
		t.Helper()
		if !strings.Contains(strings.ReplaceAll(page, `\-`, "-"), term) {
			t.Errorf("the man page says nothing of %s", term)
		}
	}
	for _, s := range config.Table() {
		has(`\fB--` + s.Key + `\fR`)
		has(s.Env[0])
	}
	for _, k := range keys.Table() {
		if strings.IndexFunc(k.Help().Desc, func(r rune) bool { return r > '~' || r == '-' }) < 0 {
			has(k.Help().Desc)
		}
	}
	for i := range pane.CommandTable {
		has(`\fB:` + pane.CommandTable[i].Name)
	}
	for _, want := range []string{"optflow tail", "--view", "optflow doctor", "EXIT STATUS", "FILES", "BULL"} {
		has(want)
	}
	for i, line := range strings.Split(page, "\n") {
		if strings.IndexFunc(line, func(r rune) bool { return r > '~' }) >= 0 || line == "" && i < strings.Count(page, "\n") {
			t.Errorf("line %d: %q", i+1, line)
		}
	}
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip("there is no groff here to read the page")
	}
	roff := exec.Command("groff", "-man", "-Tutf8", "-ww", "-z")
	roff.Stdin = strings.NewReader(page)
	if out, err := roff.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("groff: %v\n%s", err, out)
	}
}

// TestCompletesViews: the words that flags take are completed, and the topics.
func TestCompletesViews(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"tail", "--view", ""}, []string{"tape\t", "contracts\t", "tickers\t", "heat\t"}},
		{[]string{"tail", "--format", ""}, []string{"text", "json", "csv"}},
		{[]string{"help", ""}, []string{"screen\t", "filter\t", "man\t", "tail\t", "doctor\t"}},
	} {
		got, _ := printed(t, append([]string{"__complete"}, c.args...)...)
		for _, want := range c.want {
			if !strings.Contains("\n"+got, "\n"+want) {
				t.Errorf("%v completes to\n%s\nwithout %q", c.args, got, want)
			}
		}
	}
}
