package ui

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"optflow/feed/seat"
	"optflow/model/market"
	"optflow/ui/boards"
	"optflow/ui/paint"
)

// visits are three people at one market, with the rights that serve gives them and
// a screen each.
var visits = []struct {
	viewer  Viewer
	from    string // whose ssh it is, and where
	height  int
	theme   string
	rights  seat.Rights
	tickers []string // that were chosen; none are all
	play    func(*stage)
}{
	{viewer: Viewer{Name: "olaf", Operator: true}, from: "olaf@laptop", height: 16, rights: seat.Operator, play: func(*stage) {}},
	{viewer: Viewer{Name: "ann"}, from: "ann@desk", height: 14, theme: paint.Light, rights: seat.Viewer, tickers: []string{"QQQ", "SPY"}, play: func(s *stage) {
		s.keys("/")
		s.typed("puts")
		s.keys("enter")
		s.command("sort premium")
	}},
	{viewer: Viewer{Name: "bob", Operator: true}, from: "bob@desk", height: 16, theme: "blue-orange", rights: seat.Operator, play: func(s *stage) {
		s.keys("v", "v", "v")
		s.look()
		s.keys("j", "j", "l")
	}},
}

// A window of a picture: in cells, and in pixels.
const (
	windowWide             = 120
	windowBar, windowApart = 30, 14
)

// drawServing draws the screens of all of them at one moment, one under the other.
func drawServing(t testing.TB) string {
	host := newStage(t, windowWide, 24, nil).fill().day()
	all := host.m.opt.Market
	hall, budget := seat.New(all), boards.NewBudget(2)
	shared := boards.New(market.Open{Tape: all.Rows(), Time: all.Clock()}, 0)
	t.Cleanup(hall.Close)
	wide, _ := pictureSize(windowWide, 0)
	high := -float64(windowApart)
	for _, v := range visits {
		t.Cleanup(budget.Enter())
		high += windowHigh(v.height) + windowApart
	}
	var b strings.Builder
	openPicture(&b, wide, high)
	top := 0.0
	for _, v := range visits {
		place := hall.Take(v.rights, v.tickers...)
		t.Cleanup(place.Leave)
		v.viewer.Here = budget.Here
		s := newStage(t, windowWide, v.height, func(o *Options) {
			o.Market, o.Tickers, o.Boards, o.Budget, o.Viewer, o.Theme = place, place.State().Tickers, shared, budget, &v.viewer, v.theme
		})
		t.Cleanup(s.m.pull.Leave)
		for s.m.pull.Behind { // the board, in its own time
			s.m.pull.Wait(s.m.ctx)()
			s.frame()
		}
		v.play(s)
		s.time(fixtureNow)
		drawWindow(&b, s, v.from+": ssh -p 2222 10.0.0.5", top, v.height, v.theme == paint.Light)
		top += windowHigh(v.height) + windowApart
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func windowHigh(height int) float64 {
	_, h := pictureSize(windowWide, height)
	return h + windowBar
}

// drawWindow draws a screen below a bar with a title.
func drawWindow(b *strings.Builder, s *stage, title string, top float64, height int, light bool) {
	w, _ := pictureSize(windowWide, height)
	paper, text := sheet(light)
	bar, edge, dim := "#23252d", "#3a3e4a", "#9aa1af"
	if light {
		bar, edge, dim = "#eaeef2", "#c4cbd3", "#57606a"
	}
	fmt.Fprintf(b, `<g transform="translate(0 %.0f)">`+"\n", top)
	fmt.Fprintf(b, `<rect x=".5" y=".5" width="%.0f" height="%.0f" rx="8" fill="%s" stroke="%s"/>`+"\n", w-1, windowHigh(height)-1, paper, edge)
	fmt.Fprintf(b, `<path d="M1 %d V8.5 a7.5 7.5 0 0 1 7.5 -7.5 H%.1f a7.5 7.5 0 0 1 7.5 7.5 V%d z" fill="%s"/>`+"\n", windowBar, w-8.5, windowBar, bar)
	for i := range 3 {
		fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="5" fill="%s"/>`+"\n", 18+i*17, windowBar/2, edge)
	}
	fmt.Fprintf(b, lettering+`<text x="%.0f" y="%d" text-anchor="middle" fill="%s">%s</text></g>`+"\n", w/2, windowBar/2+5, dim, html.EscapeString(title))
	fmt.Fprintf(b, `<g transform="translate(0 %d)">`+"\n", windowBar)
	drawScreen(b, s, windowWide, height, paper, text)
	b.WriteString("</g>\n</g>\n")
}
