package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"optflow/model/crash"
)

// broken is a screen that panics at one place.
type broken struct{ at string }

func (b broken) Init() tea.Cmd {
	if b.at == "init" {
		panic("in init")
	}
	return func() tea.Msg {
		if b.at == "command" {
			panic("in command")
		}
		return tea.Batch(nil, func() tea.Msg {
			if b.at == "batch" {
				panic("in batch")
			}
			return "news"
		}, func() tea.Msg { return nil })()
	}
}

func (b broken) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg == "news" && b.at == "update" {
		panic("in update")
	}
	return b, nil
}

func (b broken) View() tea.View {
	if b.at == "view" {
		panic("in view")
	}
	return tea.NewView("fine")
}

// Wherever the screen breaks, the program ends by itself, nothing is printed
// past the screen, and the error says where it was.
func TestPanicsOfTheScreen(t *testing.T) {
	for _, at := range []string{"init", "command", "batch", "update", "view"} {
		ctx, cancel := context.WithCancel(t.Context())
		var out strings.Builder
		p, g := newProgram(ctx, broken{at}, cancel, tea.WithInput(nil), tea.WithOutput(&out))
		_, err := p.Run()
		if !errors.Is(err, tea.ErrProgramKilled) || errors.Is(err, tea.ErrProgramPanic) {
			t.Errorf("%s: the program ended with %v", at, err)
		}
		var c *crash.Error
		if !errors.As(g.err(), &c) || !strings.HasPrefix(c.Error(), "internal error in the screen: in "+at+"\n") || !strings.Contains(c.Error(), "crash_test.go") {
			t.Errorf("%s: %v", at, g.err())
		}
		if strings.Contains(out.String(), "in "+at) {
			t.Errorf("%s: printed %q", at, &out)
		}
	}
	p, g := newProgram(t.Context(), broken{}, func() {}, tea.WithInput(nil), tea.WithOutput(io.Discard))
	go p.Quit()
	if _, err := p.Run(); err != nil || g.err() != nil {
		t.Errorf("without a panic: %v, %v", err, g.err())
	}
}
