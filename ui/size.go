package ui

import (
	"context"
	"io"
	"os"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"
)

// Size is that of a terminal, in cells.
type Size struct{ Width, Height int }

// usualSize is that of a terminal that states none.
var usualSize = Size{Width: 80, Height: 24}

// within is a size that memory can be taken for: whoever looks from elsewhere may
// state any.
func (s Size) within() Size {
	if s.Width <= 0 || s.Height <= 0 {
		return usualSize
	}
	return Size{min(s.Width, mostWidth), min(s.Height, mostHeight)}
}

// sizeOf is the size that the first view is drawn in: the first of sizes, else
// that of the file; zero where it is not known.
func sizeOf(ctx context.Context, sizes <-chan Size, out io.Writer) (s Size) {
	if sizes != nil {
		select {
		case s = <-sizes:
		case <-ctx.Done():
		}
		return s.within()
	}
	if f, ok := out.(*os.File); ok {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil {
			s = Size{width, height}
		}
	}
	return s
}

// tellSizes hands the sizes on, until there are no more or ctx ends.
func tellSizes(ctx context.Context, sizes <-chan Size, send func(tea.Msg)) {
	for {
		select {
		case <-ctx.Done():
			return
		case s, more := <-sizes:
			if !more {
				return
			}
			send(tea.WindowSizeMsg(s.within()))
		}
	}
}

// onlyWithin bounds the sizes that a terminal states in what it sends.
func onlyWithin(_ tea.Model, msg tea.Msg) tea.Msg {
	if size, is := msg.(tea.WindowSizeMsg); is {
		return tea.WindowSizeMsg(Size(size).within())
	}
	return msg
}
