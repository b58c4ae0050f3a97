package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"optflow/ui/keys"
	"optflow/ui/paint"
)

// openCommand begins a command.
func (m *Model) openCommand(text string) {
	m.pane = paneCommand
	m.command.Open(text)
}

// commandKey edits the command line and carries it out.
func (m *Model) commandKey(a keys.Action, k tea.KeyPressMsg) tea.Cmd {
	l := &m.command
	switch a {
	case keys.Leave:
		m.pane = paneTape
	case keys.Accept:
		m.pane = paneTape
		return m.enterCommand(strings.Join(strings.Fields(l.String()), " "))
	case keys.Earlier:
		l.Recall(-1)
	case keys.Later:
		l.Recall(1)
	case keys.Complete:
		l.Complete(1, m.completeCommand)
	case keys.CompleteBack:
		l.Complete(-1, m.completeCommand)
	default:
		if l.Leaves(k) {
			m.pane = paneTape
			return nil
		}
		l.Key(k)
	}
	return nil
}

// enterCommand carries a command out, and keeps it if it could be.
func (m *Model) enterCommand(text string) tea.Cmd {
	cmd, err := m.obey(text)
	if err != nil {
		m.notices.answer(paint.Bad, err.Error())
		return nil
	}
	if m.command.Remember(text) {
		return tea.Batch(cmd, m.keepLines())
	}
	return cmd
}

// obey carries a command out: one of the command table, or any action by its
// name.
func (m *Model) obey(text string) (tea.Cmd, error) {
	name, arg, _ := strings.Cut(text, " ")
	if name == "" {
		return nil, nil
	}
	if c := commandNamed(name); c != nil && (arg != "" || c.alone) {
		return c.run(m, strings.TrimSpace(arg))
	} else if a := keys.Named(name); a != keys.None && arg == "" {
		return m.do(a), nil
	} else if c != nil {
		return nil, fmt.Errorf("%s: what? (%s)", name, c.takes)
	} else if a != keys.None {
		return nil, fmt.Errorf("%s takes nothing behind it", name)
	}
	if slices.Contains(startSettings, name) {
		return nil, fmt.Errorf("%s is read at start: use --%s or the config file", name, name)
	}
	if near := fuzzy.Find(name, commandNames()); len(near) > 0 {
		return nil, fmt.Errorf("there is no command %q; did you mean %s? (tab completes)", name, near[0].Str)
	}
	return nil, fmt.Errorf("there is no command %q (tab lists them)", name)
}

// commandNames are all that can be typed first: what takes values, then the
// actions.
func commandNames() (names []string) {
	for i := range commandTable {
		names = append(names, commandTable[i].name)
	}
	for _, k := range keys.Table() {
		if k.Where == keys.InTape && k.Name != "" && !slices.Contains(names, k.Name) {
			names = append(names, k.Name)
		}
	}
	return names
}

// completeCommand continues the last word of a command.
func (m *Model) completeCommand(text string) (candidates []string, from int) {
	name, arg, more := strings.Cut(text, " ")
	all := commandNames()
	if more {
		c := commandNamed(name)
		if c == nil || c.values == nil && c.name != "filter" && c.name != "find" {
			return nil, 0
		}
		from = len(name) + 1
		if c.values == nil {
			candidates, at := m.complete(arg)
			return candidates, from + at
		}
		at := strings.LastIndexAny(arg, " ,") + 1
		from += at
		all = c.values(m)
	}
	for _, word := range all {
		if strings.HasPrefix(strings.ToLower(word), strings.ToLower(text[from:])) && len(candidates) < completionsMost {
			candidates = append(candidates, word)
		}
	}
	return candidates, from
}

// commandFoot writes the line being edited, and below it the candidates, or what
// the command does, or the keys.
func (m *Model) commandFoot(out []string) []string {
	p, l := &m.pen, &m.command
	p.Line(m.th, paint.OnPlain, m.width)
	p.Space(1)
	p.Put(paint.Accent, ":")
	m.setCaret(2+l.Show(p, m.width-4, nil), len(out))
	out = append(out, p.End())
	name, _, _ := strings.Cut(strings.TrimLeft(l.String(), " "), " ")
	switch c := commandNamed(name); {
	case l.Offers():
		return append(out, l.Offer(p, m.th, m.width))
	case c != nil:
		return append(out, p.Sentence(m.th, m.width, paint.Dim, " "+strings.TrimSpace(c.name+" "+c.takes)+": "+c.does))
	}
	return append(out, m.shown.Hints(&m.pen, m.th, m.width, keys.InCommand, nil, nil))
}
