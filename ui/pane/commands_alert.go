package pane

import (
	"fmt"
	"strings"
	"time"

	"optflow/ui/act"
)

// ruleTakes is what the command alert takes.
const ruleTakes = "mute NAME 1h, test NAME, off NAME, on NAME or edit NAME"

// ruleVerbs are what can be done with a rule.
var ruleVerbs = []string{"mute", "test", "off", "on", "edit"}

// ruleWords complete the command: what can be done, and with which rule.
func ruleWords(a About) []string {
	words := ruleVerbs[:len(ruleVerbs):len(ruleVerbs)]
	for _, r := range a.Alerts.Rules {
		words = append(words, r.Name)
	}
	return words
}

// usualMute is for how long a rule is muted where nothing is said.
const usualMute = time.Hour

// readRule reads what is to be done with a rule, whose name may be several words.
func readRule(_ About, text string) ([]act.Effect, error) {
	verb, name, _ := strings.Cut(text, " ")
	name = strings.TrimSpace(name)
	if name == "" {
		return nil, fmt.Errorf("%s: which rule? (%s)", strings.TrimSpace("alert "+verb), ruleTakes)
	}
	switch verb {
	case "mute":
		long := usualMute
		if at := strings.LastIndexByte(name, ' '); at > 0 {
			if d, err := time.ParseDuration(name[at+1:]); err == nil {
				name, long = name[:at], d
			}
		}
		if long < 0 {
			return nil, fmt.Errorf("alert mute: %s is before now", long)
		}
		return act.One(act.MuteRule{Name: name, For: long}), nil
	case "test":
		return act.One(act.TestRule{Name: name}), nil
	case "off", "on":
		return act.One(act.SwitchRule{Name: name, Off: verb == "off"}), nil
	case "edit":
		return act.One(act.EditRule{Name: name}), nil
	}
	return nil, fmt.Errorf("alert %q: want %s", verb, ruleTakes)
}
