package ui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/burst"
	"optflow/ui/table"
)

// crowd puts n bursts over the floor on the tape: 1,000 contracts, single
// windows.
func crowd(tb testing.TB, n, width, height int) *stage {
	s := newStage(tb, width, height, func(o *Options) { o.Interval, o.MaxRows = burst.IntervalOff, max(n, 200_000) })
	s.state(nil)
	tickers := []string{"SPY", "QQQ", "NVDA"}
	ids := make([]model.ContractID, 1000)
	for i := range ids {
		c := model.Contract{Root: tickers[i%3], Underlying: tickers[i%3], Expiry: model.MakeDate(2026, 12, 18), Strike: int32(100+i) * 1000, Type: model.OptionType(i % 2), Shares: 100}
		id, err := s.tape.Registry.Intern(model.FormatContract(c))
		if err != nil {
			tb.Fatal(err)
		}
		ids[i] = id
	}
	tr := picture[0]
	row := tr.tapeRow(tb, s.tape)
	first := fixtureNow - int64(n/300+1)*1000
	for i := range n {
		row.Contract = ids[i*7%1000]
		row.Start = first + int64(i/300)*1000
		row.Size = uint32(100 + i%2000)
		row.Premium = float64(row.Size) * 485
		s.tape.Append(row)
		if i%50_000 == 0 {
			s.tape.Publish()
			s.frame()
		}
	}
	s.tape.Publish()
	for range 5 {
		s.frame()
	}
	for s.m.pull.Behind {
		s.frame()
	}
	if got := s.m.tape.List.Ord.Len(); got != n {
		tb.Fatalf("%d rows in view, want %d", got, n)
	}
	return s
}

// BenchmarkView is a frame in which everything may have changed, with finished
// rows at hand (warm) and without (cold). Goal: 80 µs and 50 allocations warm,
// whatever the number of rows.
func BenchmarkView(b *testing.B) {
	for _, n := range []int{1_000, 20_000, 200_000, 1_000_000} {
		s := crowd(b, n, 160, 43)
		for _, size := range [][2]int{{80, 24}, {160, 43}, {200, 50}} {
			s.m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			b.Run(fmt.Sprintf("%dx%d/%d rows/warm", size[0], size[1], n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s.m.dirty = true
					s.m.View()
				}
			})
			b.Run(fmt.Sprintf("%dx%d/%d rows/cold", size[0], size[1], n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s.m.dirty = true
					s.m.tape.Table.Restyle()
					s.m.View()
				}
			})
		}
		b.Run(fmt.Sprintf("unchanged/%d rows", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.m.View()
			}
		})
	}
}

// BenchmarkTopView is the frame of the first rows of 100,000 in the order of a
// column. Goal: 0.5 ms.
func BenchmarkTopView(b *testing.B) {
	for _, by := range []table.ID{table.TapeColumn("premium"), table.TapeColumn("size"), table.TapeColumn("price"), table.TapeColumn("strike"), table.TapeColumn("expiry"), table.TapeColumn("oi")} {
		b.Run(table.Tape[by].Name, func(b *testing.B) {
			s := crowd(b, 100_000, 160, 43)
			s.m.tape.SortBy(by)
			for b.Loop() {
				s.m.dirty, s.m.tape.Title.Drawn = true, ""
				s.m.tape.Table.Restyle()
				s.m.View()
			}
		})
	}
}

// BenchmarkFilteredOut is a batch of 100 rows under the floor, with its frame,
// beside so many that are held: they must not cost more for that.
func BenchmarkFilteredOut(b *testing.B) {
	for _, n := range []int{1_000, 20_000, 200_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d rows", n), func(b *testing.B) {
			s := crowd(b, n, 160, 43)
			row, _ := s.tape.At(s.tape.Next() - 1)
			row.Size, row.Premium = 1, 400
			b.ReportAllocs()
			for b.Loop() {
				row.Start += 1000
				for i := range 100 {
					row.Contract = model.ContractID(i)
					s.tape.Append(row)
				}
				s.tape.Publish()
				s.frame()
				s.m.View()
			}
		})
	}
}

