package ui

import (
	"context"
	"io"
	"os"

	tea "charm.land/bubbletea/v2"
)

// continued says that the program was stopped by others and goes on.
type continued struct{}

// meanwhile is something that is done while the terminal is not ours.
type meanwhile func()

func (do meanwhile) Run() error {
	do()
	return nil
}

func (meanwhile) SetStdin(io.Reader)  {}
func (meanwhile) SetStdout(io.Writer) {}
func (meanwhile) SetStderr(io.Writer) {}

// putAway gives the terminal back, does something, sets the terminal up again
// and draws the screen anew.
func putAway(do func()) tea.Cmd {
	return tea.Exec(meanwhile(do), func(error) tea.Msg { return tea.ResumeMsg{} })
}

// tellContinued hands the news of being continued to the program until ctx ends.
func tellContinued(ctx context.Context, news <-chan os.Signal, send func(tea.Msg)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-news:
			send(continued{})
		}
	}
}
