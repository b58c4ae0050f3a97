package ui

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/google/go-cmp/cmp"

	"optflow/ui/paint"
)

// pictures are the screens of the README: scenes of the goldens, or plays of
// their own, drawn by a terminal emulator. Another one needs a line here.
// go test ./ui -run TestPictures -update (make screenshots) draws them anew.
var pictures = []struct {
	name          string
	scene         string // of scenes; "" when there is a play
	width, height int
	theme         string
	play          func(*stage)
	drawn         func(testing.TB) string // of several screens, in place of all that
}{
	{name: "tape", scene: "following", width: 120, height: 30},
	{name: "holding", scene: "holding", width: 120, height: 30, theme: "blue-orange"},
	{name: "picker", scene: "picker", width: 120, height: 30},
	{name: "light", scene: "holding", width: 120, height: 30, theme: paint.Light},
	{name: "small", scene: "following", width: 80, height: 24},
	{name: "contracts", width: 120, height: 30, play: viewPlay("contracts")},
	{name: "tickers", width: 120, height: 30, play: viewPlay("tickers")},
	{name: "heat", width: 120, height: 30, play: viewPlay("heat")},
	{name: "details", width: 120, height: 40, play: viewPlay("details")},
	{name: "alerts", scene: "alerts", width: 120, height: 30},
	{name: "alert-box", scene: "alert-box", width: 120, height: 30},
	{name: "ledger", scene: "ledger", width: 120, height: 30},
	{name: "replay", width: 120, height: 30, play: func(s *stage) {
		_, as := playing(nil)
		as(&s.m.opt)
		s.m.replay.player = s.m.opt.Player
		s.m.Keys = s.m.Keys.Replay()
		s.m.Shown = s.m.Keys
		s.fill()
	}},
	{name: "filter", scene: "filter-error", width: 80, height: 24},
	{name: "serving", drawn: drawServing},
}

// viewPlay is a scene of the views' goldens.
func viewPlay(name string) func(*stage) {
	return func(s *stage) {
		for _, sc := range viewScenes {
			if sc.name == name {
				s.fill().day()
				s.m.View()
				sc.play(s)
				s.m.details.Stale = true
				return
			}
		}
		s.t.Fatalf("there is no scene %q", name)
	}
}

func TestPictures(t *testing.T) {
	dir := filepath.Join("..", "docs", "screens")
	known := map[string]bool{}
	for _, p := range pictures {
		known[p.name+".svg"] = true
		t.Run(p.name, func(t *testing.T) {
			var got string
			if p.drawn != nil {
				got = p.drawn(t)
			} else {
				got = picture2svg(t, p.width, p.height, p.theme, p.scene, p.play)
			}
			if err := xml.Unmarshal([]byte(got), new(struct{ XMLName xml.Name })); err != nil {
				t.Fatalf("the picture is not XML: %v", err)
			}
			path := filepath.Join(dir, p.name+".svg")
			if *update {
				if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(path, []byte(got), 0o644)); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("reading the picture (make screenshots draws it): %v", err)
			}
			if string(want) != got {
				t.Errorf("docs/screens/%s.svg is behind the screen; make screenshots draws it anew:\n%s", p.name,
					cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")))
			}
		})
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("docs/screens/%s is of no picture", f.Name())
		}
	}
}

func picture2svg(t *testing.T, width, height int, theme, scene string, play func(*stage)) string {
	t.Helper()
	options := func(o *Options) { o.Theme = theme }
	for _, sc := range scenes {
		if sc.name == scene {
			play = sc.play
			options = func(o *Options) {
				if sc.options != nil {
					sc.options(o)
				}
				o.Theme = theme
			}
		}
	}
	if play == nil {
		t.Fatalf("there is no scene %q", scene)
	}
	s := newStage(t, width, height, options)
	play(s)
	s.time(fixtureNow)
	w, h := pictureSize(width, height)
	paper, text := sheet(theme == paint.Light)
	var b strings.Builder
	openPicture(&b, w, h)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", paper)
	drawScreen(&b, s, width, height, paper, text)
	b.WriteString("</svg>\n")
	return b.String()
}

