package paint

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Auto follows the terminal's ground: dark, or light where it is light.
const Auto = "auto"

// Themes are the themes to choose from: the built-in ones and a user's own.
type Themes struct {
	byName map[string]*palette
}

// ThemeError is a theme of the user's that cannot be used.
type ThemeError struct {
	Key     string // "paper" or "paper.call"
	Value   string
	Problem string // what is wrong and what would be right
}

// Error is one sentence.
func (e *ThemeError) Error() string {
	return fmt.Sprintf("theme %s: %q %s", e.Key, e.Value, e.Problem)
}

// NewThemes reads a user's own themes, by name: a colour for each role that is
// to differ from the theme named by "base", which is dark unless it is given.
// An error is a *ThemeError.
func NewThemes(own map[string]map[string]string) (*Themes, error) {
	t := &Themes{byName: maps.Clone(palettes)}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if name == Auto || palettes[name] != nil || strings.ContainsAny(name, " \t") || name == "" {
			return nil, &ThemeError{name, name, "is taken or has a space in it; another name is needed"}
		}
		p, err := ownPalette(name, own[name])
		if err != nil {
			return nil, err
		}
		t.byName[name] = p
	}
	return t, nil
}

// ownPalette is a theme of the user's.
func ownPalette(name string, colours map[string]string) (*palette, error) {
	base := palettes[Dark]
	if text, set := colours["base"]; set {
		if base = palettes[text]; base == nil {
			return nil, &ThemeError{name + ".base", text, "is no built-in theme; there are " + strings.Join(sortedNames(palettes), ", ")}
		}
	}
	p := *base
	for _, word := range slices.Sorted(maps.Keys(colours)) {
		if word == "base" {
			continue
		}
		r := role(slices.Index(roleNames[1:], word) + 1)
		if r == roleOwn {
			return nil, &ThemeError{name + "." + word, word, "is no role of a colour; there are base, " + strings.Join(roleNames[1:], ", ")}
		}
		c, err := parseColour(colours[word], r >= roleBar)
		if err != nil {
			return nil, &ThemeError{name + "." + word, colours[word], err.Error()}
		}
		p[r] = c
	}
	return &p, nil
}

// Has reports whether there is a theme of that name; auto is one.
func (t *Themes) Has(name string) bool { return name == Auto || t.byName[name] != nil }

// Names are all of them, sorted, auto first.
func (t *Themes) Names() []string { return append([]string{Auto}, sortedNames(t.byName)...) }

func sortedNames(m map[string]*palette) []string { return slices.Sorted(maps.Keys(m)) }

// Theme makes a theme ready for a depth of colour; auto is light on a light
// ground and else dark. There is none of a name that Has does not know.
func (t *Themes) Theme(name string, light bool, d Depth) *Theme {
	if name == Auto {
		name = Dark
		if light {
			name = Light
		}
	}
	if name == Mono {
		d = NoColours
	}
	return newTheme(t.byName[name], d)
}
