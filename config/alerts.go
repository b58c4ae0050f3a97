package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"optflow/config/alerts"
	"optflow/config/state"
	"optflow/config/textfile"
)

// Alerts are the rules that fire, and the programs and hooks that they go to.
type Alerts struct {
	Rules []alerts.Written // of the config file, and of alerts.toml, which go first by name
	Execs map[string]alerts.Exec
	Hooks map[string]Hook
}

// Hook is an address that alerts go to.
type Hook struct {
	alerts.Hook
	URL Secret // "" off
	Off string // why, in words
}

// Host is what may be shown of its address.
func (h *Hook) Host() string {
	u, err := alerts.Address(h.URL.Reveal())
	if err != nil {
		return "no address"
	}
	return plain(u.Hostname())
}

// marked is an Error with a text and a caret below it.
type marked struct {
	error *Error
	caret string
}

func (e *marked) Error() string {
	return e.error.Error() + "\n\t" + strings.ReplaceAll(e.caret, "\n", "\n\t")
}

func (e *marked) Unwrap() error { return e.error }

// mark shows where in a text something is wrong, below the sentence about it.
// From and to are bytes.
func mark(text string, from, to int) string {
	if text == "" || from < 0 || from > len(text) {
		return ""
	}
	to = min(max(to, from+1), len(text)+1)
	inside := text[from:min(to, len(text))]
	return text + "\n" + strings.Repeat(" ", utf8.RuneCountInString(text[:from])) + strings.Repeat("^", max(1, utf8.RuneCountInString(inside)))
}

// WrongRule is the error for a rule that others judged. Caret is its text, and a
// line of carets below what is wrong in it.
func (s *Settings) WrongRule(w *alerts.Written, key, problem, caret string) error {
	hide := hider{s.Key.Reveal()}.hide
	e := &Error{Source: hide(w.From(key)), Problem: fmt.Sprintf("the rule %s: %s: %s", quote(hide(w.Name)), key, hide(problem))}
	if caret != "" && hide(caret) == caret {
		return &marked{e, caret}
	}
	return e
}

// wrongIn notes what is wrong in a file with alerts.
func (l *loader) wrongIn(file string, wrong []alerts.Problem) {
	for _, p := range wrong {
		e := &Error{
			Source:  l.hider.hide(Source{Kind: FromFile, Name: file, Line: p.Line}.String()),
			Problem: l.hider.hide(plain(p.Text)), Allowed: p.Allowed,
		}
		if near := nearest(p.Word, p.Known); p.Word != "" && near != "" {
			e.Problem += "; did you mean " + plain(near) + "?"
		}
		if value := plain(p.Value); value != "" && l.hider.hide(value) == value {
			l.fail(&marked{e, mark(value, p.From, p.To)})
			continue
		}
		l.fail(e)
	}
}

// ownAlerts reads [[alerts]].
func (l *loader) ownAlerts(value any, in inFile) {
	rules, wrong := alerts.Rules(value, in.file, in.lines.of)
	l.settings.Alerts.Rules = rules
	l.wrongIn(in.file, wrong)
}

// ownExecs reads [exec.NAME].
func (l *loader) ownExecs(value any, in inFile) {
	l.mustBeOwn(alerts.ExecTable, in)
	l.settings.sources[alerts.ExecTable] = in.at(alerts.ExecTable)
	execs, wrong := alerts.Execs(value, in.lines.of, keyVariable)
	l.settings.Alerts.Execs = execs
	l.wrongIn(in.file, wrong)
}

// keyVariable reports whether a variable may hold the API key or say where it is.
func keyVariable(name string) bool {
	upper := strings.ToUpper(name)
	return slices.Contains(keyNames, upper) || likeKeyName(upper) || likeKeyName(strings.TrimSuffix(upper, "_FILE"))
}

