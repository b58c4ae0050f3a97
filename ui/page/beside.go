package page

import (
	"cmp"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/paint"
	"optflow/ui/scene"
)

// Beside is a page beside those that `v` goes through: esc leads back to the one
// that it was opened over.
type Beside interface {
	Page
	Over(name string)
	// Foot is the last line: the keys that mean something here.
	Foot() string
}

// Way is the page that the pages beside were opened over.
type Way struct{ back string }

// beside is what such pages have in common: they show what was kept and filter
// nothing.
type beside struct {
	*scene.Scene
	way  *Way
	lens lens.Lens
}

func newBeside(s *scene.Scene, way *Way) beside {
	return beside{s, way, lens.New(s, func(string) string { return "there is nothing to filter here" }, func() {})}
}

func (b *beside) Over(name string) { b.way.back = name }

func (b *beside) Filter() *lens.Lens { return &b.lens }

func (b *beside) Badge() []paint.Piece { return nil }

func (b *beside) Reads() bool { return false }

func (b *beside) Moment() scene.Moment { return b.Live() }

func (b *beside) Watched(ids []model.ContractID) []model.ContractID { return ids }

// do is what an action does on all such pages.
func (b *beside) do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Escape, keys.Close:
		return act.One(act.Resume{To: cmp.Or(b.way.back, pageTape)}), true
	case keys.Freeze, keys.Interval, keys.Only, keys.Hide, keys.Find, keys.FindNext, keys.FindPrevious, keys.Filter, keys.Calls, keys.Puts,
		keys.Clear, keys.NextMark, keys.PreviousMark, keys.CopyRow, keys.CopyCommand, keys.Export:
		return act.Tell(paint.Dim, "that works on the tape; "+b.Key(keys.Escape)+" goes back"), true
	}
	return nil, false
}

// hint is a key and what it does here.
type hint struct {
	keys.Action
	does string
}

func (b *beside) foot(hints ...hint) string {
	p := &b.Pen
	p.Line(b.Theme, paint.OnPlain, b.Width)
	for _, h := range append(hints, hint{keys.Escape, "back"}) {
		key := b.Shown.Key(h.Action)
		if p.Left() < paint.Cells(key)+paint.Cells(h.does)+3 {
			break
		}
		p.Space(1)
		p.Put(paint.Accent, key)
		p.Put(paint.Dim, " "+h.does+" ")
	}
	return p.End()
}

// title writes the second line: which page, what it says of itself, and how much
// there is.
func (b *beside) title(name string, said, right []paint.Piece) string {
	p := &b.Pen
	p.Line(b.Theme, paint.OnPlain, b.Width)
	p.Space(1)
	p.Put(paint.Strong, name)
	p.Space(2)
	room := b.Width - 1 - p.Written() - paint.Width(right) - 2
	for _, s := range said {
		text := paint.Clip(s.Text, room)
		p.Put(s.Ink, text)
		room -= paint.Cells(text)
	}
	if paint.Width(right)+2 <= p.Left() {
		p.Right(right)
	}
	return p.End()
}
