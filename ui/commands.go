package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
)

// command is one line of the command table. Every action of the key table can
// be typed by its name as well; what stands here takes a value, or has no key.
type command struct {
	name, takes, does string
	alone             bool // it means something without a value
	values            func(m *Model) []string
	run               func(m *Model, arg string) (tea.Cmd, error)
}

// commandTable is filled by init, because the commands refer to it. Help, hints
// and completion read it.
var commandTable []command

func init() {
	commandTable = []command{
		{"filter", "TEXT", "put a filter into force; nothing clears it by :clear", false, nil, (*Model).filterCommand},
		{"find", "TEXT", "mark what is found, hide nothing", false, nil, (*Model).findCommand},
		{"sort", "COLUMN", "sort by a column; again reverses", false, (*Model).columnNames, (*Model).sortCommand},
		{"interval", "off, 10s, 1m, 5m or 30m", "how far apart the windows of one burst may be", false, these("off", "10s", "1m", "5m", "30m"), (*Model).intervalCommand},
		{"floor", "AMOUNT or TICKER AMOUNT", "premium from which bursts are shown, such as 100k; 0 shows all", false, (*Model).lowerTickers, (*Model).floorCommand},
		{"tickers", "SPY,QQQ ...", "the underlyings to follow, in place of those followed", false, (*Model).knownTickers, (*Model).tickersCommand},
		{"tab", "NAME", "go to a tab", true, (*Model).tabNames, (*Model).tabCommand},
		{"save", "NAME", "make the tab's filter and the line, the order and the columns a tab", false, (*Model).savedNames, (*Model).saveTab},
		{"forget", "NAME", "take a saved tab away", false, (*Model).savedNames, (*Model).forgetTab},
		{"export", "FILE", "write the rows as filtered and sorted: JSON for FILE.json, else CSV", true, nil, (*Model).exportCommand},
		{"export!", "FILE", "the same, over a file that is there", false, nil, (*Model).exportOverCommand},
		{"window", "1s or 1m", "width of the windows of trades, from the next full minute on", false, these("1s", "1m"), (*Model).windowCommand},
		{"auto", "on or off", "connect by itself, or to nothing until r", false, these("on", "off"), (*Model).autoCommand},
		{"theme", "NAME", "colours of the screen", false, (*Model).themeNames, (*Model).themeCommand},
		{"fps", "1 to 60", "frames of data a second, at most", false, nil, (*Model).fpsCommand},
		{"time-zone", "exchange, local or utc", "in which times are shown", false, these("exchange", "local", "utc"), (*Model).zoneCommand},
		{"mouse", "on or off", "wheel, click and click on a header; off leaves it to the terminal", false, these("on", "off"), (*Model).mouseCommand},
		{"reduced-motion", "on or off", "nothing moves by itself", false, these("on", "off"), (*Model).stillCommand},
		{"unpin", "", "take all pinned contracts away", true, nil, (*Model).unpinCommand},
		{"q", "", "quit", true, nil, (*Model).quitCommand},
	}
}

// startSettings are settings that are read at start only.
var startSettings = []string{
	"subscribe", "feed", "ws-url", "rest-url", "ws-dialect", "api-key-file", "poll-interval", "enrich-interval", "max-rows",
	"color", "ascii", "columns", "config", "log-file",
}

// commandAliases are other names of commands: those of the settings, and what
// hands type.
var commandAliases = map[string]string{"min-premium": "floor", "auto-refresh": "auto", "quit": "q", "ticker": "tickers", "e": "export"}

// commandNamed finds a command, nil when there is none.
func commandNamed(name string) *command {
	if alias := commandAliases[name]; alias != "" {
		name = alias
	}
	for i := range commandTable {
		if commandTable[i].name == name {
			return &commandTable[i]
		}
	}
	return nil
}

func these(all ...string) func(*Model) []string { return func(*Model) []string { return all } }

func (m *Model) columnNames() (names []string) {
	missing := gone(m.st.Plan)
	for id := range columnCount {
		if !missing[id] {
			names = append(names, columnTable[id].name)
		}
	}
	return names
}

func (m *Model) lowerTickers() (out []string) {
	for _, t := range m.list.tickers() {
		out = append(out, strings.ToLower(t))
	}
	return out
}

func (m *Model) knownTickers() (out []string) {
	for _, t := range m.st.Known {
		out = append(out, strings.ToLower(t))
	}
	return out
}

func (m *Model) themeNames() []string { return m.opt.Themes.Names() }

// commandHelp is the command table for the help screen.
func commandHelp() []helpLine {
	out := []helpLine{{head: "Commands, behind : (every action of the keys by its name, too)"}}
	for i := range commandTable {
		c := &commandTable[i]
		text := c.does
		if c.takes != "" {
			text += " (" + c.takes + ")"
		}
		out = append(out, helpLine{term: ":" + c.name, text: text, command: c.name})
	}
	return append(out, helpLine{})
}

// spans by their names.
var spanNames = map[string]model.Span{"1s": model.Second, "1m": model.Minute}
