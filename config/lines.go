package config

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lineMap is the line on which a key of a TOML text is given, the parts of the
// key joined by NUL, as far as keys of ours go. The n-th table of a list has the
// part "#n" behind the list's name.
type lineMap map[string]int

// inFile is a config file with where its keys are given.
type inFile struct {
	file  string
	lines lineMap
}

// at is where a key is given.
func (p inFile) at(parts ...string) Source {
	return Source{Kind: FromFile, Name: p.file, Line: p.lines.of(parts...)}
}

// of is the line of a key, of the table that holds it when the key itself is
// inside of an inline table, 0 when neither is known.
func (m lineMap) of(parts ...string) int {
	for n := len(parts); n > 0; n-- {
		if line, found := m[strings.Join(parts[:n], "\x00")]; found {
			return line
		}
	}
	return 0
}

// deepest is of how many parts the longest key of ours is: themes.NAME.ROLE.
const deepest = 3

// keyLines finds the line of every key of a text that is known to be TOML.
// Decoding into values loses it, and an error without it is hard to find.
func keyLines(text []byte) lineMap {
	lines := make(lineMap)
	var parser unstable.Parser
	parser.Reset(text)
	var prefix []string
	lists := make(map[string]int)
	line, counted := 1, 0
	for parser.NextExpression() {
		node := parser.Expression()
		var parts []string
		at := counted
		for it := node.Key(); it.Next(); {
			key := it.Node()
			if len(parts) < deepest {
				parts = append(parts, string(key.Data))
			}
			at = max(at, int(key.Raw.Offset))
		}
		line += bytes.Count(text[counted:at], []byte("\n"))
		counted = at
		switch node.Kind {
		case unstable.ArrayTable:
			list := strings.Join(parts, "\x00")
			parts = append(parts, "#"+strconv.Itoa(lists[list]))
			lists[list]++
			prefix = parts
		case unstable.Table:
			prefix = parts
		default:
			parts = append(prefix[:len(prefix):len(prefix)], parts...)
		}
		for n := range min(len(parts), deepest) {
			path := strings.Join(parts[:n+1], "\x00")
			if _, found := lines[path]; !found {
				lines[path] = line
			}
		}
	}
	return lines
}
