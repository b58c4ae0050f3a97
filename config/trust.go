package config

import (
	"path/filepath"
	"strings"

	"optflow/config/alerts"
)

// A .env comes with a directory, perhaps with somebody else's. It may name a
// server of its own and the key for it, and send nothing there that came from
// elsewhere; and it may point at files beyond its directory, or choose how the
// key travels, only where that key goes to Massive itself. Flags and the
// environment are the user's and free.

// servers are the settings that say where the key goes.
var servers = []string{"ws-url", "rest-url"}

// stranger is the first server that a .env names and that is not Massive's own.
func (l *loader) stranger() (at given, is bool) {
	for _, key := range servers {
		if g := l.lookup(find(key)); g.from.Kind == FromDotEnv && !vendorsURL(g.text) {
			return g, true
		}
	}
	return given{}, false
}

// vendorsOwn reports whether a server in force is Massive's own.
func (l *loader) vendorsOwn(key string) bool { return vendorsURL(l.lookup(find(key)).text) }

// vendorsURL reports whether a URL leads to Massive. One that cannot be read
// leads nowhere and is refused later.
func vendorsURL(text string) bool {
	_, host := hostOf(strings.ToLower(strings.TrimSpace(text)))
	return isVendor(host)
}

// withhold notes a key that is there and goes nowhere.
func (l *loader) withhold(server given, key Source) {
	l.settings.Withheld = l.hider.hide("the key from " + key.String() + " is not used: " + server.from.String() +
		" names a server that is not Massive's, and such a one gets only a key from the same .env. Put it there, or name the server with a flag or in the environment")
	l.warn(l.settings.Withheld)
}

// overruled says that the key of a .env goes before one that would else count.
func (l *loader) overruled(server given, key, instead Source) {
	l.warn(server.from.String() + " names a server that is not Massive's: it gets the key from " + key.String() + ", not the one from " + instead.String())
}

// mayRead reports whether a key file may be read, and settles what is read then:
// the file that a .env names by way of symbolic links is the one they lead to.
func (l *loader) mayRead(g *given) bool {
	if g.from.Kind != FromDotEnv {
		return true
	}
	if l.vendorsOwn("ws-url") && l.vendorsOwn("rest-url") {
		return true
	}
	path, inside := within(l.Dir, l.path(g.text, l.Dir))
	if !inside {
		l.warn(g.from.String() + " is not read: it leads out of the directory of the .env, which it may for Massive's own servers only; --api-key-file names any file")
		return false
	}
	g.text = path
	return true
}

// within resolves a path and reports whether it lies in dir, both with their
// symbolic links followed. A file that is not there is judged by its name.
func within(dir, path string) (resolved string, inside bool) {
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", false
	}
	if resolved, err = filepath.EvalSymlinks(path); err != nil {
		root, resolved = filepath.Clean(dir), filepath.Clean(path)
	}
	from, err := filepath.Rel(root, resolved)
	return resolved, err == nil && from != ".." && !strings.HasPrefix(from, ".."+string(filepath.Separator))
}

// trust warns of where the key goes.
func (l *loader) trust() {
	s := l.settings
	if s.Key == "" {
		return
	}
	for _, name := range servers {
		scheme, host := hostOf(find(name).show(s))
		if !isVendor(host) && !alerts.Loopback(host) && (scheme == "ws" || scheme == "http") {
			l.warn(name + ": the key goes to " + plain(host) + " unencrypted")
		}
	}
	_, stream := hostOf(s.WSURL)
	if s.sources["rest-url"].Kind == FromDefault && !isVendor(stream) {
		l.warn("rest-url is still Massive's own while ws-url is " + plain(stream) + "; the key goes to both")
	}
}
