package pane

import (
	"optflow/model"
	"optflow/model/memory"
	"optflow/ui/act"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/scene"
)

// command is one line of the command table. Every action of the key table can
// be typed by its name as well; what stands here takes a value, or has no key.
type command struct {
	Name, Takes, Does string
	Alone             bool // it means something without a value
	values            func(About) []string
	Read              func(a About, arg string) ([]act.Effect, error) // what is wanted
}

// About is what commands are read and completed by.
type About struct {
	*scene.Scene
	Tape   *page.Tape
	Over   page.Page // in front
	Themes *paint.Themes
}

// CommandTable are the commands in the order of the help, which reads it as hints
// and completion do.
var CommandTable = []command{
	{"filter", "TEXT", "put a filter into force; nothing clears it by :clear", false, nil, func(_ About, text string) ([]act.Effect, error) { return act.One(act.Filter{Text: text}), nil }},
	{"find", "TEXT", "mark what is found, hide nothing", false, nil, func(_ About, text string) ([]act.Effect, error) { return act.One(act.Find{Text: text}), nil }},
	{"columns", "COLUMN,COLUMN ... or reset", "the columns that are shown, in this order; reset: those of the settings", false, chosenNames, readColumns},
	{"sort", "COLUMN", "sort by a column; again reverses", false, columnNames, func(_ About, name string) ([]act.Effect, error) { return act.One(act.Sort{Column: name}), nil }},
	{"interval", "off, 10s, 1m, 5m or 30m", "how far apart the windows of one burst may be", false, these("off", "10s", "1m", "5m", "30m"), readInterval},
	{"floor", "AMOUNT or TICKER AMOUNT", "premium from which bursts are shown, such as 100k; 0 shows all", false, lowerTickers, readFloor},
	{"tickers", "SPY,QQQ ...", "the underlyings to follow, in place of those followed", false, knownTickers, readTickers},
	{"list", "NAME", "follow the tickers of a list of [lists]; alone it shows the lists", true, listNames, readList},
	{"tab", "NAME; or filter TEXT, rename NAME, bell, reset", "go to a tab; or change the one in front, kept for the next run", true, tabWords, readTab},
	{"save", "NAME", "make the tab's filter and the line, the order and the columns a tab; without a name the one in front", true, tabNames(true), func(_ About, name string) ([]act.Effect, error) { return act.One(act.SaveTab{Name: name}), nil }},
	{"forget", "NAME", "take a saved tab away", false, tabNames(true), func(_ About, name string) ([]act.Effect, error) { return act.One(act.ForgetTab{Name: name}), nil }},
	{"export", "FILE", "write the rows as filtered and sorted: JSON for FILE.json, else CSV", true, nil, func(_ About, file string) ([]act.Effect, error) { return act.One(act.Export{Name: file}), nil }},
	{"export!", "FILE", "the same, over a file that is there", false, nil, func(_ About, file string) ([]act.Effect, error) {
		return act.One(act.Export{Name: file, Over: true}), nil
	}},
	{"window", "1s or 1m", "width of the windows of trades, from the next full minute on", false, these("1s", "1m"), readWindow},
	{"auto", "on or off", "connect by itself, or to nothing until r", false, these("on", "off"), onOff("auto", func(on bool) act.Effect { return act.AutoRefresh{On: on} })},
	{"seek", "14:05, 14:05:30, +90s or -5m", "in a recorded day: go to a time, on or back", false, nil, readSeek},
	{"speed", "1/4x to 600x, or max", "in a recorded day: how fast it is played", false, these("1x", "10x", "60x", "600x", "max"), readSpeed},
	{"theme", "NAME", "colours of the screen", false, func(a About) []string { return a.Themes.Names() }, func(_ About, name string) ([]act.Effect, error) {
		return []act.Effect{act.Theme{Name: name}, act.Keep{Item: memory.Choices{Theme: name}}}, nil
	}},
	{"fps", "1 to 60", "frames of data a second, at most", false, nil, readFPS},
	{"time-zone", "exchange, local or utc", "in which times are shown", false, these("exchange", "local", "utc"), func(_ About, name string) ([]act.Effect, error) { return act.One(act.Zone{Name: name}), nil }},
	{"mouse", "on or off", "wheel, clicks and double clicks; off leaves it to the terminal", false, these("on", "off"), onOff("mouse", func(on bool) act.Effect { return act.Mouse{On: on} })},
	{"reduced-motion", "on or off", "nothing moves by itself", false, these("on", "off"), onOff("reduced-motion", func(on bool) act.Effect { return act.Still{On: on} })},
	{"calm", "on or off", "one changed line at a time, with the cursor on it, for screen readers", false, these("on", "off"), onOff("calm", func(on bool) act.Effect { return act.Calm{On: on} })},
	{"alert", ruleTakes, "what is done with a rule; a makes one", true, ruleWords, readRule},
	{"unpin", "", "take all pinned contracts away", true, nil, func(About, string) ([]act.Effect, error) { return act.One(act.Unpin{}), nil }},
	{"q", "", "quit", true, nil, func(About, string) ([]act.Effect, error) { return act.One(act.Quit{}), nil }},
}

// startSettings are settings that are read at start only.
var startSettings = []string{
	"subscribe", "feed", "ws-url", "rest-url", "ws-dialect", "api-key-file", "poll-interval", "enrich-interval", "max-rows",
	"color", "ascii", "config", "log-file",
}

// commandAliases are other names of commands: those of the settings, and what
// hands type.
var commandAliases = map[string]string{"min-premium": "floor", "auto-refresh": "auto", "quit": "q", "ticker": "tickers", "e": "export"}

// commandNamed finds a command, nil when there is none.
func commandNamed(name string) *command {
	if alias := commandAliases[name]; alias != "" {
		name = alias
	}
	for i := range CommandTable {
		if CommandTable[i].Name == name {
			return &CommandTable[i]
		}
	}
	return nil
}

func these(all ...string) func(About) []string { return func(About) []string { return all } }

func columnNames(a About) (names []string) {
	if p, is := a.Over.(page.Columned); is {
		for _, h := range p.Columns().Heads {
			if h.Gone == "" {
				names = append(names, h.Name)
			}
		}
	}
	return names
}

func chosenNames(a About) []string { return append(columnNames(a), "reset") }

func tabWords(a About) []string {
	return append(a.Tape.Tabs.Names(false), "filter", "rename", "bell", "reset")
}

func lowerTickers(a About) []string { return scene.Lower(a.Tickers()) }

func knownTickers(a About) []string { return scene.Lower(a.State.Known) }

func listNames(a About) (out []string) {
	for _, l := range a.Lists {
		out = append(out, l.Name)
	}
	return out
}

func tabNames(saved bool) func(About) []string {
	return func(a About) []string { return a.Tape.Tabs.Names(saved) }
}

// commandHelp is the command table for the help screen.
func commandHelp() []helpLine {
	out := []helpLine{{Head: "Commands, behind : (every action of the keys by its name, too)"}}
	for i := range CommandTable {
		c := &CommandTable[i]
		text := c.Does
		if c.Takes != "" {
			text += " (" + c.Takes + ")"
		}
		out = append(out, helpLine{Term: ":" + c.Name, text: text, command: c.Name})
	}
	return append(out, helpLine{})
}

// spans by their names.
var spanNames = map[string]model.Span{"1s": model.Second, "1m": model.Minute}
