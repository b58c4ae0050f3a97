package serve

import (
	"encoding/binary"
	"slices"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"optflow/model/crash"
	"optflow/ui"
)

const (
	// commandMost bounds a command line, in bytes.
	commandMost = 4096
	requestsAt  = 16 // requests that wait for the library
)

// envNames are what counts of a viewer's environment.
var envNames = []string{"TERM", "COLORTERM", "LANG"}

// refuseChannel refuses tunnels and whatever else is not a session.
func (s *Server) refuseChannel(_ *ssh.Server, _ *gossh.ServerConn, c gossh.NewChannel, ctx ssh.Context) {
	_ = c.Reject(gossh.Prohibited, "there is nothing here but sessions")
	linkOf(ctx).refuse()
}

// refuseRequest refuses what is asked of the connection, such as listening ports.
// Whether somebody is there is answered by that.
func (s *Server) refuseRequest(ctx ssh.Context, _ *ssh.Server, r *gossh.Request) (bool, []byte) {
	if r.Type != keepalive {
		linkOf(ctx).refuse()
	}
	return false, nil
}

// session lets a connection have one session, of whose requests the library sees
// those that are meant.
func (s *Server) session(srv *ssh.Server, conn *gossh.ServerConn, c gossh.NewChannel, ctx ssh.Context) {
	l := linkOf(ctx)
	if !l.open() {
		_ = c.Reject(gossh.ResourceShortage, "one session a connection")
		l.refuse()
		return
	}
	f := &filtered{NewChannel: c, link: l, window: newWindow(), ended: make(chan struct{})}
	ctx.SetValue(filteredKey{}, f)
	ssh.DefaultSessionHandler(srv, conn, f, ctx)
}

type filteredKey struct{}

// filtered is a channel whose requests pass a filter: the library keeps whatever
// it is sent before a session begins.
type filtered struct {
	gossh.NewChannel
	link   *link
	window *window
	ended  chan struct{} // the channel is closed
	envs   int           // variables that passed
}

// Accept accepts it, and filters from then on.
func (f *filtered) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	c, in, err := f.NewChannel.Accept()
	if err != nil {
		return nil, nil, err
	}
	out := make(chan *gossh.Request, requestsAt)
	crash.Go("ssh session", func() {
		defer close(f.ended)
		defer close(out)
		if err := crash.Call("ssh session", func() error { f.hand(in, out); return nil }); err != nil {
			f.link.drop(err.Error())
		}
	})
	return c, out, nil
}

// hand passes requests on until there are no more.
func (f *filtered) hand(in <-chan *gossh.Request, out chan<- *gossh.Request) {
	for r := range in {
		if f.passes(r) {
			select {
			case out <- r:
			case <-f.link.closed:
			}
		}
	}
}

// passes reports whether the library is to see a request; others are answered
// here.
func (f *filtered) passes(r *gossh.Request) bool {
	ok := false
	switch r.Type {
	case "shell":
		return true
	case "exec", "subsystem":
		if len(r.Payload) <= commandMost {
			return true
		}
	case "pty-req":
		if len(r.Payload) <= commandMost {
			return true // its size is the first one
		}
	case "window-change":
		if size, is := sizeOf(r.Payload); is {
			f.window.tell(size)
			ok = true
		}
	case "env":
		var kv struct{ Name, Value string }
		if gossh.Unmarshal(r.Payload, &kv) == nil && slices.Contains(envNames, kv.Name) && len(kv.Value) <= wordMost && f.envs < len(envNames) {
			f.envs++
			return true
		}
	case "signal", keepalive:
		_ = r.Reply(false, nil)
		return false
	}
	_ = r.Reply(ok, nil)
	if !ok {
		f.link.refuse()
	}
	return false
}

// sizeOf reads the cells of a window-change, RFC 4254 section 6.7.
func sizeOf(payload []byte) (ui.Size, bool) {
	if len(payload) < 8 {
		return ui.Size{}, false
	}
	return ui.Size{Width: cells(binary.BigEndian.Uint32(payload)), Height: cells(binary.BigEndian.Uint32(payload[4:]))}, true
}

// cells is a number of cells that an int can hold anywhere.
func cells(n uint32) int { return int(min(n, 1<<16)) }
