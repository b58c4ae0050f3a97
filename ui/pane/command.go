package pane

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/scene"
)

// CommandLine is the line of `:`.
type CommandLine struct {
	Typed
	About About
}

// Open begins a command.
func (l *CommandLine) Open(text string, over page.Page) {
	l.About.Over = over
	l.Line.Open(text)
}

// Key edits the line and carries it out.
func (l *CommandLine) Key(a keys.Action, k tea.KeyPressMsg) []act.Effect {
	switch a {
	case keys.Leave:
		if l.Searching() {
			l.EndSearch(false)
			return nil
		}
		return act.One(act.ClosePane{})
	case keys.Search:
		l.Search()
	case keys.Accept:
		return append(act.One(act.ClosePane{}), l.Enter(strings.Join(strings.Fields(l.String()), " "))...)
	case keys.Earlier:
		l.Recall(-1)
	case keys.Later:
		l.Recall(1)
	case keys.Complete:
		l.Line.Complete(1, l.continued)
	case keys.CompleteBack:
		l.Line.Complete(-1, l.continued)
	default:
		if l.Leaves(k) {
			return act.One(act.ClosePane{})
		}
		l.Line.Key(k)
	}
	return nil
}

func (l *CommandLine) Paste(text string) []act.Effect {
	l.Line.Paste(text)
	return nil
}

// Enter reads a command. It is remembered if all that it wants could be done.
func (l *CommandLine) Enter(text string) []act.Effect {
	out, err := l.About.read(text)
	if err != nil {
		return act.Tell(paint.Bad, err.Error())
	}
	return append(out, act.Remember{Text: text})
}

// read reads a command: one of the command table, or any action by its name.
func (a About) read(text string) ([]act.Effect, error) {
	name, arg, _ := strings.Cut(text, " ")
	if name == "" {
		return nil, nil
	}
	c, key := commandNamed(name), keys.Named(name)
	switch {
	case c != nil && (arg != "" || c.Alone):
		return c.Read(a, strings.TrimSpace(arg))
	case key != keys.None && arg == "":
		return act.One(act.Press{Action: key}), nil
	case c != nil:
		return nil, fmt.Errorf("%s: what? (%s)", name, c.Takes)
	case key != keys.None:
		return nil, fmt.Errorf("%s takes nothing behind it", name)
	case slices.Contains(startSettings, name):
		return nil, fmt.Errorf("%s is read at start: use --%s or the config file", name, name)
	}
	if near := fuzzy.Find(name, CommandNames()); len(near) > 0 {
		return nil, fmt.Errorf("there is no command %q; did you mean %s? (tab completes)", name, near[0].Str)
	}
	return nil, fmt.Errorf("there is no command %q (tab lists them)", name)
}

// CommandNames are all that can be typed first: what takes values, then the
// actions.
func CommandNames() (names []string) {
	for i := range CommandTable {
		names = append(names, CommandTable[i].Name)
	}
	for _, k := range keys.Table() {
		if k.Where == keys.InTape && k.Name != "" && !slices.Contains(names, k.Name) {
			names = append(names, k.Name)
		}
	}
	return names
}

// continued continues the last word of a command.
func (l *CommandLine) continued(text string) (candidates []string, from int) {
	name, arg, more := strings.Cut(text, " ")
	all := CommandNames()
	if more {
		c := commandNamed(name)
		if c == nil || c.values == nil && c.Name != "filter" && c.Name != "find" {
			return nil, 0
		}
		from = len(name) + 1
		if c.values == nil {
			candidates, at := l.Scene.Complete(arg)
			return candidates, from + at
		}
		at := strings.LastIndexAny(arg, " ,") + 1
		from += at
		all = c.values(l.About)
	}
	for _, word := range all {
		if strings.HasPrefix(strings.ToLower(word), strings.ToLower(text[from:])) && len(candidates) < scene.CompletionsMost {
			candidates = append(candidates, word)
		}
	}
	return candidates, from
}

// Foot writes the line being edited, and below it the candidates, or what
// the command does, or the keys.
func (l *CommandLine) Foot(out []string) []string {
	p := &l.Pen
	p.Line(l.Theme, paint.OnPlain, l.Width)
	p.Space(1)
	p.Put(paint.Accent, ":")
	l.x, l.y = 2+l.Show(p, l.Width-4, l.Found()), len(out)
	out = append(out, p.End())
	name, _, _ := strings.Cut(strings.TrimLeft(l.String(), " "), " ")
	switch c := commandNamed(name); {
	case l.Searching():
		return append(out, l.SearchLine(p, l.Theme, l.Width, l.Shown.In(l.Where, keys.Search), l.Shown.In(l.Where, keys.Leave)))
	case l.Offers():
		return append(out, l.Offer(p, l.Theme, l.Width))
	case c != nil:
		return append(out, p.Sentence(l.Theme, l.Width, paint.Dim, " "+strings.TrimSpace(c.Name+" "+c.Takes)+": "+c.Does))
	}
	return append(out, l.hints())
}
