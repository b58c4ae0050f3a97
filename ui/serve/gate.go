package serve

import (
	"net/netip"
	"slices"
	"sync"
)

// gate bounds the connections that have not logged in, of an address and in all.
// Where there are too many the oldest goes: it had its time, and who comes next
// may be a viewer.
type gate struct {
	perAddress, inAll int

	mu      sync.Mutex
	waiting []*link // oldest first
}

// enter takes a connection in.
func (g *gate) enter(l *link) {
	g.mu.Lock()
	var out *link
	same := func(o *link) bool { return o.group == l.group }
	n := 0
	for _, o := range g.waiting {
		if same(o) {
			n++
		}
	}
	switch {
	case n >= g.perAddress:
		out = g.remove(slices.IndexFunc(g.waiting, same))
	case len(g.waiting) >= g.inAll:
		out = g.remove(0)
	}
	g.waiting = append(g.waiting, l)
	g.mu.Unlock()
	if out != nil {
		out.drop("too many connections that do not log in")
	}
}

func (g *gate) remove(i int) *link {
	l := g.waiting[i]
	g.waiting = slices.Delete(g.waiting, i, i+1)
	return l
}

// leave lets a connection go on, or away.
func (g *gate) leave(l *link) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting, l); i >= 0 {
		g.remove(i)
	}
}

// closeAll closes what waits.
func (g *gate) closeAll() {
	g.mu.Lock()
	all := slices.Clone(g.waiting)
	g.mu.Unlock()
	for _, l := range all {
		l.drop("the server ends")
	}
}

// groupOf is whom an address counts as: a network of IPv6 is one customer's.
func groupOf(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // of no address
	}
	return p
}
