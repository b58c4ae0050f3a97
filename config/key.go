package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// keyNames are the variables that hold the key, the first that is set counts.
// The last is that of the web page whose .env works as it is.
var keyNames = []string{"MASSIVE_API_KEY", "NEXT_PUBLIC_MASSIVE_API_KEY"}

// keyKey is the name of the key among the sources. It is no setting: there is no
// flag for it and no place in the config file.
const keyKey = "api-key"

// longestKey is far more than a key has, in bytes.
const longestKey = 512

// hideKeys learns every key in sight before anything is printed.
func (l *loader) hideKeys() {
	for _, name := range keyNames {
		l.hider = append(l.hider, strings.TrimSpace(l.env[name]), l.env[name], l.dot[name].text)
	}
}

// loadKey takes the key from the first of: the file that a flag names, the
// environment, .env, the file that the config file names.
func (l *loader) loadKey() {
	d := find("api-key-file")
	file := l.lookup(d)
	if file.text != "" && file.from.Kind == FromFlag {
		l.keyFile(d, file)
		return
	}
	for _, kind := range []Kind{FromEnvironment, FromDotEnv} {
		if file.text != "" && file.from.Kind == kind {
			l.keyFile(d, file)
			return
		}
		for _, name := range keyNames {
			g, set := l.dot[name]
			if kind == FromEnvironment {
				g.text, set = l.env[name]
				g.from = Source{Kind: FromEnvironment, Name: name}
			}
			if set {
				l.takeKey(g)
				return
			}
		}
	}
	if file.text != "" {
		l.keyFile(d, file)
	}
}

// keyFile reads the key from a file that a setting names.
func (l *loader) keyFile(d *Setting, g given) {
	dir := l.Dir
	if g.from.Kind == FromFile {
		dir = filepath.Dir(l.settings.ConfigPath)
	}
	path := l.path(g.text, dir)
	l.settings.APIKeyFile = path
	text, info, err := readKey(path)
	if err != nil {
		l.wrong(d, g, "cannot be read: "+cause(err))
		return
	}
	if info.Mode().IsRegular() {
		l.judgeFile(plain(g.text), info)
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	l.hider = append(l.hider, text)
	if err := keyProblem(text); err != nil {
		l.errs = append(l.errs, &Error{Key: d.Key, Value: quote(l.hider.hide(g.text)), Source: g.from.String(), Problem: "is a file whose text " + err.Error(), Allowed: d.Allowed})
		return
	}
	l.settings.Key = Secret(text)
	l.settings.sources[keyKey] = g.from
}

// readKey reads at most a little more than a key. The file may be a pipe, so that
// a password manager can hand the key over.
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
	text, err := io.ReadAll(io.LimitReader(f, longestKey+16))
	return string(text), info, err
}

// takeKey takes the key from a variable.
func (l *loader) takeKey(g given) {
	if err := keyProblem(g.text); err != nil {
		l.errs = append(l.errs, &Error{Key: keyKey, Source: g.from.String(), Problem: err.Error(), Allowed: "the key as Massive shows it, nothing before or after it"})
		return
	}
	if strings.HasPrefix(strings.ToLower(g.text), "your_") || strings.HasPrefix(strings.ToLower(g.text), "your-") {
		l.warn(g.from.String() + " looks like the placeholder of an example, not like a key")
	}
	l.settings.Key = Secret(g.text)
	l.settings.sources[keyKey] = g.from
}

// keyProblem says what is wrong with a key without a character of it.
func keyProblem(key string) error {
	switch {
	case key == "":
		return errors.New("is empty")
	case len(key) > longestKey:
		return errors.New("is longer than a key")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("has a character that no key has (a space, a line break or one outside of ASCII) at place %d of %d", i+1, len(key))
		}
	}
	return nil
}
