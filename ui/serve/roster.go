package serve

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// roster is who is here.
type roster struct {
	mu  sync.Mutex
	all []*Visit // in the order in which they came
}

// enter takes a visit in where there is room.
func (r *roster) enter(v *Visit, limits Limits, room func(here int) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, o := range r.all {
		if o.Name == v.Name {
			n++
		}
	}
	switch {
	case n >= limits.HerePerName:
		return fmt.Errorf("you are here %d times already, which is the most", n)
	case len(r.all) >= limits.Here:
		return fmt.Errorf("%d are here, which is the most", len(r.all))
	}
	if room != nil {
		if err := room(len(r.all)); err != nil {
			return err
		}
	}
	r.all = append(r.all, v)
	return nil
}

func (r *roster) leave(v *Visit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = slices.DeleteFunc(r.all, func(o *Visit) bool { return o == v })
}

func (r *roster) here() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.all)
}

func (r *roster) list() []*Visit {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

func (r *roster) endAll(why error) {
	for _, v := range r.list() {
		v.end(why)
	}
}

// errKicked is why a visit ends that the operator ended.
var errKicked = errors.New("you were asked to leave")

// Kick ends the visits of somebody and says how many there were.
func (s *Server) Kick(name string) (n int) {
	for _, v := range s.roster.list() {
		if v.Name == name {
			n++
			v.end(errKicked)
		}
	}
	return n
}

// Here is one who is here.
type Here struct {
	Name        string    `json:"name"`
	Role        string    `json:"role"`
	Fingerprint string    `json:"fingerprint"`
	From        string    `json:"from"`
	Wants       string    `json:"wants"` // screen, or the command
	Since       time.Time `json:"since"`
	LastKey     time.Time `json:"last_key"`
	Sent        int64     `json:"sent"` // bytes, of the connection
	Taken       int64     `json:"taken"`
}

// Here are those who are here, in the order in which they came.
func (s *Server) Here() []Here {
	list := []Here{}
	for _, v := range s.roster.list() {
		list = append(list, Here{
			Name: v.Name, Role: string(v.Role), Fingerprint: v.Fingerprint(), From: v.link.addr.String(), Wants: v.wants(),
			Since: v.since, LastKey: time.UnixMilli(v.touched.Load()), Sent: v.link.sent.Load(), Taken: v.link.taken.Load(),
		})
	}
	return list
}
