package config

import (
	"errors"
	"io"
	"os"
	"strings"
)

// largestKeyFile bounds what is read of a key file, in bytes. It may be a .env
// with more in it than the key.
const largestKeyFile = 64 << 10

// keyFile reads the key from a file that a setting names.
func (l *loader) keyFile(d *Setting, g given) {
	path := l.pathFrom(g.from, g.text)
	l.settings.APIKeyFile = path
	text, info, err := readKey(path)
	if err != nil {
		l.wrong(d, g, "cannot be read: "+cause(err))
		return
	}
	if info.Mode().IsRegular() {
		l.judgeFile(plain(g.text), info)
	}
	l.hider = append(l.hider, strings.TrimSpace(text))
	text = keyOf(text)
	l.hider = append(l.hider, text)
	if err := keyProblem(text); err != nil {
		l.fail(&Error{Key: d.Key, Value: quote(l.hider.hide(g.text)), Source: g.from.String(), Problem: "is a file whose text " + err.Error(), Allowed: d.Allowed})
		return
	}
	l.settings.Key = Secret(text)
	l.settings.sources[keyKey] = g.from
}

// readKey reads a key file's text. The file may be a pipe, so that a password
// manager can hand the key over.
func readKey(path string) (string, os.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return "", nil, err
	}
	if info.IsDir() {
		return "", nil, errors.New("is a directory")
	}
	text, err := io.ReadAll(io.LimitReader(f, largestKeyFile))
	return decodeText(text), info, err
}

// keyOf is the key in a key file's text: the text itself, also in quotes, or the
// value of a variable that holds the key, as in a .env.
func keyOf(text string) string {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "=:") {
		values, _ := parseDotEnv(text)
		for _, name := range keyNames {
			if g, set := values[name]; set {
				return g.text
			}
		}
	}
	for _, q := range []string{`"`, "'"} {
		if inner, found := strings.CutPrefix(text, q); found && len(inner) > 0 && strings.HasSuffix(inner, q) {
			return strings.TrimSpace(strings.TrimSuffix(inner, q))
		}
	}
	return text
}
