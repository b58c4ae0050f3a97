package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"optflow/config/textfile"
	"optflow/model/near"
	"optflow/model/ticker"
)

const (
	// appDir is our directory below the XDG ones, configName the file in it.
	appDir     = "optflow"
	configName = "config.toml"
)

// sections are the tables of amounts per underlying.
var sections = []string{"floor", "whale"}

// readFile reads the config file: the one that --config or OPTFLOW_CONFIG names,
// which has to be there, or the usual one, which need not.
func (l *loader) readFile() {
	d := find("config")
	g := l.lookup(d)
	l.settings.sources["config"] = g.from
	path := l.configPath(g.text)
	if l.settings.ConfigPath = path; path == "" {
		return
	}
	shown := cmp.Or(g.text, configName)
	text, err := textfile.ReadRegular(path, g.text != "")
	if textfile.Absent(err) && g.text == "" {
		return
	}
	if err != nil {
		l.wrong(d, given{shown, g.from}, "cannot be read: "+cause(err))
		return
	}
	l.parseFile(plain(shown), text)
}

// configPath is that of the file that somebody named, "" for the usual one; "" where
// there can be none.
func (l *loader) configPath(named string) string {
	switch {
	case named != "":
		return l.path(named, l.Dir)
	case l.ConfigHome != "":
		return filepath.Join(l.ConfigHome, appDir, configName)
	}
	return ""
}

// parseFile takes the settings of a TOML text. Every key in it has to be one of
// ours, with a value that can be used, even where another source goes first.
func (l *loader) parseFile(name string, text []byte) {
	text = []byte(strings.TrimPrefix(string(text), "\ufeff"))
	if tooManyKeys(text) {
		l.fail(&Error{Source: l.hider.hide(name), Problem: fmt.Sprintf("has more than %d keys", keysMost)})
		return
	}
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		e := &Error{Source: l.hider.hide(name), Problem: "is not TOML"}
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			row, column := bad.Position()
			e.Source += fmt.Sprintf(":%d:%d", row, column)
			e.Problem += " there: " + plain(l.hider.hide(strings.TrimPrefix(bad.Error(), "toml: ")))
		}
		l.fail(e)
		return
	}
	in := inFile{name, keyLines(text)}
	l.file = make(map[string]given)
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		from := in.at(key)
		if slices.Contains(sections, key) {
			l.section(key, tree[key], in)
			continue
		}
		if read, own := ownTables[key]; own {
			read(l, tree[key], in)
			continue
		}
		d := find(key)
		if d == nil || d.notFile {
			l.unknownKey(key, from)
			continue
		}
		text, err := scalar(tree[key], d.list)
		g := given{text, from}
		if err == nil {
			err = d.set(&Settings{Lists: l.settings.Lists}, text) // which stand before
		}
		if err != nil {
			l.wrong(d, g, err.Error())
			continue
		}
		if text != "" {
			l.file[key] = g
		}
	}
}

// unknownKey says what was probably meant.
func (l *loader) unknownKey(key string, from Source) {
	if len(l.errs) == toldMost {
		l.moreErrs++
		return
	}
	e := &Error{Source: l.hider.hide(from.String()), Problem: shownName(key) + " is no setting"}
	known := slices.Concat(sections, slices.Sorted(maps.Keys(ownTables)))
	for i := range table {
		if !table[i].notFile {
			known = append(known, table[i].Key)
		}
	}
	near := nearest(key, known)
	switch folded := strings.ToLower(strings.ReplaceAll(key, "_", "-")); {
	case folded == "config":
		e.Problem = "config is chosen by --config or OPTFLOW_CONFIG only"
	case strings.HasSuffix(folded, "key") && near == "":
		e.Problem += "; the API key is in a file of its own, named by api-key-file, or in MASSIVE_API_KEY"
	case near != "":
		e.Problem += "; did you mean " + near + "?"
	}
	l.fail(e)
}

// amounts are those of a section.
func (s *Settings) amounts(section string) map[string]float64 {
	if section == "whale" {
		return s.Whales
	}
	return s.Floors
}

// section reads [floor] or [whale].
func (l *loader) section(key string, value any, in inFile) {
	entries := l.tableIn(value, in.at(key), key+" is no table of amounts", "["+key+"] and below it lines such as SPY = \"100k\"")
	for _, word := range slices.Sorted(maps.Keys(entries)) {
		from := in.at(key, word)
		symbol, err := ticker.Read(word)
		if err != nil {
			l.refuse(from, shownName(word)+" in ["+key+"] "+ticker.Why(err), ticker.Allowed)
			continue
		}
		symbol = ticker.Bare(symbol)
		text, err := scalar(entries[word], false)
		var dollars float64
		if err == nil {
			dollars, err = amount(text)
		}
		if err != nil {
			l.wrong(&Setting{Key: key + "." + symbol, Allowed: allowedAmount}, given{text, from}, err.Error())
			continue
		}
		l.settings.amounts(key)[symbol] = dollars
		l.settings.sources[key+"."+symbol] = from
	}
}

// scalar is a TOML value as the text that the other sources would have.
func scalar(value any, list bool) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", errNoNumber
		}
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case []any:
		if !list {
			return "", errors.New("is a list, want one value")
		}
		words := make([]string, 0, len(v))
		for _, element := range v {
			word, isText := element.(string)
			if !isText {
				return "", errors.New("is a list of other things than texts")
			}
			words = append(words, word)
		}
		return strings.Join(words, ","), nil
	}
	return "", errors.New("is of a kind that no setting has")
}

// pathFrom resolves a file name that came from a source: one in the config file is
// meant from there.
func (l *loader) pathFrom(from Source, name string) string {
	if from.Kind == FromFile {
		return l.path(name, filepath.Dir(l.settings.ConfigPath))
	}
	return l.path(name, l.Dir)
}

// path resolves a file name against a directory; ~/ is the home directory.
func (l *loader) path(name, dir string) string {
	if rest, found := strings.CutPrefix(name, "~/"); found && l.env["HOME"] != "" {
		return filepath.Join(l.env["HOME"], rest)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// nearest is the known name that a mistyped one was meant to be, "" when none is
// near: two letters may differ, in long names a third of them.
func nearest(name string, known []string) string {
	best, least := "", max(3, len(name)/3+1)
	for _, candidate := range known {
		if d := near.Slips(strings.ToLower(name), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}
