// Package alerts reads what a file says of alerts: the rules, and the programs
// and hooks that they go to. What a rule's words mean, others judge.
package alerts

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"optflow/config/textfile"
	"optflow/model/alert"
)

// Tables of a file. The first is a list of tables.
const (
	RulesTable = "alerts" // [[alerts]]
	ExecTable  = "exec"   // [exec.NAME]
	HookTable  = "hook"   // [hook.NAME]
)

// longestWords bounds a text, in bytes.
const longestWords = 4096

// Written is a rule and where it is written.
type Written struct {
	alert.Rule
	File  string
	Line  int
	lines map[string]int
}

// From is the place of a key of the rule, such as "config.toml:12".
func (w *Written) From(key string) string {
	line := w.lines[key]
	if line == 0 {
		line = w.Line
	}
	if line == 0 {
		return w.File
	}
	return fmt.Sprintf("%s:%d", w.File, line)
}

// Problem is something that cannot be used. None of it has been made safe to
// print.
type Problem struct {
	Line     int
	Text     string   // half a sentence, with what it is about
	Value    string   // what is wrong, to be shown with a caret under From to To; "" is not
	From, To int      // bytes of Value
	Word     string   // a name that there is not
	Known    []string // and those that there are
	Allowed  string
}

// Lines is the line on which the parts of a key stand, 0 unknown. The n-th table
// of a list has the part "#n".
type Lines func(parts ...string) int

const allowedRule = `[[alerts]] and below it lines such as name = "whales", when = "prem>=1m side=ask" and to = ["bell", "log"]`

// texts are the keys of a rule that hold one text.
func texts(r *alert.Rule) map[string]*string {
	return map[string]*string{
		"name": &r.Name, "when": &r.When, "on": &r.On, "cooldown": &r.Cooldown, "rearm": &r.Rearm,
		"hours": &r.Hours, "quiet": &r.Quiet, "max": &r.Max,
	}
}

// switches are those that are true or false.
func switches(r *alert.Rule) map[string]*bool {
	return map[string]*bool{"once": &r.Once, "late": &r.Late, "off": &r.Off}
}

// Rules reads [[alerts]].
func Rules(value any, file string, at Lines) (rules []Written, wrong []Problem) {
	list, isList := value.([]any)
	if !isList {
		return nil, []Problem{{Line: at(RulesTable), Text: "alerts is no list of rules", Allowed: allowedRule}}
	}
	for i, element := range list {
		mark := fmt.Sprintf("#%d", i)
		w := Written{File: file, Line: at(RulesTable, mark), lines: map[string]int{}}
		keys, isTable := element.(map[string]any)
		if !isTable {
			wrong = append(wrong, Problem{Line: w.Line, Text: fmt.Sprintf("rule %d is no table", i+1), Allowed: allowedRule})
			continue
		}
		before := len(wrong)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			w.lines[key] = at(RulesTable, mark, key)
			wrong = append(wrong, read(&w, key, keys[key])...)
		}
		if len(wrong) == before {
			wrong = append(wrong, check(&w, i, rules)...)
		}
		if len(wrong) == before {
			rules = append(rules, w)
		}
	}
	return rules, wrong
}

// read reads one key of a rule.
func read(w *Written, key string, value any) []Problem {
	fail := func(text string) []Problem {
		return []Problem{{Line: w.lines[key], Text: "the " + key + " of a rule " + text, Allowed: allowedRule}}
	}
	if field, known := texts(&w.Rule)[key]; known {
		text, isText := value.(string)
		if !isText {
			return fail("is no text")
		}
		*field = text
		if err := textfile.OneLine(text); err != nil {
			return fail(err.Error())
		}
		if len(text) > longestWords {
			return fail("is too long")
		}
		return nil
	}
	if field, known := switches(&w.Rule)[key]; known {
		on, isBool := value.(bool)
		if !isBool {
			return fail("is neither true nor false")
		}
		*field = on
		return nil
	}
	if key == "to" {
		var ok bool
		if w.To, ok = words(value); !ok {
			return fail("is no list of places, such as bell, notify, log, exec:NAME and hook:NAME")
		}
		return nil
	}
	known := slices.Sorted(maps.Keys(texts(&w.Rule)))
	known = append(known, slices.Sorted(maps.Keys(switches(&w.Rule)))...)
	return []Problem{{Line: w.lines[key], Text: "no rule has this", Value: key, To: len(key), Word: key, Known: append(known, "to")}}
}

// words are one text or a list of texts.
func words(value any) (list []string, ok bool) {
	if one, isText := value.(string); isText {
		value = []any{one}
	}
	elements, isList := value.([]any)
	for _, e := range elements {
		word, isText := e.(string)
		if !isText || textfile.OneLine(word) != nil {
			return nil, false
		}
		list = append(list, word)
	}
	return list, isList
}

// check says what is wrong with a rule beside others, whatever its words mean.
func check(w *Written, i int, others []Written) []Problem {
	switch {
	case strings.TrimSpace(w.Name) == "":
		return []Problem{{Line: w.Line, Text: fmt.Sprintf("rule %d has no name", i+1), Allowed: allowedRule}}
	case slices.ContainsFunc(others, func(o Written) bool { return strings.EqualFold(o.Name, w.Name) }):
		return []Problem{{Line: w.lines["name"], Text: "there are two rules of that name", Value: w.Name, To: len(w.Name)}}
	}
	return nil
}

// Places judges where the rules go: to the terminal, the log, or a program or
// hook that the config file has.
func Places(rules []Written, execs map[string]Exec, hooks map[string]Hook) (wrong []Problem) {
	known := []string{"bell", "notify", "log"}
	for _, name := range slices.Sorted(maps.Keys(execs)) {
		known = append(known, "exec:"+name)
	}
	for _, name := range slices.Sorted(maps.Keys(hooks)) {
		known = append(known, "hook:"+name)
	}
	for i := range rules {
		for _, place := range rules[i].To {
			if !slices.Contains(known, place) {
				wrong = append(wrong, Problem{
					Line: rules[i].lines["to"], Text: "the rule " + quoted(rules[i].Name) + " goes to what there is not", Value: place, To: len(place),
					Word: place, Known: known, Allowed: strings.Join(known, ", "),
				})
			}
		}
	}
	return wrong
}

func quoted(text string) string { return fmt.Sprintf("%q", text) }
