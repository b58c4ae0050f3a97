package alerts

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"optflow/model/alert"
	"optflow/model/rules"
)

// Desk keeps the inbox, between the runner that says what fires, the post that
// delivers it, and the faces that look and ask.
type Desk struct {
	o    *Options
	post *post
	wake chan struct{} // something is in orders

	mu      sync.Mutex
	alerts  []alert.Alert
	rules   []*inForce // the tabs that ring behind the others
	stuck   []string   // what does not work
	unread  string     // of it, why the rules cannot be read
	why     string     // why nothing is delivered here
	orders  []func(*runner)
	changed chan struct{} // nil unless somebody waits

	inbox atomic.Pointer[alert.Inbox]
}

// inForce is a rule and what became of it.
type inForce struct {
	Source
	rule   *rules.Rule // nil while it is off
	counts alert.Counts
	muted  int64  // wall time in ms
	lacked string // "211 lacked spot"
	beyond int    // of its figures, counted already
	wrong  string
	tab    bool // its bell is this terminal's own, and it has no place in the inbox
}

var _ alert.Desk = (*Desk)(nil)

// Inbox is the picture as it stands.
func (d *Desk) Inbox() *alert.Inbox { return d.inbox.Load() }

// Changed is closed at the next change of it.
func (d *Desk) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.changed == nil {
		d.changed = make(chan struct{})
	}
	return d.changed
}

// publish draws the picture anew and wakes who waits for it. The lock is held.
func (d *Desk) publish() {
	in := &alert.Inbox{Alerts: slices.Clone(d.alerts), Trouble: slices.Clone(d.stuck), Idle: d.why}
	for _, r := range d.rules {
		s := alert.Standing{Rule: r.Rule, From: r.From, Counts: r.counts, Muted: r.muted, Lacked: r.lacked, Wrong: r.wrong}
		if r.rule != nil {
			s.Version = r.rule.Version
		}
		in.Rules = append(in.Rules, s)
		if !r.tab {
			in.Counts.Add(r.counts)
		}
	}
	for i := range in.Alerts {
		if in.Alerts[i].State == alert.New && in.Alerts[i].Outcome != alert.Held {
			in.New++
		}
	}
	d.inbox.Store(in)
	if d.changed != nil {
		close(d.changed)
		d.changed = nil
	}
}

// change runs f and publishes what it changed.
func (d *Desk) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
	d.publish()
}

// named is a rule by its name, nil where there is none. The lock is held.
func (d *Desk) named(name string) *inForce {
	i := slices.IndexFunc(d.rules, func(r *inForce) bool { return strings.EqualFold(r.Name, name) })
	if i < 0 {
		return nil
	}
	return d.rules[i]
}

// order has the runner do something.
func (d *Desk) order(f func(*runner)) {
	d.mu.Lock()
	d.orders = append(d.orders, f)
	d.mu.Unlock()
	nudge(d.wake)
}

// enter puts an alert into the inbox and counts it. The lock is held.
func (d *Desk) enter(a alert.Alert, r *inForce) {
	if r != nil && !a.Test {
		r.counts.Fired++
		*r.counts.Of(a.Outcome)++
	}
	if r != nil && r.tab {
		return
	}
	d.alerts = append(d.alerts, a)
	if len(d.alerts) > alert.MostAlerts { // what was held back makes room first
		oldest := max(0, slices.IndexFunc(d.alerts, func(a alert.Alert) bool { return a.Outcome == alert.Held }))
		d.alerts = slices.Delete(d.alerts, oldest, oldest+1)
	}
}

// find is an alert by its id, the newest first. The lock is held.
func (d *Desk) find(id string) *alert.Alert {
	for i := len(d.alerts) - 1; i >= 0; i-- {
		if d.alerts[i].ID == id {
			return &d.alerts[i]
		}
	}
	return nil
}

// settled takes down what became of a mail.
func (d *Desk) settled(m *mail, outcome alert.Outcome, note string) {
	if m.event != fired && m.event != test {
		if outcome != alert.Delivered {
			d.o.Log.Warn("alert", "event", m.event, "rule", m.rule, "outcome", outcome.String(), "note", note)
		}
		return
	}
	if outcome == alert.Failed || outcome == alert.Dropped {
		d.o.Log.Warn("alert", "event", m.event, "rule", m.rule, "id", m.id, "outcome", outcome.String(), "note", note)
	}
	d.change(func() {
		if a := d.find(m.id); a != nil {
			a.Outcome, a.Note = outcome, note
		}
		r := d.named(m.rule)
		if r == nil || m.event == test || r.counts.Waiting == 0 { // it was fired by a rule that is gone
			return
		}
		r.counts.Waiting--
		*r.counts.Of(outcome)++
	})
}

// dropped enters what was on its way when a program ended.
func (d *Desk) dropped(before []entry) {
	if len(before) == 0 {
		return
	}
	d.change(func() {
		for i := range before {
			e := &before[i]
			d.enter(alert.Alert{
				ID: e.ID, Rule: e.Rule, Version: e.Version, At: e.Fired, Text: e.Text,
				Outcome: alert.Dropped, Note: e.Note,
			}, d.named(e.Rule))
		}
	})
}

// mostTrouble is how many sentences about what does not work are kept.
const mostTrouble = 5

// Holds reports whether this program has the right to deliver, and so to write the
// log and the ledger.
func (d *Desk) Holds() bool { return d.post.holds() }

// Trouble has the inbox say what does not work.
func (d *Desk) Trouble(text string) {
	d.o.Log.Warn("alert", "text", text)
	d.change(func() {
		if !slices.Contains(d.stuck, text) {
			d.stuck = append(d.stuck, text)
		}
		d.stuck = d.stuck[max(0, len(d.stuck)-mostTrouble):]
	})
}

// idle keeps why nothing is delivered here, "" it is.
func (d *Desk) idle(why string) {
	d.change(func() { d.why = why })
}

// See marks all alerts as seen.
func (d *Desk) See() {
	d.change(func() {
		for i := range d.alerts {
			if d.alerts[i].State == alert.New {
				d.alerts[i].State = alert.Seen
			}
		}
	})
}

// Mute holds a rule's alerts back for so long; 0 ends it.
func (d *Desk) Mute(rule string, long time.Duration) {
	d.change(func() {
		if r := d.named(rule); r != nil {
			r.muted = 0
			if long > 0 {
				r.muted = d.o.Now().Add(long).UnixMilli()
			}
		}
	})
	d.order(func(r *runner) { r.mute(rule, long) })
}