// TestViewAllocations holds what a frame allocates, whatever the number of rows:
// it does not depend on how busy the machine is, as times do.
func TestViewAllocations(t *testing.T) {
	const most = 50 // docs/performance.md
	for _, n := range []int{1_000, 200_000} {
		s := crowd(t, n, 160, 43)
		s.m.View()
		got := testing.AllocsPerRun(20, func() {
			s.m.dirty, s.m.tape.Title.Drawn = true, ""
			s.m.View()
		})
		if got > most {
			t.Errorf("%d rows: %.0f allocations a frame, at most %d are promised", n, got, most)
		}
	}
}

// BenchmarkKey is what a key costs, up to the frame that shows it.
func BenchmarkKey(b *testing.B) {
	for _, c := range []struct {
		name string
		open []string
		keys []string
	}{
		{"tape", nil, []string{"j", "k"}},
		{"filter line", []string{"/"}, []string{"x", "backspace"}},
		{"filter line, a filter", []string{"/", "n", "v", "d", "a", "space", "c", "a", "l", "l", "s", "space", "p", "r", "e", "m", ">", "=", "2", "5"}, []string{"0", "backspace"}},
		{"command line", []string{":"}, []string{"x", "backspace"}},
		{"picker", []string{"t"}, []string{"x", "backspace"}},
		{"help", []string{"?"}, []string{"j", "k"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := newStage(b, 120, 30, nil).fill()
			s.keys(c.open...)
			var pressed []tea.KeyPressMsg
			for _, name := range c.keys {
				pressed = append(pressed, press(name))
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.m.Update(pressed[i%len(pressed)])
				s.m.View()
			}
		})
	}
}

// BenchmarkScroll is a key press and its frame in the middle of 200,000 rows.
// Goal: 80 µs.
func BenchmarkScroll(b *testing.B) {
	s := crowd(b, 200_000, 160, 43)
	s.m.tape.Table.Hold(100_000)
	b.ReportAllocs()
	for b.Loop() {
		s.keys("pgdown")
		s.m.View()
		s.keys("pgup")
		s.m.View()
	}
}

// BenchmarkApply is a batch of 100 rows that reaches a full screen, with its
// frame.
func BenchmarkApply(b *testing.B) {
	for _, sorted := range []bool{false, true} {
		b.Run(fmt.Sprintf("sorted=%v", sorted), func(b *testing.B) {
			s := crowd(b, 150_000, 160, 43)
			if sorted {
				s.m.tape.SortBy(table.TapeColumn("premium"))
			}
			row, _ := s.tape.At(s.tape.Next() - 1)
			b.ReportAllocs()
			for b.Loop() {
				row.Start += 1000
				for i := range 100 {
					row.Contract = model.ContractID(i)
					row.Size++
					s.tape.Append(row)
				}
				s.tape.Publish()
				s.frame()
				s.m.View()
			}
		})
	}
}

// BenchmarkRescan is what a changed filter or sort costs.
func BenchmarkRescan(b *testing.B) {
	s := crowd(b, 200_000, 160, 43)
	b.Run("sort", func(b *testing.B) {
		for b.Loop() {
			s.m.tape.SortBy(table.TapeColumn("premium"))
			s.m.tape.SortBy(table.Time)
		}
	})
	b.Run("filter", func(b *testing.B) {
		for b.Loop() {
			s.m.page.Filter().Set("nvda calls prem>=500k")
			s.m.page.Filter().Set("")
		}
	})
}

// BenchmarkFind is one letter typed into the find line over 200,000 rows.
func BenchmarkFind(b *testing.B) {
	for _, text := range []string{"nvda", "18 p", "zzz"} {
		b.Run(text, func(b *testing.B) {
			s := crowd(b, 200_000, 160, 43)
			s.m.findLine().Open("", nil)
			for b.Loop() {
				s.m.tape.Find.Seek(text)
			}
		})
	}
}

// BenchmarkExportRows is what an export of 200,000 rows takes on the screen's
// goroutine; writing them is another's.
func BenchmarkExportRows(b *testing.B) {
	s := crowd(b, 200_000, 160, 43)
	b.ReportAllocs()
	for b.Loop() {
		s.m.tape.Table.Rows()
	}
}
