// Package lens is which rows a page shows: the filter in force, how it is changed,
// and what it was before.
package lens

import (
	"optflow/model/filter"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// Lens is which rows a page shows: the filter in force, and those before it.
type Lens struct {
	*scene.Scene
	Filter    *scene.Filter            // nil takes all
	Undo      *Undo                    // shared by the lenses that u goes back through together
	Edited    bool                     // the filter line shows it
	Of        string                   // the tab whose own filter it is, "" none
	caret     int                      // of the filter line
	Called    string                   // what undo says was brought back, "" nothing
	senseless func(name string) string // why a name of the language says nothing here, "" if it does; nil: all do
	applied   func()                   // has the page read its rows through another filter
}

// New shows all rows. A page that has read its rows through another filter
// does so in applied; senseless says why a name of the language says nothing in
// it, nil that all do.
func New(s *scene.Scene, senseless func(name string) string, applied func()) Lens {
	return Lens{Scene: s, Undo: new(Undo), senseless: senseless, applied: applied}
}

// Text is the filter in force, as typed.
func (l *Lens) Text() string {
	if l.Filter != nil {
		return l.Filter.Text
	}
	return ""
}

// Read reads a filter for this page: what says nothing here is refused, with the
// place of it.
func (l *Lens) Read(text string) (*scene.Filter, error) {
	f, err := l.ParseOf(l.Of, text)
	if err != nil {
		return nil, err
	}
	return f, l.sensible(text, f)
}

// Type reads a filter that is being typed. What waits are the words that filter
// nothing yet.
func (l *Lens) Type(text string, caret int) (f *scene.Filter, waits []filter.Warning, err error) {
	l.caret = caret
	if f, waits, err = l.ParseTyped(l.Of, text, caret); err != nil {
		return nil, nil, err
	}
	return f, waits, l.sensible(text, f)
}

// Again reads the filter in force anew, whose names, hints and dates depend on
// what is followed, saved and on today. Where it cannot be read it stays.
func (l *Lens) Again() *scene.Filter {
	var f *scene.Filter
	var err error
	switch {
	case l.Filter == nil:
		return nil
	case l.Edited:
		f, _, err = l.Type(l.Filter.Text, l.caret)
	default:
		f, err = l.Read(l.Filter.Text)
	}
	if err != nil {
		return l.Filter
	}
	return f
}

// sensible refuses what says nothing here.
func (l *Lens) sensible(text string, f *scene.Filter) error {
	if f == nil || l.senseless == nil {
		return nil
	}
	return f.Sense(text, l.senseless)
}

// Use puts a filter in force.
func (l *Lens) Use(f *scene.Filter) {
	l.Filter = f
	l.Apply()
}

// Apply has the page read its rows anew.
func (l *Lens) Apply() { l.applied() }

// Set puts what is written in force, or clears the filter, so that u brings back
// the one before.
func (l *Lens) Set(text string) error {
	f, err := l.Read(text)
	if err != nil {
		return err
	}
	if before := l.Text(); f == nil && before != "" || f != nil && f.Text != before {
		l.Note(before)
		l.Use(f)
	}
	return nil
}

// Change is Set for a key.
func (l *Lens) Change(text string) []act.Effect {
	if err := l.Set(text); err != nil {
		return act.One(act.Say{Ink: paint.Bad, Text: err.Error()})
	}
	return nil
}

// Narrow adds what a cell says to the filter, or leaves it out.
func (l *Lens) Narrow(c table.Clause, err error, hide bool) []act.Effect {
	if err != nil {
		return act.Tell(paint.Dim, err.Error())
	}
	text := c.Only
	if hide {
		text = c.Hide
	}
	return l.Change(filter.With(l.Text(), text, l.Clock.Now))
}

// Do carries out the actions that change the filter alone.
func (l *Lens) Do(a keys.Action) []act.Effect {
	switch a {
	case keys.Clear:
		if l.Filter == nil {
			return act.Tell(paint.Dim, "no filter to clear")
		}
		return l.Change("")
	case keys.Calls:
		return l.Change(filter.Toggle(l.Text(), "calls", l.Clock.Now))
	case keys.Puts:
		return l.Change(filter.Toggle(l.Text(), "puts", l.Clock.Now))
	case keys.Undo:
		return l.takeBack()
	}
	return nil
}

// takeBack brings the filter before the last change back.
func (l *Lens) takeBack() []act.Effect {
	for last := l.Undo.last(); last != nil; last = l.Undo.last() {
		was := *last
		l.Undo.before = l.Undo.before[:len(l.Undo.before)-1]
		f, err := was.of.Read(was.text)
		if err != nil { // it named a day that is over
			continue
		}
		was.of.Use(f)
		switch {
		case was.of.Called != "":
			return act.Tell(paint.Dim, was.of.Called+" is as before")
		case was.text == "":
			return act.Tell(paint.Dim, "no filter, as before")
		}
		return nil
	}
	return act.Tell(paint.Dim, "no change of the filter to undo")
}

// undoMost is how many changes of the filter can be taken back.
const undoMost = 100

// Undo holds the filters that were in force before, oldest first: those of the
// line and those of the tab that it stands in.
type Undo struct{ before []replaced }

// replaced is a filter that was.
type replaced struct {
	of   *Lens
	text string
}

// Note keeps the filter that is about to be replaced.
func (l *Lens) Note(text string) {
	u := l.Undo
	u.before = append(u.before, replaced{l, text})
	if len(u.before) > undoMost {
		u.before = u.before[1:]
	}
}

// last is what the next undo brings back; nil nothing.
func (u *Undo) last() *replaced {
	if n := len(u.before); n > 0 {
		return &u.before[n-1]
	}
	return nil
}
