//go:build unix

package e2e

import (
	"image/color"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// figure is a number as the screen writes it.
var figure = regexp.MustCompile(`^[≥~$]*([\d.,]+)([KMB]?)$`)

// numbered reads a number as the screen writes it, NaN where there is none.
func numbered(text string) float64 {
	m := figure.FindStringSubmatch(text)
	if m == nil {
		return math.NaN()
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64)
	if err != nil {
		return math.NaN()
	}
	return n * map[string]float64{"": 1, "K": 1e3, "M": 1e6, "B": 1e9}[m[2]]
}

// under are the numbers below a head, which they end with.
func under(screen, head string) (out []float64) {
	all := lines(screen)
	before, _, has := strings.Cut(all[2], head)
	if !has {
		return nil
	}
	end := len([]rune(before)) + len([]rune(head))
	for _, line := range all[3:] {
		cells := []rune(line)
		if len(cells) < end {
			break
		}
		fields := strings.Fields(string(cells[:end]))
		n := numbered(fields[len(fields)-1])
		if math.IsNaN(n) {
			break // the totals
		}
		out = append(out, n)
	}
	return out
}

// falling tells that there are numbers, different ones, the largest first.
func falling(all []float64) bool {
	return len(all) > 1 && all[0] > all[len(all)-1] && slices.IsSortedFunc(all, func(a, b float64) int { return int(b - a) })
}

// everyTapeRow tells that there are rows of the tape, and that all are so.
func everyTapeRow(screen string, so func(tapeRow) bool) bool {
	all := tapeRows(screen)
	return len(all) > 0 && !slices.ContainsFunc(all, func(r tapeRow) bool { return !so(r) })
}

// faintest is the least contrast of a letter on the screen with what is behind
// it, by WCAG: 1 is none, 21 black on white.
func (x *terminal) faintest() float64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	light := func(c, otherwise color.Color) float64 {
		if c == nil {
			c = otherwise
		}
		r, g, b, _ := c.RGBA()
		sum := 0.05
		for i, v := range []uint32{r, g, b} {
			part := float64(v) / 0xffff
			if part <= 0.03928 {
				part /= 12.92
			} else {
				part = math.Pow((part+0.055)/1.055, 2.4)
			}
			sum += []float64{0.2126, 0.7152, 0.0722}[i] * part
		}
		return sum
	}
	least := 21.0
	for y := range x.emu.Height() {
		for at := range x.emu.Width() {
			cell := x.emu.CellAt(at, y)
			if cell == nil || strings.TrimSpace(cell.Content) == "" {
				continue
			}
			ink, ground := light(cell.Style.Fg, color.Black), light(cell.Style.Bg, x.emu.BackgroundColor())
			if cell.Style.Attrs&uv.AttrReverse != 0 {
				ink, ground = ground, ink
			}
			least = min(least, max(ink, ground)/min(ink, ground))
		}
	}
	return least
}
