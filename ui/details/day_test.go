package details

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
	"optflow/ui/format"
)

var morning = model.MakeDate(2026, 11, 23).At(9, 30).UnixMilli()

// minute is a bar of a minute of the morning.
func minute(n int, price float64) model.Bar {
	return model.Bar{Span: model.Minute, Start: morning + int64(n)*int64(model.Minute), Volume: 10, Close: price}
}

// window is a second's window of the morning.
func window(second int, size uint32, price float32) model.Row {
	return model.Row{Start: morning + int64(second)*1000, Span: model.Second, Size: size, Close: price, Vwap: price}
}

// TestMinutesJoinTheDay: the vendor's bars stand, but for the last of them, which
// may have been half a minute; what came since stands behind.
func TestMinutesJoinTheDay(t *testing.T) {
	d := &day{rest: []model.Bar{minute(0, 1), minute(2, 2), minute(3, 3)}}
	d.goOn([]model.Row{
		window(10, 99, 9),                          // of a minute that the vendor told of
		window(70, 99, 9),                          // of one that it says nobody traded in
		window(3*60+5, 8, 4), window(3*60+9, 7, 5), // more of its last one
		window(5*60, 1, 6), {Start: morning + 5*60_000 + 2000, Span: 4000, Size: 2, Close: float32(model.Unknown), Vwap: 7}, // polled
	}, morning+6*60_000)
	var got []float64
	for _, b := range d.join() {
		got = append(got, float64((b.Start-morning)/60_000), float64(b.Volume), b.Close)
	}
	if want := []float64{0, 10, 1, 2, 10, 2, 3, 15, 5, 5, 3, 7}; !slices.Equal(got, want) {
		t.Errorf("minute, volume, close: %v, want %v", got, want)
	}
	d.goOn([]model.Row{{Start: morning + int64(24*60*model.Minute), Span: model.Second, Size: 1, Close: 1}}, morning+int64(24*60*model.Minute))
	if all := d.join(); len(all) != 1 || all[0].Volume != 1 {
		t.Errorf("in the next session: %v", all)
	}
}

// TestMinutesOutliveTheirWindows: whatever is forgotten of a contract whose windows
// come and go, each minute that was looked at once it was over stays as it was.
func TestMinutesOutliveTheirWindows(t *testing.T) {
	const keep = 15 * 60 // seconds
	rapid.Check(t, func(rt *rapid.T) {
		var all []model.Row
		d := &day{}
		want := make(map[int64]int64) // volume by minute
		looked := 0
		for second := 0; second < 3600; second += rapid.IntRange(1, 200).Draw(rt, "pause") {
			w := window(second, uint32(rapid.IntRange(1, 9).Draw(rt, "size")), 1)
			all = append(all, w)
			want[w.Start/60_000] += int64(w.Size)
			if second-looked < 300 && rapid.Bool().Draw(rt, "nobody looks") {
				continue
			}
			looked = second
			held := slices.DeleteFunc(slices.Clone(all), func(r model.Row) bool { return r.Start < w.Start-keep*1000 })
			d.goOn(held, w.Start)
			sum := int64(0)
			for i, b := range d.join() {
				if i > 0 && b.Start <= d.bars[i-1].Start {
					rt.Fatalf("minutes out of order: %v", d.bars)
				}
				if b.Volume != want[b.Start/60_000] {
					rt.Fatalf("minute %d has %d, want %d", (b.Start-morning)/60_000, b.Volume, want[b.Start/60_000])
				}
				sum++
			}
			if sum != int64(len(want)) {
				rt.Fatalf("%d minutes of %d", sum, len(want))
			}
		}
	})
}

// draw is a chart's price lines as text.
func (c *dayChart) draw(width, height int) []string {
	var out []string
	for _, l := range c.lines(width, height) {
		out = append(out, string(l.text))
	}
	return out
}

// TestQuietMinutesAreGaps: nothing is drawn where nothing traded, however few
// minutes there are.
func TestQuietMinutesAreGaps(t *testing.T) {
	zone, _ := format.NewZone("exchange")
	var bars []model.Bar
	for i := range 60 {
		if i < 10 || i >= 30 && i != 45 && i != 46 {
			bars = append(bars, minute(i, 1+float64(i)/60))
		}
	}
	c, ok := newDayChart(bars, 0, 0, zone)
	if !ok {
		t.Fatal("no chart")
	}
	const across = 60
	lines := c.draw(across+chartLabels, 12)
	for x := range across {
		drawn := false
		for _, l := range lines[:9] {
			drawn = drawn || []rune(l)[x] != ' '
		}
		if traded := x < 10 || x >= 30 && x != 45; drawn != traded && x != 10 && x != 29 {
			t.Errorf("column %d is drawn: %v, of a minute that traded: %v\n%s", x, drawn, traded, strings.Join(lines, "\n"))
		}
	}
}

// TestTheRowStandsOnTheChart: its time is pointed at wherever it is, and takes the
// place of a label that it would cover.
func TestTheRowStandsOnTheChart(t *testing.T) {
	zone, _ := format.NewZone("exchange")
	for _, c := range []struct {
		row  int
		want string
	}{
		{0, "▲09:30                             10:00"},
		{2, "  ▲09:32                           10:00"},
		{12, "09:30           ▲                  10:00"},
		{28, "09:30                           09:58▲  "},
		{29, "09:30                            09:59▲ "},
	} {
		chart, _ := newDayChart([]model.Bar{minute(0, 1), minute(29, 2)}, morning+int64(c.row)*60_000, 0, zone)
		if got := chart.draw(40+chartLabels, 8); got[len(got)-1] != c.want {
			t.Errorf("the row of minute %d:\n%q, want\n%q", c.row, got[len(got)-1], c.want)
		}
	}
	chart, _ := newDayChart([]model.Bar{minute(0, 1), minute(29, 2)}, 0, morning+40*60_000, zone)
	chart.lost = []stretch{{morning + 20*60_000, morning + 23*60_000}}
	if got := chart.draw(40+chartLabels, 8); got[len(got)-1] != "09:30               ┊┊┊            10:10" {
		t.Errorf("a gap: %q", got[len(got)-1])
	}
	for width := 12; width < 80; width++ {
		for row := range 30 {
			chart, _ := newDayChart([]model.Bar{minute(0, 1), minute(29, 2)}, morning+int64(row)*60_000, 0, zone)
			axis := chart.axis(width, chart.column(chart.row, width))
			if len(axis) != width || !strings.ContainsRune(string(axis), rowMark) {
				t.Errorf("%d cells for %d: %q", len(axis), width, string(axis))
			}
		}
	}
}
