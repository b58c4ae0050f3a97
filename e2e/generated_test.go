package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"optflow/config"
	"optflow/model/filter"
	"optflow/ui/keys"
)

// The parts of the documents that the program knows better are written by it.
// OPTFLOW_UPDATE=1 go test -run TestGeneratedParts ./e2e brings them up to date.
func TestGeneratedParts(t *testing.T) {
	for _, part := range []struct{ file, name, body string }{
		{"README.md", "picture", fenced(picture(t))},
		{"docs/keys.md", "keys", keyTable(keys.Table())},
		{"docs/settings.md", "settings", settingsTable(config.Table())},
		{"docs/filter.md", "language", languageTable(filter.Language())},
	} {
		path := filepath.Join(root, part.file)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := replacePart(string(text), part.name, part.body)
		switch {
		case err != nil:
			t.Errorf("%s: %v", part.file, err)
		case want == string(text):
		case os.Getenv("OPTFLOW_UPDATE") != "":
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s is behind the program; OPTFLOW_UPDATE=1 go test -run TestGeneratedParts ./e2e updates it (-file +program):\n%s", part.file, cmp.Diff(string(text), want))
		}
	}
}

// Whoever opens the README sees on the first screen what it is, how to run it and
// what it looks like.
func TestFirstScreenOfTheReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, want := range []string{"Options flow in a terminal", "go run .", "](docs/screens/tape.svg)"} {
		if at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, want) }); at < 0 || at >= 24 {
			t.Errorf("%q is on line %d", want, at+1)
		}
	}
}

// replacePart puts a body between <!-- part --> and the next <!-- end -->.
func replacePart(text, part, body string) (string, error) {
	head, rest, ok := strings.Cut(text, "<!-- "+part+" -->\n")
	_, tail, closed := strings.Cut(rest, "<!-- end -->")
	if !ok || !closed {
		return "", fmt.Errorf("there is no part %q", part)
	}
	return head + "<!-- " + part + " -->\n" + body + "<!-- end -->" + tail, nil
}

func fenced(text string) string { return "```\n" + strings.TrimRight(text, "\n") + "\n```\n" }

// picture is the screen at 120x30, as the ui's own tests hold it, without its
// attributes. Escape characters are written as ␛ there.
func picture(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "ui", "testdata", "following-120x30-mono.golden"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(attributes.ReplaceAllString(string(text), "")) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

var attributes = regexp.MustCompile(`␛\[[0-9;:]*m`)

func keyTable(list []keys.Key) string {
	var b bytes.Buffer
	where := ""
	for _, k := range list {
		if k.Where != where {
			where = k.Where
			fmt.Fprintf(&b, "\n| %s | |\n|---|---|\n", where)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", cell(k.Help().Key), cell(k.Help().Desc))
	}
	return strings.TrimPrefix(b.String(), "\n")
}

func languageTable(sections []filter.Section) string {
	var b bytes.Buffer
	for _, s := range sections {
		fmt.Fprintf(&b, "\n| %s | |\n|---|---|\n", s.Head)
		for _, l := range s.Lines {
			var each []string
			for _, one := range strings.Split(l.Writes, "  ") {
				each = append(each, code(one))
			}
			fmt.Fprintf(&b, "| %s | %s |\n", cell(strings.Join(each, " ")), cell(l.Means))
		}
	}
	return strings.TrimPrefix(b.String(), "\n")
}

func settingsTable(settings []config.Setting) string {
	var b bytes.Buffer
	b.WriteString("| setting | default | what | allowed |\n|---|---|---|---|\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.Key, code(s.Default), cell(s.Help), cell(s.Allowed))
	}
	return b.String()
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// cell keeps a text inside its cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func TestReplacePart(t *testing.T) {
	got, err := replacePart("a\n<!-- x -->\nold\n<!-- end -->\nb\n<!-- y -->\n<!-- end -->\n", "x", "new\n")
	if want := "a\n<!-- x -->\nnew\n<!-- end -->\nb\n<!-- y -->\n<!-- end -->\n"; err != nil || got != want {
		t.Errorf("%q, want %q, %v", got, want, err)
	}
	if _, err := replacePart("a\n<!-- x -->\n", "x", ""); err == nil {
		t.Error("a part without an end is no error")
	}
}
