package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/crash"
	"optflow/model/filter"
	"optflow/model/rules"
)

// New returns a desk with the rules to begin with; a wrong one is an error. Run
// has it work.
func New(o Options) (*Desk, error) {
	o.complete()
	d := &Desk{o: &o, wake: make(chan struct{}, 1)}
	for _, s := range o.List {
		f, err := d.read(s)
		if err != nil {
			return nil, err
		}
		d.rules = append(d.rules, f)
	}
	d.publish()
	d.post = newPost(&o, d)
	return d, nil
}

// Run delivers and reads the tape until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	posting, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var group sync.WaitGroup
	group.Go(crash.Guarded("alerts", func() { d.post.run(posting) }))
	newRunner(d.o, d).run(ctx)
	if d.o.Ledger != nil {
		d.o.Ledger.End()
	}
	stop()
	group.Wait()
	return nil
}

// env is what the filters of rules depend on.
func (d *Desk) env() filter.Env {
	return filter.Env{Rules: d.o.Rules, Saved: d.o.Saved, Now: d.o.marketTime}
}

func (d *Desk) read(s Source) (*inForce, error) {
	rule, err := rules.Parse(s.Rule, d.env())
	if err != nil {
		return nil, err
	}
	return &inForce{Source: s, rule: rule}, nil
}

// Judge says what is wrong with a rule, nil if nothing is.
func (d *Desk) Judge(r alert.Rule) error {
	if _, err := rules.Parse(r, d.env()); err != nil {
		return err
	}
	for _, place := range r.To {
		if place != "bell" && place != "notify" && place != "log" && d.post.lanes[place] == nil {
			return fmt.Errorf("%s is not in the config file: an [exec] or [hook] table is read at the start", place)
		}
	}
	return nil
}

// Load puts other rules in force, as after a change of a file. Of a wrong one the
// rule before it stays; so it is with all of them when the whole cannot be read.
func (d *Desk) Load(list []Source, broken string) {
	d.change(func() {
		for _, f := range d.rules {
			f.wrong = ""
		}
		d.stuck = slices.DeleteFunc(d.stuck, func(text string) bool { return text == d.unread })
		if d.unread = broken; broken != "" {
			d.stuck = append(d.stuck, broken)
			return
		}
		var next []*inForce
		var read []*rules.Rule
		for _, s := range list {
			before := d.named(s.Name)
			if before != nil && before.tab {
				before = nil
			}
			f, err := d.read(s)
			if err == nil && !s.Off {
				err = f.rule.Beside(read)
			}
			if err != nil {
				if before == nil { // there is nothing to go on with
					before = &inForce{Source: s}
				}
				before.wrong = s.From + ": " + err.Error()
				next = append(next, before)
				continue
			}
			if before != nil {
				f.counts, f.muted, f.beyond = before.counts, before.muted, before.beyond
				if before.rule != nil && before.rule.Version != f.rule.Version {
					f.beyond = 0
				}
			}
			if next = append(next, f); !s.Off {
				read = append(read, f.rule)
			}
		}
		for _, f := range d.rules {
			if f.tab && !slices.ContainsFunc(next, func(n *inForce) bool { return n.Name == f.Name }) {
				next = append(next, f)
			}
		}
		d.rules = next
	})
	d.order((*runner).enforce)
}

// Ring names the tabs that ring. A rule of the same name goes before.
func (d *Desk) Ring(tabs []alert.Rule, floors *model.Rules) {
	floors = cmp.Or(floors, d.o.Rules)
	d.change(func() {
		before := d.rules
		d.rules = slices.DeleteFunc(slices.Clone(d.rules), func(f *inForce) bool { return f.tab })
		for _, t := range tabs {
			if d.named(t.Name) != nil {
				continue
			}
			t.To = []string{"bell", "notify"}
			t.When = cmp.Or(t.When, "size>0") // a tab without a filter takes all
			rule, err := rules.Ringing(t, floors, d.env())
			if err != nil {
				continue // the tab says what is wrong with it
			}
			f := &inForce{Source: Source{Rule: t, From: "tab " + t.Name}, rule: rule, tab: true}
			if i := slices.IndexFunc(before, func(b *inForce) bool { return b.tab && b.Name == t.Name }); i >= 0 {
				f.counts = before[i].counts
			}
			d.rules = append(d.rules, f)
		}
	})
	d.order((*runner).enforce)
}

// tests numbers the alerts that were asked for.
var tests atomic.Uint64

// Test sends one alert marked TEST to all places of a rule.
func (d *Desk) Test(name string) error {
	d.mu.Lock()
	r := d.named(name)
	if r == nil || r.rule == nil || r.tab {
		d.mu.Unlock()
		return fmt.Errorf("there is no rule %q", name)
	}
	if d.why != "" {
		defer d.mu.Unlock()
		return errors.New("nothing is delivered here: " + d.why)
	}
	now := d.o.marketTime()
	a := alert.Alert{
		ID: fmt.Sprintf("test-%d-%d", d.wall(), tests.Add(1)), Rule: r.Name, Version: r.rule.Version, At: now,
		Why: []string{"asked for"}, Test: true, Text: r.Name + ": a test, nothing fired",
	}
	a.Row.Start = now
	if d.o.Market.State().Sim {
		a.Row.Flags |= model.FlagSim
	}
	d.enter(a, r)
	m := d.mail(test, &a, nil, r)
	d.publish()
	d.mu.Unlock()
	d.post.post(m)
	return nil
}

// Save writes a rule down and puts it in force.
func (d *Desk) Save(r alert.Rule) error {
	if err := d.Judge(r); err != nil {
		return err
	}
	if d.o.Save == nil {
		return errors.New("there is no folder to keep rules in: set HOME or XDG_STATE_HOME")
	}
	if err := d.o.Save(r); err != nil {
		return err
	}
	d.mu.Lock()
	var list []Source
	for _, f := range d.rules {
		if !f.tab && f.Name != r.Name {
			list = append(list, f.Source)
		}
	}
	d.mu.Unlock()
	d.Load(append(list, Source{Rule: r, From: "alerts.toml"}), "")
	return nil
}

// Off switches a rule off, or on again, for later runs too.
func (d *Desk) Off(name string, off bool) error {
	d.mu.Lock()
	r := d.named(name)
	if r == nil || r.tab {
		d.mu.Unlock()
		return fmt.Errorf("there is no rule %q", name)
	}
	rule := r.Rule
	d.mu.Unlock()
	rule.Off = off
	return d.Save(rule)
}
