package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
)

// order of the command line: a word with what may follow it.
type commandSpec struct {
	name, takes string
}

// commands are what the command line knows.
var commands = []commandSpec{
	{"window", "1s or 1m"}, {"auto", "on or off"}, {"sort", "a column"}, {"interval", "off, 10s, 1m, 5m or 30m"}, {"theme", "a name"}, {"q", ""},
}

// commandLine is the line of `:`.
type commandLine struct {
	editor
	completion
	past history
}

// commandKey edits the command line and carries it out.
func (m *Model) commandKey(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		m.pane = paneTape
		return nil
	case "enter":
		m.pane = paneTape
		cmd, err := m.obey(strings.Fields(m.command.String()))
		if err != nil {
			m.notices.say(inkBad, err.Error())
		}
		return cmd
	case "backspace":
		if m.command.String() == "" {
			m.pane = paneTape
			return nil
		}
	}
	m.command.key(k)
	return nil
}

// obey carries a command out.
func (m *Model) obey(words []string) (tea.Cmd, error) {
	if len(words) == 0 {
		return nil, nil
	}
	arg := strings.Join(words[1:], " ")
	switch words[0] {
	case "q", "quit":
		return tea.Quit, nil
	case "window":
		span, ok := map[string]model.Span{"1s": model.Second, "1m": model.Minute}[arg]
		if !ok {
			return nil, fmt.Errorf("window %q: want 1s or 1m", arg)
		}
		if m.opt.Feed != nil {
			m.opt.Feed.Window(span)
		}
		m.notices.say(inkText, "windows of "+arg+" from the next full minute on")
	case "auto":
		if arg != "on" && arg != "off" {
			return nil, fmt.Errorf("auto %q: want on or off", arg)
		}
		if m.opt.Feed != nil {
			m.opt.Feed.AutoRefresh(arg == "on")
		}
	case "interval":
		i, err := model.ParseInterval(arg)
		if err != nil {
			return nil, err
		}
		m.regroupBy(i)
	case "theme":
		if err := m.setTheme(arg); err != nil {
			return nil, err
		}
		return tea.Batch(m.keep(Kept{Theme: arg}), m.askGround()), nil
	case "sort":
		if m.sortNamed(arg) {
			break
		}
		id, ok := columnNamed(arg)
		if !ok {
			return nil, fmt.Errorf("sort %q: there is no such column", arg)
		}
		m.sortBy(id)
	default:
		return nil, fmt.Errorf("%q is not a command; there are %s", words[0], commandNames())
	}
	return nil, nil
}

// commandNames lists the commands with what they take.
func commandNames() string {
	var names []string
	for _, c := range commands {
		names = append(names, strings.TrimSpace(c.name+" "+c.takes))
	}
	return strings.Join(names, " · ")
}
