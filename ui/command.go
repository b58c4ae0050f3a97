package ui

import (
	"fmt"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"
)

// commandLine is the line of `:`.
type commandLine struct {
	typed
	about about
}

// open begins a command.
func (l *commandLine) open(text string, _ page) {
	l.Open(text)
}

// key edits the line and carries it out.
func (l *commandLine) key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	switch a {
	case keys.Leave:
		return act.One(act.ClosePane{})
	case keys.Accept:
		return append(act.One(act.ClosePane{}), l.enter(strings.Join(strings.Fields(l.String()), " "))...)
	case keys.Earlier:
		l.Recall(-1)
	case keys.Later:
		l.Recall(1)
	case keys.Complete:
		l.Complete(1, l.continued)
	case keys.CompleteBack:
		l.Complete(-1, l.continued)
	default:
		if l.Leaves(k) {
			return act.One(act.ClosePane{})
		}
		l.Key(k)
	}
	return nil
}

func (l *commandLine) paste(text string) []act.Effect {
	l.Paste(text)
	return nil
}

// enter reads a command. It is remembered if all that it wants could be done.
func (l *commandLine) enter(text string) []act.Effect {
	out, err := l.about.read(text)
	if err != nil {
		return act.Tell(paint.Bad, err.Error())
	}
	return append(out, act.Remember{Text: text})
}

// read reads a command: one of the command table, or any action by its name.
func (a about) read(text string) ([]act.Effect, error) {
	name, arg, _ := strings.Cut(text, " ")
	if name == "" {
		return nil, nil
	}
	c, key := commandNamed(name), keys.Named(name)
	switch {
	case c != nil && (arg != "" || c.alone):
		return c.read(a, strings.TrimSpace(arg))
	case key != keys.None && arg == "":
		return act.One(act.Press{Action: key}), nil
	case c != nil:
		return nil, fmt.Errorf("%s: what? (%s)", name, c.takes)
	case key != keys.None:
		return nil, fmt.Errorf("%s takes nothing behind it", name)
	case slices.Contains(startSettings, name):
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

// continued continues the last word of a command.
func (l *commandLine) continued(text string) (candidates []string, from int) {
	name, arg, more := strings.Cut(text, " ")
	all := commandNames()
	if more {
		c := commandNamed(name)
		if c == nil || c.values == nil && c.name != "filter" && c.name != "find" {
			return nil, 0
		}
		from = len(name) + 1
		if c.values == nil {
			candidates, at := l.complete(arg)
			return candidates, from + at
		}
		at := strings.LastIndexAny(arg, " ,") + 1
		from += at
		all = c.values(l.about)
	}
	for _, word := range all {
		if strings.HasPrefix(strings.ToLower(word), strings.ToLower(text[from:])) && len(candidates) < completionsMost {
			candidates = append(candidates, word)
		}
	}
	return candidates, from
}

// foot writes the line being edited, and below it the candidates, or what
// the command does, or the keys.
func (l *commandLine) foot(out []string) []string {
	p := &l.pen
	p.Line(l.th, paint.OnPlain, l.width)
	p.Space(1)
	p.Put(paint.Accent, ":")
	l.x, l.y = 2+l.Show(p, l.width-4, nil), len(out)
	out = append(out, p.End())
	name, _, _ := strings.Cut(strings.TrimLeft(l.String(), " "), " ")
	switch c := commandNamed(name); {
	case l.Offers():
		return append(out, l.Offer(p, l.th, l.width))
	case c != nil:
		return append(out, p.Sentence(l.th, l.width, paint.Dim, " "+strings.TrimSpace(c.name+" "+c.takes)+": "+c.does))
	}
	return append(out, l.hints())
}
