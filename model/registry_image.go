package model

import "optflow/model/image"

// Image writes what the registry knows of its contracts beside their symbols, or
// reads it into one that has the same symbols under the same numbers.
func (r *Registry) Image(m *image.Image) {
	image.Map(m, &r.roots.of, 5, func(root string, at **rootEntry) {
		if m.Reading() {
			*at = &rootEntry{root: root}
		}
		e := *at
		m.Name(&e.underlying)
		m.Bool(&e.learnt)
		m.Bool(&e.more)
		m.Name(&e.doubt)
		image.Int(m, &e.doubts)
	})
	r.roots.last = nil
	image.Map(m, &r.roots.expected, 1, func(_ string, name *string) { m.Name(name) })
	image.Map(m, &r.chains, 1, func(_ string, n *int) { image.Int(m, n) })
	m.Bool(&r.full)
	n := r.Len()
	image.Int(m, &n)
	m.Check(n == r.Len())
	list := *r.list.Load()
	for id := 0; id < n && !m.Bad(); id++ {
		c := *list[id].Load()
		usual := c.Shares == standardShares
		if m.Bool(&usual); usual {
			c.Shares = standardShares
		} else {
			m.Float(&c.Shares)
		}
		if e := r.roots.of[c.Root]; e != nil {
			c.Underlying, c.More = e.underlying, e.more
		}
		if m.Reading() {
			list[id].Store(&c)
		}
	}
}
