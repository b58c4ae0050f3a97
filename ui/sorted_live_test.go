package ui

import (
	"math/rand/v2"
	"strings"
	"testing"

	"optflow/model"
	"optflow/ui/order"
	"optflow/ui/rows"
	"optflow/ui/table"
)

// TestSortedLiveKeepsTheSelection: 200,000 rows, sorted by each column in turn,
// with 2,000 changes a second in frames of 100 ms. Rows come in above and below,
// and others move; the selected one stays selected and on the screen, the order
// is right, and nothing but the change of the sort reads all rows.
func TestSortedLiveKeepsTheSelection(t *testing.T) {
	if raced {
		t.Skip("one goroutine: judged without the race detector")
	}
	const rows, perFrame, frames = 200_000, 200, 5
	s := crowd(t, rows, 120, 30)
	s.m.View()
	rng := rand.New(rand.NewPCG(1, 2))
	row, _ := s.tape.At(s.tape.Next() - 1)
	last := row.Start
	for id := range table.ID(len(table.Tape)) {
		for _, reversed := range []bool{false, true} {
			if id == table.Time && !reversed {
				continue // that one follows, and holds when it is left
			}
			s.m.tape.SortBy(id)
			if s.m.tape.List.Reversed != reversed {
				s.m.tape.SortBy(id)
			}
			built := s.m.tape.List.Ord.Built
			s.m.tape.Table.Hold(rng.IntN(rows - 100))
			s.m.View()
			selected, moved := s.m.tape.Table.Selected, false
			for range frames {
				was, _ := s.m.tape.List.Position(selected)
				for range perFrame / 2 {
					last += 1000
					one := anyBurst(rng, row, last)
					s.tape.Append(one)
					old := s.tape.Next() - 1 - uint64(rng.IntN(rows/2))
					if grown, ok := s.tape.At(old); ok && grown.Kind == model.KindBar {
						grown.Size += uint32(rng.IntN(5000))
						grown.Premium = float64(grown.Size) * 485
						grown.Revision++
						s.tape.Append(grown)
					}
				}
				s.tape.Publish()
				s.frame()
				if s.m.tape.Table.Selected != selected {
					t.Fatalf("by %s: row %d was selected, now %d", table.Tape[id].Name, selected, s.m.tape.Table.Selected)
				}
				checkTable(t, s.m)
				now, _ := s.m.tape.List.Position(selected)
				moved = moved || now != was
				line := strings.Split(s.screen(), "\n")[3+s.m.tape.Table.Line]
				if !strings.HasPrefix(line, "▸") {
					t.Fatalf("by %s: the selected row is not marked on line %d: %q", table.Tape[id].Name, s.m.tape.Table.Line, line)
				}
			}
			if s.m.tape.List.Ord.Built != built {
				t.Errorf("by %s: all rows were read %d times in %d frames", table.Tape[id].Name, s.m.tape.List.Ord.Built-built, frames)
			}
			if !moved && id == table.TapeColumn("premium") {
				t.Error("the selected row never moved, which proves little")
			}
			inOrder(t, s.m.tape.List, table.Tape[id].Name)
		}
	}
}

// anyBurst is a new window of a contract of the crowd.
func anyBurst(rng *rand.Rand, like model.Row, start int64) model.Row {
	like.Contract, like.Start = model.ContractID(rng.IntN(1000)), start
	like.Size = uint32(100 + rng.IntN(50_000))
	like.Premium = float64(like.Size) * 485
	like.Vwap = 4.85 + float32(rng.IntN(100))/100
	like.Side = model.Side(rng.IntN(7))
	return like
}

// inOrder holds the rows of a list against their keys as they are now.
func inOrder(t *testing.T, l *rows.List, by string) {
	t.Helper()
	var before order.Rank
	n := 0
	l.Walk(0, 1, func(_ int, id uint32) bool {
		_, now := l.Judge(id, l.Bursts.Get(id))
		if r, ok := l.RankOf(id); !ok || r != now {
			t.Fatalf("by %s: row %d stands at %v, its key is %v", by, id, r, now)
		}
		if n++; n > 1 && before.Compare(now) >= 0 {
			t.Fatalf("by %s: row %d, %v, stands behind %v", by, id, now, before)
		}
		before = now
		return true
	})
	if n != l.Ord.Len() {
		t.Fatalf("by %s: %d rows of %d", by, n, l.Ord.Len())
	}
}
