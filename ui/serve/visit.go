package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"charm.land/ssh"

	"optflow/config/viewers"
	"optflow/model/crash"
	"optflow/model/termsafe"
	"optflow/ui"
)

// typedAtOnce is for how many seconds' worth is typed at once: a filter is pasted.
const typedAtOnce = 8

// Exit codes of a visit.
const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Visit is one viewer's session.
type Visit struct {
	viewers.Viewer
	In       io.Reader // keys
	Out, Err io.Writer // Err is Out where there is a terminal
	Terminal bool
	Env      []string
	Sizes    <-chan ui.Size // nil without a terminal
	Here     func() int     // viewers here now, this one among them
	Licensee string         // a line about whose data this is

	s       *Server
	link    *link
	session ssh.Session
	since   time.Time
	end     context.CancelCauseFunc

	touched atomic.Int64 // when the last key came, Unix ms
	writing atomic.Int64 // since when a write does not end, Unix ms; 0: none
}

// errQuit is why a visit ends that the viewer has ended.
var errQuit = errors.New("left")

// visit is the handler of a session, whatever it asks for.
func (s *Server) visit(session ssh.Session) {
	if !s.begin() {
		return
	}
	defer s.visits.Done()
	link := linkOf(session.Context())
	defer func() {
		time.AfterFunc(s.o.Handshake, crash.Guarded("ssh connection", func() { _ = link.Close() }))
	}() // nobody stays without a session
	code := exitFailed
	if err := crash.Call("viewer's session", func() error { code = s.run(session); return nil }); err != nil {
		s.audit.broke(session, err)
	}
	_ = session.Exit(code)
}

// run is a visit from the login's end to its own.
func (s *Server) run(session ssh.Session) int {
	ctx, end := context.WithCancelCause(session.Context())
	defer end(nil)
	v := &Visit{s: s, session: session, link: linkOf(session.Context()), since: time.Now(), end: end}
	v.touched.Store(v.since.UnixMilli())
	v.streams()
	// Only now is it known whose key has signed the login.
	list := s.o.Viewers()
	who := list.Find(session.PublicKey())
	if who == nil {
		return v.sorry(errors.New("your key is no longer among the viewers"))
	}
	v.Viewer = *who
	if err := v.admitted(list); err != nil {
		s.audit.sent(v, err)
		return v.sorry(err)
	}
	v.Here = s.roster.here
	v.Licensee = s.o.Licence.line(who, list, time.Now())
	if err := s.roster.enter(v, s.o.Limits, s.o.Room); err != nil {
		s.audit.sent(v, err)
		return v.sorry(err)
	}
	defer s.roster.leave(v) // after a panic, too
	s.audit.came(v, v.wants())
	v.goes("viewer's pulse", func() { v.pulse(ctx) })
	code := v.show(ctx)
	end(errQuit)
	s.roster.leave(v) // before the log says so, for whoever reads it and asks who is here
	s.audit.left(v, context.Cause(ctx))
	return code
}

// show carries out what was asked for, and says why it ended if the viewer did
// not end it.
func (v *Visit) show(ctx context.Context) int {
	// Whoever does not let go of its terminal is cut.
	stop := context.AfterFunc(ctx, crash.Guarded("viewer's session", func() {
		time.AfterFunc(v.s.o.Goodbye, crash.Guarded("viewer's session", v.cut))
	}))
	defer stop()
	f, _ := v.session.Context().Value(filteredKey{}).(*filtered)
	v.goes("viewer's channel", func() {
		select {
		case <-f.ended:
			v.end(errQuit)
		case <-ctx.Done():
		}
	})
	switch args := v.session.Command(); {
	case v.session.Subsystem() != "":
		return v.refused(fmt.Sprintf("there is no %s here: ssh shows a screen, and ssh with tail prints lines", termsafe.String(v.session.Subsystem(), wordMost)))
	case v.session.RawCommand() == "" && !v.Terminal:
		return v.refused("a screen needs a terminal (ssh -t); lines need none: ssh HOST tail --format json")
	case v.session.RawCommand() == "":
		return v.screen(ctx, f)
	case len(args) == 0 || args[0] != "tail":
		return v.refused("only tail is carried out here, such as: ssh HOST tail --format json")
	default:
		return v.tail(ctx, args[1:])
	}
}

