package config

import (
	"encoding/binary"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// decodeText turns what editors and shells write into UTF-8: PowerShell's > and
// the notepad of older Windows write UTF-16.
func decodeText(b []byte) string {
	var order binary.ByteOrder
	switch {
	case len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe:
		order, b = binary.LittleEndian, b[2:]
	case len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff:
		order, b = binary.BigEndian, b[2:]
	case len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0: // without a mark
		order = binary.LittleEndian
	case len(b) >= 4 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		order = binary.BigEndian
	default:
		return strings.TrimPrefix(string(b), "\ufeff")
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// Ways in which shells set a variable, in front of NAME=value.
var (
	setCommand = regexp.MustCompile(`^\s*(?:[sS][eE][tT]\s+|\$[eE][nN][vV]:)`)
	setInWhole = regexp.MustCompile(`^\s*[sS][eE][tT]\s+"([A-Za-z_][A-Za-z0-9_]*=.*)"\s*$`)
)

// withoutShell takes a statement that a shell would obey for what it sets.
func withoutShell(statement string) string {
	if whole := setInWhole.FindStringSubmatch(statement); whole != nil {
		return whole[1]
	}
	return setCommand.ReplaceAllString(statement, "")
}

// capitals gives what is set under a known name in other letters its known name,
// unless that is set too.
func capitals[T any](values map[string]T, known []string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		upper := strings.ToUpper(name)
		if _, set := values[upper]; !set && upper != name && slices.Contains(known, upper) {
			values[upper] = values[name]
			delete(values, name)
		}
	}
}

// variables are all that are read.
func variables() []string {
	names := slices.Clone(keyNames)
	for i := range table {
		names = append(names, table[i].Env...)
	}
	return names
}

// likeKeyName reports whether a variable's name says that it holds a key of the
// vendor, under whatever name.
func likeKeyName(name string) bool {
	upper := strings.ToUpper(name)
	return (strings.Contains(upper, "MASSIVE") || strings.Contains(upper, "POLYGON") || strings.HasPrefix(upper, envPrefix)) &&
		(strings.Contains(upper, "KEY") || strings.Contains(upper, "TOKEN") || strings.Contains(upper, "SECRET")) && !strings.HasSuffix(upper, "_FILE")
}

// missedKeys names what looks like a key that was meant for us while none was
// found: nobody is to take the simulated market for the answer to it.
func (l *loader) missedKeys() {
	const remedy = "; the key is read from MASSIVE_API_KEY"
	missed := func(name string) bool {
		return likeKeyName(name) && !strings.HasPrefix(name, envPrefix) && !slices.Contains(keyNames, name)
	}
	for _, name := range slices.Sorted(maps.Keys(l.env)) {
		if missed(name) {
			l.warn(shownName(name) + " is not read" + remedy)
		}
	}
	inFile := slices.Sorted(maps.Keys(l.dot))
	inFile = slices.DeleteFunc(inFile, func(name string) bool { return !missed(name) })
	l.warnOfEach(inFile, func(name string) string { return l.dot[name].from.String() + " is not read" + remedy },
		" more names in "+dotEnv+" that look like keys are not read"+remedy)
	for _, name := range otherDotEnvs {
		if l.Dir != "" && holdsKey(filepath.Join(l.Dir, name)) {
			l.warn(name + " holds a key and is not read: only " + dotEnv + " is; --api-key-file " + name + " reads it")
		}
	}
}

// otherDotEnvs are files beside .env in which other programs keep variables, or
// that an editor made of it.
var otherDotEnvs = []string{".env.local", ".env.txt", ".envrc", "env.txt", ".env.production", ".env.development"}

// holdsKey reports whether a file sets a variable that holds the key.
func holdsKey(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > largestKeyFile {
		return false
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	values, _ := parseDotEnv(decodeText(text))
	return slices.ContainsFunc(keyNames, func(name string) bool { _, set := values[name]; return set })
}
