package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// keyNames are the variables that hold the key, the first that is set counts.
// The second is that of the web page whose .env works as it is, the others are
// of the vendor's former name. Small letters do as well.
var keyNames = []string{"MASSIVE_API_KEY", "NEXT_PUBLIC_MASSIVE_API_KEY", "POLYGON_API_KEY", "NEXT_PUBLIC_POLYGON_API_KEY"}

// WithoutKeys is an environment without the variables that hold a key, for a
// process that needs none.
func WithoutKeys(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return likeKeyName(name) || slices.Contains(keyNames, strings.ToUpper(name))
	})
}

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
	for name, value := range l.env {
		if likeKeyName(name) {
			l.hider = append(l.hider, value)
		}
	}
	for name, g := range l.dot {
		if likeKeyName(name) {
			l.hider = append(l.hider, g.text)
		}
	}
}

// loadKey takes the key from the first of: the file that a flag names, the
// environment, .env, the file that the config file names. Where .env names a
// server of its own that server gets what the same .env has, and nothing else.
func (l *loader) loadKey() {
	stranger, strange := l.stranger()
	var unused []Source
	for _, kind := range []Kind{FromFlag, FromEnvironment, FromDotEnv, FromFile} {
		for _, take := range l.keysIn(kind) {
			if strange && kind != FromDotEnv {
				unused = append(unused, take.from)
				continue
			}
			if take.do(); len(unused) > 0 {
				l.overruled(stranger, take.from, unused[0])
			}
			return
		}
	}
	if len(unused) > 0 {
		l.withhold(stranger, unused[0])
	}
	l.missedKeys()
}

// keySource is one place that a key can be taken from.
type keySource struct {
	from Source
	do   func()
}

// keysIn are the keys of one kind of source, the first of which counts.
func (l *loader) keysIn(kind Kind) (found []keySource) {
	d := find("api-key-file")
	if g, set := l.from(d, kind); set && g.text != "" && l.mayRead(&g) {
		found = append(found, keySource{g.from, func() { l.keyFile(d, g) }})
	}
	for _, name := range keyNames {
		g, set := l.dot[name]
		switch kind {
		case FromEnvironment:
			g.text, set = l.env[name]
			g.from = Source{Kind: FromEnvironment, Name: name}
		case FromDotEnv:
		default:
			continue
		}
		if set {
			found = append(found, keySource{g.from, func() { l.takeKey(g) }})
		}
	}
	return found
}

// takeKey takes the key from a variable.
func (l *loader) takeKey(g given) {
	if err := keyProblem(g.text); err != nil {
		l.fail(&Error{Key: keyKey, Source: g.from.String(), Problem: err.Error(), Allowed: "the key as Massive shows it, nothing before or after it"})
		return
	}
	if strings.HasPrefix(strings.ToLower(g.text), "your_") || strings.HasPrefix(strings.ToLower(g.text), "your-") {
		l.warn(g.from.String() + " looks like the placeholder of an example, not like a key")
	}
	l.settings.Key = Secret(g.text)
	l.settings.sources[keyKey] = g.from
}

// references are what shells, makers of templates and password managers put in a
// value's place: the whole of it is one.
var references = regexp.MustCompile("^(\\$[A-Za-z_(].*|\\$\\{.*\\}|%[^%]+%|\\{\\{.*\\}\\}|<.*>|`.*`|op://.*)$")

// keyProblem says what is wrong with a key without a character of it.
func keyProblem(key string) error {
	switch {
	case key == "":
		return errors.New("is empty")
	case len(key) > longestKey:
		return errors.New("is longer than a key")
	}
	if r := references.FindString(key); r != "" {
		return errors.New("is a reference to a value that is elsewhere, and none is followed: write the key itself")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("has a character that no key has (a space, a line break or one outside of ASCII) at place %d of %d", i+1, len(key))
		}
	}
	return nil
}