func (v *Visit) screen(ctx context.Context, f *filtered) int {
	pty, _, _ := v.session.Pty()
	sizes := make(chan ui.Size)
	v.Sizes = sizes
	v.Env = slices.Concat([]string{"TERM=" + termsafe.String(pty.Term, wordMost)}, slices.DeleteFunc(v.session.Environ(), func(e string) bool { return strings.HasPrefix(e, "TERM=") }))
	v.goes("viewer's window", func() {
		f.window.sizes(ctx, ui.Size{Width: cells(uint32(pty.Window.Width)), Height: cells(uint32(pty.Window.Height))}, sizes)
	})
	v.say(v.Out, v.Licensee)
	err := crash.Call("viewer's screen", func() error { return v.s.o.Screen(ctx, v) })
	if why := context.Cause(ctx); why != nil && !errors.Is(why, errQuit) && !errors.Is(why, context.Canceled) {
		err = why
	}
	if err == nil {
		return exitFine
	}
	return v.sorry(err)
}

func (v *Visit) tail(ctx context.Context, args []string) (code int) {
	v.say(v.Err, v.Licensee)
	v.goes("viewer's keys", func() { // nothing is read but the wish to end
		keys := make([]byte, 256)
		for {
			n, err := v.In.Read(keys)
			if v.Terminal && slices.ContainsFunc(keys[:n], func(b byte) bool { return b == 3 || b == 4 }) {
				v.end(errQuit)
			}
			if err != nil {
				return
			}
		}
	})
	err := crash.Call("viewer's tail", func() error { code = v.s.o.Tail(ctx, v, args); return nil })
	if why := context.Cause(ctx); why != nil && !errors.Is(why, errQuit) && !errors.Is(why, context.Canceled) {
		err = why
	}
	if err != nil {
		return v.sorry(err)
	}
	return code
}

// goes runs something of this visit on a goroutine of its own. Its panic ends
// this visit alone.
func (v *Visit) goes(where string, f func()) {
	crash.Go(where, func() {
		if err := crash.Call(where, func() error { f(); return nil }); err != nil {
			v.end(err)
		}
	})
}

// streams are the session's, watched and bounded.
func (v *Visit) streams() {
	_, _, v.Terminal = v.session.Pty()
	rate := float64(v.s.o.Typed)
	v.In = &typed{v: v, bucket: newBucket(rate, typedAtOnce*rate)}
	v.Out = watched{v, v.session}
	v.Err = v.Out
	if !v.Terminal {
		v.Err = watched{v, v.session.Stderr()}
	}
}

// admitted says why this viewer may not look, nil if it may.
func (v *Visit) admitted(list *viewers.List) error {
	now := time.Now()
	if err := v.Refused(now, v.link.addr); err != nil {
		return err
	}
	return v.s.o.Licence.refuses(&v.Viewer, list, now)
}

// wants is what was asked for, for the log.
func (v *Visit) wants() string {
	switch {
	case v.session.Subsystem() != "":
		return "subsystem " + termsafe.String(v.session.Subsystem(), wordMost)
	case v.session.RawCommand() != "":
		return termsafe.String(v.session.RawCommand(), 200)
	}
	return "screen"
}

// say writes a line of our own.
func (v *Visit) say(w io.Writer, line string) {
	if line != "" {
		_, _ = fmt.Fprintf(w, "optflow: %s\n", termsafe.String(line, 300))
	}
}

// sorry says why a visit ends.
func (v *Visit) sorry(err error) int {
	text := err.Error()
	if broken, is := errors.AsType[*crash.Error](err); is {
		v.s.audit.broke(v.session, err)
		text = "internal error in the " + broken.Where // the stack is the owner's
	}
	v.say(v.Err, text)
	return exitFailed
}

// refused says what there is instead of what was asked for.
func (v *Visit) refused(sentence string) int {
	v.say(v.Err, sentence)
	v.end(errors.New("refused"))
	return exitUsage
}

// cut closes the connection, unless the visit is over by then.
func (v *Visit) cut() { v.link.drop("does not let go") }

// typed is what a viewer types, no faster than anybody can.
type typed struct {
	v *Visit
	bucket
}

func (t *typed) Read(b []byte) (int, error) {
	if wait := t.wait(); wait > 0 {
		select {
		case <-time.After(wait):
		case <-t.v.link.closed:
			return 0, io.EOF
		}
	}
	n, err := t.v.session.Read(b[:min(len(b), 512)])
	t.take(n)
	if n > 0 {
		t.v.touched.Store(time.Now().UnixMilli())
	}
	return n, err
}

// watched is an output that knows since when it is stuck.
type watched struct {
	v *Visit
	w io.Writer
}

func (w watched) Write(b []byte) (int, error) {
	w.v.writing.Store(time.Now().UnixMilli())
	defer w.v.writing.Store(0)
	return w.w.Write(b)
}
