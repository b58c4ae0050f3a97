package ui

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestKeeperIsInOrder: however the commands are scheduled, what was decided first
// is written first.
func TestKeeperIsInOrder(t *testing.T) {
	var k keeper
	var written []int
	write := func(i int) func() tea.Msg {
		return func() tea.Msg { written = append(written, i); return i }
	}
	first, second := k.add(write(1)), k.add(write(2))
	if msg := second(); msg != 1 {
		t.Errorf("the first write to be done is %v", msg)
	}
	first()
	if !slices.Equal(written, []int{1, 2}) {
		t.Errorf("written %v", written)
	}
	if msg := first(); msg != nil || len(written) != 2 {
		t.Errorf("written again: %v %v", msg, written)
	}
}

// TestKeeperFinishes: what nobody came to write is written at the end, also when
// one of it fails, and a disk that hangs does not hold the program.
func TestKeeperFinishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var k keeper
		written := 0
		k.add(func() tea.Msg { return remembered{err: errors.New("disk full")} })
		k.add(func() tea.Msg { written++; return nil })
		k.finish(time.Second)
		if written != 1 {
			t.Errorf("%d written", written)
		}
		hang := make(chan struct{})
		k.add(func() tea.Msg { <-hang; return nil })
		began := time.Now()
		k.finish(time.Second)
		if took := time.Since(began); took != time.Second {
			t.Errorf("a disk that hangs held the end for %v", took)
		}
		close(hang)
	})
}
