package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// repositoryFiles are the texts of the repository's own files, by their paths.
func repositoryFiles(t *testing.T, take func(path string) bool) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(root, path)
		if within = filepath.ToSlash(within); err != nil || d.IsDir() {
			if within == ".git" || within == ".bin" || d != nil && d.IsDir() && d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return err
		}
		if !take(within) {
			return nil
		}
		texts[within], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func isDocument(path string) bool { return strings.HasSuffix(path, ".md") }

func exists(path string) bool {
	_, err := os.Stat(filepath.Join(root, path))
	return err == nil
}

var (
	// documentName is a document as a comment names it, perhaps with a section:
	// by its path from the root of the repository.
	documentName = regexp.MustCompile(`[\w./-]*\w\.md\b(#[\w-]+)?`)
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// quotedPath is a file or folder of ours that a document quotes.
	quotedPath = regexp.MustCompile("`((?:\\.ci|bench|cli|config|docs|e2e|feed|logs|model|ui)/[\\w./-]*)`")
)

// sections are the anchors of a document's headings, as GitHub makes them.
func sections(text []byte) (anchors []string) {
	fenced := false
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte("```")) {
			fenced = !fenced
		}
		if heading := bytes.TrimLeft(line, "#"); !fenced && len(heading) < len(line) && bytes.HasPrefix(heading, []byte(" ")) {
			anchors = append(anchors, anchorOf(strings.TrimSpace(string(heading))))
		}
	}
	return anchors
}

func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// dangling says what is wrong with a reference from a file, "" if nothing is.
func dangling(documents map[string][]byte, target, anchor string) string {
	text, isDocument := documents[target]
	switch {
	case !isDocument && !exists(target):
		return "is not there"
	case anchor != "" && !slices.Contains(sections(text), anchor):
		return "has no section #" + anchor
	}
	return ""
}

// Every document that code or another document points at is there, with the
// section that is named, and every file that a document names.
func TestReferences(t *testing.T) {
	files := repositoryFiles(t, func(path string) bool {
		ext := filepath.Ext(path)
		return ext == ".go" || ext == ".md" || ext == ".yml" || ext == ".txt" || path == "Makefile" || strings.HasPrefix(path, ".ci/")
	})
	documents := map[string][]byte{}
	for path, text := range files {
		if isDocument(path) {
			documents[path] = text
		}
	}
	found := 0
	for path, text := range files {
		check := func(reference, target string) {
			found++
			target, anchor, _ := strings.Cut(target, "#")
			if target == "" {
				target = path
			}
			if wrong := dangling(documents, target, anchor); wrong != "" {
				t.Errorf("%s names %s, which %s", path, reference, wrong)
			}
		}
		if path == "e2e/documents_test.go" { // whose examples dangle
			continue
		}
		if !isDocument(path) {
			for _, name := range documentName.FindAllString(string(text), -1) {
				check(name, strings.ReplaceAll(name, "../", ""))
			}
			continue
		}
		folder := filepath.ToSlash(filepath.Dir(path))
		for _, m := range markdownLink.FindAllSubmatch(text, -1) {
			link := string(m[1])
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			if !strings.HasPrefix(link, "#") {
				link = strings.TrimPrefix(folder+"/"+link, "./")
			}
			check(string(m[1]), clean(link))
		}
		for _, m := range quotedPath.FindAllSubmatch(text, -1) {
			if path != "CHANGELOG.md" { // which speaks of what was
				check(string(m[1]), strings.TrimSuffix(string(m[1]), "/"))
			}
		}
	}
	if found < 100 {
		t.Errorf("%d references were found only", found)
	}
}

// clean resolves the dots of a link and leaves its section.
func clean(link string) string {
	path, anchor, has := strings.Cut(link, "#")
	if path != "" {
		path = filepath.ToSlash(filepath.Clean(path))
	}
	if has {
		return path + "#" + anchor
	}
	return path
}

func TestDangling(t *testing.T) {
	documents := map[string][]byte{"docs/a.md": []byte("# The `laws` of A\n```\n# no heading\n```\n## States\n")}
	for reference, want := range map[string]string{
		"docs/a.md": "", "docs/a.md#states": "", "docs/a.md#the-laws-of-a": "", "Makefile": "", "docs": "",
		"docs/a.md#no-heading": "has no section #no-heading", "docs/b.md": "is not there", "a.md": "is not there",
	} {
		target, anchor, _ := strings.Cut(reference, "#")
		if got := dangling(documents, target, anchor); got != want {
			t.Errorf("%s %q, want %q", reference, got, want)
		}
	}
}

// What the documents name is there: every test and benchmark, and every target
// of the Makefile.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	names := regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`)
	for _, code := range repositoryFiles(t, func(path string) bool { return strings.HasSuffix(path, "_test.go") }) {
		for _, m := range names.FindAllSubmatch(code, -1) {
			declared[string(m[1])] = true
		}
	}
	target, name := regexp.MustCompile("`make ([a-z-]+)"), regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz)[A-Z]\w+`)
	targets, named := 0, 0
	for path, text := range repositoryFiles(t, isDocument) {
		if path == "CHANGELOG.md" { // which speaks of what was
			continue
		}
		for _, m := range target.FindAllSubmatch(text, -1) {
			targets++
			if !strings.Contains(string(makefile), "\n"+string(m[1])+":") {
				t.Errorf("%s: the Makefile has no %s", path, m[1])
			}
		}
		for _, n := range name.FindAllString(string(text), -1) {
			named++
			if !declared[n] {
				t.Errorf("%s: there is no %s", path, n)
			}
		}
	}
	if targets < 10 || named < 10 {
		t.Errorf("%d targets and %d names were found", targets, named)
	}
}
