package ui

import (
	"runtime/debug"
	"sync"

	tea "charm.land/bubbletea/v2"

	"optflow/model/crash"
)

// guarded ends the screen in order when any part of it panics. The library
// would print value and stack as they stand, keys and escape sequences included.
type guarded struct {
	model   tea.Model
	end     func() // ends the program that shows the model
	painter painter
	program *tea.Program // that shows it

	mu    sync.Mutex
	crash *crash.Error // the first one
}

// rescue is deferred around everything that the library calls.
func (g *guarded) rescue() {
	value := recover()
	if value == nil {
		return
	}
	g.mu.Lock()
	if g.crash == nil {
		g.crash = &crash.Error{Where: "screen", Value: value, Stack: debug.Stack()}
	}
	g.mu.Unlock()
	g.end()
}

// err is what the screen ended by, nil if it did not panic.
func (g *guarded) err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.crash == nil {
		return nil
	}
	return g.crash
}

func (g *guarded) Init() (cmd tea.Cmd) {
	defer g.rescue()
	return g.watch(g.model.Init())
}

func (g *guarded) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer g.rescue()
	_, cmd = g.model.Update(msg) // which is always itself
	return g, g.watch(cmd)
}

func (g *guarded) View() (v tea.View) {
	defer g.rescue()
	v = g.model.View()
	g.painter.viewed(g.program)
	return v
}

// watch guards a command, and those that it turns out to be made of.
func (g *guarded) watch(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer g.rescue()
		msg = cmd()
		if batch, is := msg.(tea.BatchMsg); is {
			for i := range batch {
				batch[i] = g.watch(batch[i])
			}
		}
		return msg
	}
}