// A cell of a picture, in pixels.
const (
	cellWide, cellHigh = 8.4, 18
	pictureEdge        = 12
)

// stroke is how a cell of a picture is drawn.
type stroke struct {
	ink, ground     string
	bold, underline bool
}

// pictureSize is what a screen takes of a picture, in pixels.
func pictureSize(width, height int) (w, h float64) {
	return float64(width)*cellWide + 2*pictureEdge, float64(height)*cellHigh + 2*pictureEdge
}

// sheet is the ground of a terminal and the colour of its text.
func sheet(light bool) (paper, text string) {
	if light {
		return "#ffffff", "#24292f"
	}
	return "#101014", "#d4d7dd"
}

func openPicture(b *strings.Builder, w, h float64) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f">`+"\n", w, h, w, h)
}

// lettering opens what is written.
const lettering = `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="14" xml:space="preserve">` + "\n"

// drawScreen draws what a terminal shows. Each run of text says how wide it is,
// so that it stands right in any font.
func drawScreen(b *strings.Builder, s *stage, width, height int, paper, text string) {
	s.t.Helper()
	emu := vt.NewEmulator(width, height)
	defer emu.Close() //nolint:errcheck // it holds nothing
	if _, err := emu.Write([]byte(strings.ReplaceAll(s.m.View().Content, "\n", "\r\n"))); err != nil {
		s.t.Fatal(err)
	}
	b.WriteString(lettering)
	for y := range height {
		for x := 0; x < width; {
			from, run := x, strings.Builder{}
			first := strokeAt(emu, x, y, paper, text)
			for x < width && strokeAt(emu, x, y, paper, text) == first {
				content := " "
				if c := emu.CellAt(x, y); c != nil && c.Content != "" {
					content = c.Content
				}
				run.WriteString(content)
				x++
			}
			first.write(b, from, x-from, y, run.String(), paper)
		}
	}
	b.WriteString("</g>\n")
}

func strokeAt(emu *vt.Emulator, x, y int, paper, text string) stroke {
	s := stroke{ink: text, ground: paper}
	c := emu.CellAt(x, y)
	if c == nil {
		return s
	}
	s.ink, s.ground = css(c.Style.Fg, text), css(c.Style.Bg, paper)
	s.bold, s.underline = c.Style.Attrs&1 != 0, c.Style.Underline != 0
	if c.Style.Attrs&(1<<5) != 0 { // reversed
		s.ink, s.ground = s.ground, s.ink
	}
	return s
}

// basicCSS are the 16 colours as a terminal of today shows them.
var basicCSS = [16]string{
	"#1c1f26", "#cd3a4b", "#2f9e5b", "#c08a1e", "#3b6fd4", "#a347ba", "#2b9aa8", "#c9ccd3",
	"#6b7280", "#ff6b7f", "#5fdc8f", "#ffd166", "#7da6ff", "#d58cff", "#63d5e6", "#ffffff",
}

func css(c color.Color, own string) string {
	if c == nil {
		return own
	}
	if n, basic := c.(ansi.BasicColor); basic {
		return basicCSS[n%16]
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// write draws a run of cells: its ground, then its words, each in its place.
func (s stroke) write(b *strings.Builder, x, cells, y int, run, paper string) {
	left, top := pictureEdge+float64(x)*cellWide, pictureEdge+float64(y)*cellHigh
	if s.ground != paper {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.0f" width="%.1f" height="%d" fill="%s"/>`+"\n", left, top, float64(cells)*cellWide, cellHigh, s.ground)
	}
	if s.underline {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.0f" width="%.1f" height="1" fill="%s"/>`+"\n", left, top+cellHigh-3, float64(cells)*cellWide, s.ink)
	}
	letters := []rune(run)
	for i := 0; i < len(letters); {
		if letters[i] == ' ' {
			i++
			continue
		}
		end := i
		for end < len(letters) && (letters[end] != ' ' || end+1 < len(letters) && letters[end+1] != ' ') {
			end++
		}
		weight := ""
		if s.bold {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n",
			left+float64(i)*cellWide, top+cellHigh-5, float64(end-i)*cellWide, s.ink, weight, html.EscapeString(string(letters[i:end])))
		i = end
	}
}