// ownHooks reads [hook.NAME].
func (l *loader) ownHooks(value any, in inFile) {
	l.mustBeOwn(alerts.HookTable, in)
	l.settings.sources[alerts.HookTable] = in.at(alerts.HookTable)
	hooks, wrong := alerts.Hooks(value, in.lines.of)
	l.wrongIn(in.file, wrong)
	l.settings.Alerts.Hooks = make(map[string]Hook, len(hooks))
	if len(wrong) > 0 {
		return
	}
	for hook, h := range hooks {
		one := Hook{Hook: h}
		text := l.env[h.URLEnv] // never a .env: it may be somebody else's
		if h.URLFile != "" {
			var err error
			if text, err = alerts.AddressFile(l.path(h.URLFile, filepath.Dir(l.settings.ConfigPath))); err != nil {
				l.wrongIn(in.file, []alerts.Problem{{Line: h.Line, Text: "hook." + hook + " has a url_file that " + err.Error()}})
				continue
			}
		}
		l.hider = append(l.hider, text)
		switch _, err := alerts.Address(text); {
		case text == "" && h.URLEnv != "":
			one.Off = h.URLEnv + " is not set in the environment"
			l.warn("hook." + hook + " is off: " + one.Off)
		case err != nil:
			l.wrongIn(in.file, []alerts.Problem{{Line: h.Line, Text: "hook." + hook + ": its address " + err.Error()}})
		default:
			one.URL = Secret(text)
		}
		l.settings.Alerts.Hooks[hook] = one
	}
}

// mustBeOwn refuses programs and hooks of a file that others can write: they
// would have what they like run, and sent.
func (l *loader) mustBeOwn(table string, in inFile) {
	info, err := os.Stat(l.settings.ConfigPath)
	if err == nil {
		err = alerts.Own(info, 0o022)
	}
	if err != nil {
		l.wrongIn(in.file, []alerts.Problem{{Line: in.lines.of(table), Text: "[" + table + "] is taken from a file only that its user alone can write; this one " + cause(err)}})
	}
}

// screenRules reads the rules made on the screen, and checks where all of them
// go.
func (l *loader) screenRules() {
	a := &l.settings.Alerts
	if l.StateHome != "" {
		path := filepath.Join(l.StateHome, appDir, state.RulesName)
		text, err := textfile.ReadRegular(path, false)
		switch {
		case textfile.Absent(err):
		case err != nil:
			l.fail(&Error{Source: state.RulesName, Problem: "cannot be read: " + cause(err)})
		default:
			l.override(bytes.TrimPrefix(text, []byte("\ufeff")))
		}
	}
	hooks := make(map[string]alerts.Hook, len(a.Hooks))
	for name, h := range a.Hooks {
		hooks[name] = h.Hook
	}
	for i := range a.Rules {
		l.wrongIn(a.Rules[i].File, alerts.Places(a.Rules[i:i+1], a.Execs, hooks))
	}
}

// override reads alerts.toml, whose rules go before those of the config file.
func (l *loader) override(text []byte) {
	var tree map[string]any
	err := toml.Unmarshal(text, &tree)
	if err == nil && tooManyKeys(text) {
		err = errors.New("there are too many keys")
	}
	if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
		row, column := bad.Position()
		l.fail(&Error{Source: fmt.Sprintf("%s:%d:%d", state.RulesName, row, column), Problem: "is not TOML there"})
		return
	}
	if err != nil {
		l.fail(&Error{Source: state.RulesName, Problem: "is not as it was written"})
		return
	}
	value, some := tree[alerts.RulesTable]
	if !some {
		return
	}
	rules, wrong := alerts.Rules(value, state.RulesName, keyLines(text).of)
	l.wrongIn(state.RulesName, wrong)
	a := &l.settings.Alerts
	for _, r := range rules {
		if i := slices.IndexFunc(a.Rules, func(w alerts.Written) bool { return strings.EqualFold(w.Name, r.Name) }); i >= 0 {
			a.Rules[i] = r
			continue
		}
		a.Rules = append(a.Rules, r)
	}
}

// Secrets are the texts that must not be printed or logged.
func (s *Settings) Secrets() []string {
	secrets := []string{s.Key.Reveal()}
	for _, h := range s.Alerts.Hooks {
		secrets = append(secrets, h.URL.Reveal())
		if u, err := alerts.Address(h.URL.Reveal()); err == nil { // its path alone gives it away as well
			secrets = append(secrets, strings.Trim(u.EscapedPath(), "/"), u.RawQuery, u.User.String())
			for _, part := range strings.Split(u.Path, "/") {
				if len(part) >= 2*shortest {
					secrets = append(secrets, part)
				}
			}
		}
	}
	return slices.DeleteFunc(secrets, func(text string) bool { return text == "" })
}
