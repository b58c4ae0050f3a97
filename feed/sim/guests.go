package sim

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// What a stranger may take up before it has shown a good key.
const (
	maxGuests     = 64       // connections, of those that have shown one too
	maxHello      = 64 << 10 // bytes of a request's header, or of a message
	maxCommand    = 1 << 20  // bytes of a message of one that has logged in
	headerTimeout = 5 * time.Second
	answerTimeout = 30 * time.Second // for a request as a whole
	idleTimeout   = 30 * time.Second // between two requests
)

// guests are the open connections. When there are too many, the oldest that has
// not shown a good key makes room: whoever fills the house from outside does not
// keep out who belongs there. Where all have shown one, a new one has to go.
type guests struct {
	mu  sync.Mutex
	all map[net.Conn]*guest
	n   uint64
}

type guest struct {
	conn  net.Conn
	since uint64
	known bool
}

type guestKey struct{}

// enter lists a new connection and makes room for it.
func (g *guests) enter(ctx context.Context, conn net.Conn) context.Context {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.all) >= maxGuests && !g.makeRoom() {
		_ = conn.Close()
		return ctx
	}
	g.n++
	one := &guest{conn: conn, since: g.n}
	g.all[conn] = one
	return context.WithValue(ctx, guestKey{}, one)
}

// makeRoom ends the oldest connection of a stranger, if there is one.
func (g *guests) makeRoom() bool {
	var oldest *guest
	for _, one := range g.all {
		if !one.known && (oldest == nil || one.since < oldest.since) {
			oldest = one
		}
	}
	if oldest == nil {
		return false
	}
	delete(g.all, oldest.conn)
	_ = oldest.conn.Close()
	return true
}

// left is told of every end but those of WebSockets, whose server says it.
func (g *guests) left(conn net.Conn, state http.ConnState) {
	if state == http.StateClosed {
		g.leave(conn)
	}
}

func (g *guests) leave(conn net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.all, conn)
}

// greet notes that the connection of a request showed a good key.
func (g *guests) greet(ctx context.Context) {
	one := guestOf(ctx)
	if one == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	one.known = true
}

// guestOf is the connection of a request, nil under another server than ours.
func guestOf(ctx context.Context) *guest {
	one, _ := ctx.Value(guestKey{}).(*guest)
	return one
}
