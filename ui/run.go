package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"

	"optflow/model/alert"
	"optflow/model/crash"
	"optflow/model/memory"
	"optflow/ui/paint"
	"optflow/ui/remote"
	"optflow/ui/terminal"
)

// ErrInterrupted is returned by Run when the user pressed ctrl+c.
var ErrInterrupted = errors.New("interrupted")

// Run shows the screen until the user quits or ctx ends, and leaves the
// terminal as it was. Signals are the caller's. A panic of the screen's own is
// returned as a *crash.Error: others in the process go on.
func Run(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	return crash.Call("screen", func() error { return run(ctx, o, in, out) })
}

func run(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // what still waits ends with the screen
	if o.Env == nil && o.Viewer == nil {
		o.Env = os.Environ()
	}
	m, err := New(ctx, o)
	if err != nil {
		return err
	}
	defer m.pull.Leave()
	o = m.opt
	env := o.Env
	profile := terminal.Profile(o.Colour, env)
	m.looks.light, m.looks.depth = terminal.LightGround(env), paint.DepthOf(profile)
	m.paint()
	if m.desk.feed != nil {
		defer m.desk.feed.Leave()
	}
	size := sizeOf(ctx, o.Sizes, out)
	input := terminal.Whole(in)
	if o.Sizes != nil { // the terminal is no file
		input = remote.Quiet(ctx)
	}
	options := []tea.ProgramOption{tea.WithInput(input), tea.WithOutput(out), tea.WithEnvironment(env), tea.WithColorProfile(profile)}
	if o.Sizes != nil {
		options = append(options, tea.WithWindowSize(size.Width, size.Height), tea.WithFilter(onlyWithin))
	}
	p, g := newProgram(ctx, m, cancel, options...)
	g.painter.shown, g.painter.budget = o.Shown, o.Budget
	defer o.Budget.Enter()()
	if size != (Size{}) { // so that the first view is whole already
		m.Update(tea.WindowSizeMsg(size))
	}
	unread := make(chan error, 1)
	if o.Sizes != nil {
		crash.Go("sizes", func() { each(ctx, o.Sizes, func(s Size) { p.Send(tea.WindowSizeMsg(s.within())) }) })
		crash.Go("input", func() {
			if err := remote.Events(ctx, in, terminal.Env(env, "TERM"), func(e any) { p.Send(e) }); err != nil {
				unread <- fmt.Errorf("reading the terminal: %w", err)
				cancel()
			}
		})
	}
	crash.Go("screen", func() { each(ctx, o.Continued, func(os.Signal) { p.Send(continued{}) }) })
	if o.Signals != nil {
		crash.Go("bell", func() { each(ctx, o.Signals, func(s alert.Signal) { p.Send(signalled(s)) }) })
	}
	_, err = p.Run()
	if kept := m.kept.atEnd(m.choices()); !reflect.DeepEqual(kept, memory.Choices{}) {
		m.kept.keep(kept)
	}
	m.kept.keeper.finish(keepAtMost) // nobody is left to be told of a failure
	if broken := g.err(); broken != nil {
		return broken
	}
	select {
	case err := <-unread:
		return err
	default:
	}
	switch {
	case m.interrupted:
		return ErrInterrupted
	case ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic):
		return nil // whoever ended the context knows why
	case err != nil:
		return fmt.Errorf("running the screen: %w", err)
	}
	return nil
}

// newProgram is the program that shows a model, guarded and painted as it is to
// be; end is called when it breaks.
func newProgram(ctx context.Context, m tea.Model, end func(), options ...tea.ProgramOption) (*tea.Program, *guarded) {
	g := &guarded{model: m, end: end}
	g.program = tea.NewProgram(g, append(options, tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFPS(renderFPS))...)
	return g.program, g
}

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

// each hands on what comes, until there is no more or ctx ends.
func each[T any](ctx context.Context, come <-chan T, hand func(T)) {
	for {
		select {
		case <-ctx.Done():
			return
		case one, more := <-come:
			if !more {
				return
			}
			hand(one)
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
