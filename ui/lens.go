package ui

import (
	"strings"

	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/table"
)

// lens is which rows a page shows: the filter in force, and those before it.
type lens struct {
	*scene
	filter    *parsed // nil takes all
	undo      undo
	edited    bool                     // the filter line shows it
	senseless func(name string) string // why a name of the language says nothing here, "" if it does; nil: all do
	applied   func()                   // has the page read its rows through another filter
}

// text is the filter in force, as typed.
func (l *lens) text() string {
	if l.filter != nil {
		return l.filter.text
	}
	return ""
}

// read reads a filter for this page: what says nothing here is refused, with the
// place of it.
func (l *lens) read(text string) (*parsed, error) {
	f, err := l.parse(text)
	if err != nil || f == nil || l.senseless == nil {
		return f, err
	}
	var wrong string
	walkNames(f.Root(), func(name string) {
		if wrong == "" && l.senseless(name) != "" {
			wrong = name
		}
	})
	if wrong == "" {
		return f, nil
	}
	at, end := strings.Index(strings.ToLower(text), wrong), len(text)
	if at < 0 {
		at = 0 // written with another name
	} else {
		end = at + len(wrong)
	}
	return nil, &filter.Error{Pos: at, End: end, Text: l.senseless(wrong)}
}

// use puts a filter in force.
func (l *lens) use(f *parsed) {
	l.filter = f
	l.applied()
}

// set puts what is written in force, or clears the filter, so that u brings back
// the one before.
func (l *lens) set(text string) error {
	f, err := l.read(text)
	if err != nil {
		return err
	}
	if before := l.text(); f == nil && before != "" || f != nil && f.text != before {
		l.undo.note(before)
		l.use(f)
	}
	return nil
}

// change is set for a key.
func (l *lens) change(text string) []act.Effect {
	if err := l.set(text); err != nil {
		return act.One(act.Say{Ink: paint.Bad, Text: err.Error()})
	}
	return nil
}

// narrow adds what a cell says to the filter, or leaves it out.
func (l *lens) narrow(c table.Clause, err error, hide bool) []act.Effect {
	if err != nil {
		return act.Tell(paint.Dim, err.Error())
	}
	text := c.Only
	if hide {
		text = c.Hide
	}
	return l.change(filter.With(l.text(), text, l.clock.Now))
}

// do carries out the actions that change the filter alone.
func (l *lens) do(a keys.Action) []act.Effect {
	switch a {
	case keys.Clear:
		return l.change("")
	case keys.Calls:
		return l.change(filter.Toggle(l.text(), "calls", l.clock.Now))
	case keys.Puts:
		return l.change(filter.Toggle(l.text(), "puts", l.clock.Now))
	case keys.Undo:
		return l.takeBack()
	}
	return nil
}

// takeBack brings the filter before the last change back.
func (l *lens) takeBack() []act.Effect {
	u := &l.undo
	for n := len(u.texts); n > 0; n = len(u.texts) {
		text := u.texts[n-1]
		u.texts = u.texts[:n-1]
		f, err := l.parse(text)
		if err != nil { // it named a day that is over
			continue
		}
		l.use(f)
		if text == "" {
			return act.Tell(paint.Dim, "no filter, as before")
		}
		return nil
	}
	return act.Tell(paint.Dim, "no change of the filter to undo")
}
