package alerts

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Exec is a program that alerts go to.
type Exec struct {
	Argv []string // the first is an absolute path
	Env  []string // names of variables that it is given besides PATH, HOME, LANG and TERM
	Line int
}

// Hook is an address that alerts go to. The address itself is a secret and
// stands elsewhere.
type Hook struct {
	Format  string // "json", "slack", "discord" or "ntfy"
	URLEnv  string // a variable that holds the address
	URLFile string // or a file that does
	Private bool   // addresses of the own network are meant
	Line    int
}

// Formats are what a hook can be sent.
var Formats = []string{"json", "slack", "discord", "ntfy"}

// placeNames are names that can stand after exec: and hook:.
var placeNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`)

// variables are names of environment variables.
var variables = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,99}$`)

const (
	allowedExec = `[exec.NAME] and below it argv = ["/path/program", "argument"], perhaps env = ["NAME"]`
	allowedHook = `[hook.NAME] and below it format = "json", "slack", "discord" or "ntfy", and url_env = "NAME" or url_file = "FILE"; private = true for one's own network`
)

// tables are the tables of a table, each with what reads one.
func tables(table string, value any, at Lines, allowed string, read func(name string, keys map[string]any) []Problem) (wrong []Problem) {
	all, isTable := value.(map[string]any)
	if !isTable {
		return []Problem{{Line: at(table), Text: table + " is no table", Allowed: allowed}}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		keys, isTable := all[name].(map[string]any)
		switch {
		case !isTable:
			wrong = append(wrong, Problem{Line: at(table, name), Text: "[" + table + "] has something that is no table", Allowed: allowed})
		case !placeNames.MatchString(name):
			wrong = append(wrong, Problem{Line: at(table, name), Text: "[" + table + "] has a name with other characters than letters, digits, - and _, or a long one", Allowed: allowed})
		default:
			wrong = append(wrong, read(name, keys)...)
		}
	}
	return wrong
}

// Execs reads [exec.NAME]. Secret reports whether a variable's name is one of the
// API key.
func Execs(value any, at Lines, secret func(name string) bool) (execs map[string]Exec, wrong []Problem) {
	execs = make(map[string]Exec)
	wrong = tables(ExecTable, value, at, allowedExec, func(name string, keys map[string]any) (wrong []Problem) {
		e := Exec{Line: at(ExecTable, name)}
		fail := func(key, text string) {
			wrong = append(wrong, Problem{Line: at(ExecTable, name, key), Text: ExecTable + "." + name + " " + text, Allowed: allowedExec})
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			list, ok := words(keys[key])
			switch key {
			case "argv":
				if e.Argv = list; !ok || len(list) == 0 {
					fail(key, "has an argv that is no list of texts")
				} else if !filepath.IsAbs(list[0]) {
					fail(key, "has a program that is no absolute path: which one is meant must not depend on where optflow runs")
				}
			case "env":
				e.Env = list
				for _, variable := range list {
					switch {
					case !variables.MatchString(variable):
						ok = false
					case secret(variable):
						fail(key, "names a variable of the API key, which no program is given")
					}
				}
				if !ok {
					fail(key, "has an env that is no list of names of variables")
				}
			default:
				wrong = append(wrong, Problem{Line: at(ExecTable, name, key), Text: "no exec table has this", Word: key, Known: []string{"argv", "env"}, Allowed: allowedExec})
			}
		}
		if len(e.Argv) == 0 && len(wrong) == 0 {
			fail("", "has no argv")
		}
		execs[name] = e
		return wrong
	})
	return execs, wrong
}

// Hooks reads [hook.NAME].
func Hooks(value any, at Lines) (hooks map[string]Hook, wrong []Problem) {
	hooks = make(map[string]Hook)
	wrong = tables(HookTable, value, at, allowedHook, func(name string, keys map[string]any) (wrong []Problem) {
		h := Hook{Line: at(HookTable, name)}
		fail := func(key, text string) {
			wrong = append(wrong, Problem{Line: at(HookTable, name, key), Text: HookTable + "." + name + " " + text, Allowed: allowedHook})
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			text, isText := keys[key].(string)
			switch key {
			case "format":
				if h.Format = text; !slices.Contains(Formats, text) {
					fail(key, "has a format that is not known")
				}
			case "url_env":
				if h.URLEnv = text; !isText || !variables.MatchString(text) {
					fail(key, "has a url_env that is no name of a variable; the address itself is a secret and stands in that variable")
				}
			case "url_file":
				if h.URLFile = text; !isText || text == "" || strings.Contains(text, "://") {
					fail(key, "has a url_file that is no name of a file; the address itself is a secret and stands in that file")
				}
			case "private":
				private, isBool := keys[key].(bool)
				if h.Private = private; !isBool {
					fail(key, "has a private that is neither true nor false")
				}
			case "url", "address":
				fail(key, "has its address in the file: it is a secret, and goes into a variable (url_env) or a file of its own (url_file)")
			default:
				wrong = append(wrong, Problem{Line: at(HookTable, name, key), Text: "no hook table has this", Word: key, Known: []string{"format", "url_env", "url_file", "private"}, Allowed: allowedHook})
			}
		}
		switch {
		case len(wrong) > 0:
		case h.Format == "":
			fail("", "has no format")
		case (h.URLEnv == "") == (h.URLFile == ""):
			fail("", "wants one of url_env and url_file")
		}
		hooks[name] = h
		return wrong
	})
	return hooks, wrong
}
