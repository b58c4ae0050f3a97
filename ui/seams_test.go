package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/ui/act"
	"optflow/ui/keys"
	"optflow/ui/lens"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/pane"
	"optflow/ui/scene"
)

// blankPage is a page that nothing else knows of.
type blankPage struct {
	*scene.Scene
	lens  lens.Lens
	rows  int
	taken int
}

func (p *blankPage) Name() string         { return "Blank" }
func (p *blankPage) Enter(string)         {}
func (p *blankPage) Take(page.Changes)    { p.taken++ }
func (p *blankPage) Sort(string) bool     { return false }
func (p *blankPage) Click(int, int) bool  { return false }
func (p *blankPage) Scroll(int)           {}
func (p *blankPage) Fit(rows int, _ bool) { p.rows = rows }
func (p *blankPage) Arrange()             {}
func (p *blankPage) Filter() *lens.Lens   { return &p.lens }
func (p *blankPage) Badge() []paint.Piece { return nil }
func (p *blankPage) Moment() scene.Moment { return p.Live() }
func (p *blankPage) Reads() bool          { return false }

func (p *blankPage) Matching() []paint.Piece { return []paint.Piece{paint.Text.Piece("0 blanks")} }

func (p *blankPage) Selected() page.Selection { return page.Selection{Ticker: "QQQ"} }

func (p *blankPage) Watched(ids []model.ContractID) []model.ContractID { return append(ids, 0) }

func (p *blankPage) Do(a keys.Action) ([]act.Effect, bool) {
	if a != keys.Open {
		return nil, false
	}
	return []act.Effect{act.Answer{Ink: paint.Text, Text: "a blank is opened"}, act.OpenPane{Place: "blank"}}, true
}

func (p *blankPage) Draw(out []string) []string {
	for range p.rows + 2 {
		out = append(out, p.Pen.Sentence(p.Theme, p.Width, paint.Text, "blank"))
	}
	return out
}

// blankPane is a pane that nothing else knows of.
type blankPane struct {
	pane.Simple
	opened page.Page
}

func (b *blankPane) Open(_ string, over page.Page) { b.opened = over }

func (b *blankPane) Draw(lines []string, _ int) {
	for i := range lines {
		lines[i] = b.Pen.Sentence(b.Theme, b.Width, paint.Text, "a pane")
	}
}

func (b *blankPane) Key(_ keys.Action, k tea.KeyPressMsg) []act.Effect {
	if k.Text != "a" {
		return nil
	}
	return []act.Effect{act.ClosePane{}, act.ShowPage{Name: "Tape"}, act.Sort{Column: "premium"}}
}

// TestAPageAndAPaneMore: one more of each is a line in a list, and nothing else
// has to know it.
func TestAPageAndAPaneMore(t *testing.T) {
	s := newStage(t, 120, 30, nil).fill()
	p := &blankPage{Scene: s.m.Scene}
	p.lens = lens.New(s.m.Scene, nil, func() {})
	b := &blankPane{Simple: pane.Simple{Scene: s.m.Scene, Where: "blank"}}
	s.m.pages, s.m.panes = append(s.m.pages, p), append(s.m.panes, b)
	s.m.arrange()
	s.keys("v", "v", "v", "v")
	s.has("blank")
	s.m.watch()
	if len(s.feed.watched) != 1 {
		t.Errorf("watched %v", s.feed.watched)
	}
	s.keys("c", "/")
	s.typed("dte<9")
	s.has("0 blanks")
	s.keys("enter")
	if got := p.lens.Text(); got != "calls dte<9" || s.m.tape.Lens.Text() != "" {
		t.Errorf("its filter is %q, the tape's %q", got, s.m.tape.Lens.Text())
	}
	s.keys("enter")
	s.has("a pane")
	if b.opened != page.Page(p) {
		t.Errorf("opened over %v", b.opened)
	}
	s.keys("x")
	s.has("a pane")
	s.keys("a")
	s.has("by premium, falling")
	s.keys("v", "v", "v", "v")
	if s.m.page != page.Page(p) {
		t.Errorf("%s is in front", s.m.page.Name())
	}
}
