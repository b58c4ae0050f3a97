package alerts

import (
	"fmt"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/rules"
	"optflow/model/termsafe"
)

// longestText bounds a line about an alert, in cells.
const longestText = 500

// said is one event of a rule, entered.
type said struct {
	alert alert.Alert
	mail  *mail
	goes  bool // out; else it is shown here alone
}

// take enters what the rules said, and posts what goes out.
func (d *Desk) take(events []rules.Event) {
	var all []said
	d.mu.Lock()
	for i := range events {
		if s, some := d.event(&events[i]); some {
			all = append(all, s)
		}
	}
	d.publish()
	d.mu.Unlock()
	for i := range all {
		s := &all[i]
		if d.o.Print != nil && !s.mail.local {
			d.o.Print(&s.alert, s.mail.event, s.mail.text, s.mail.body)
		}
		switch {
		case s.goes:
			d.post.post(s.mail)
		case s.alert.Outcome == alert.Held:
			d.post.holdBack(s.alert.Rule, s.alert.Version)
		}
	}
}

// event enters one of them. The lock is held.
func (d *Desk) event(e *rules.Event) (s said, some bool) {
	if e.Rule == nil {
		return said{}, false // for the ledger
	}
	r := d.named(e.Rule.Name)
	a := alert.Alert{ID: e.ID, Rule: e.Rule.Name, Version: e.Rule.Version, At: e.At, Row: e.Row, Contract: e.Contract, Why: e.Why}
	switch e.Kind {
	case rules.Fired:
		d.enter(a, r)
		return said{a, d.mail(fired, &a, e, r), true}, true
	case rules.Held:
		a.Outcome, a.Note = alert.Held, e.Reason.String()
		d.enter(a, r)
		return said{a, d.mail(rules.Held.String(), &a, e, r), false}, true
	case rules.Revised:
		was := d.find(e.ID)
		if was == nil {
			return said{}, false
		}
		was.State, was.Row = alert.Revised, e.Row
		return said{*was, d.mail(revised, was, e, r), e.Reason == rules.NotHeld && was.Outcome != alert.Held}, true
	case rules.Digest:
		a.ID = rules.ID(a.Version, "digest", e.Date, e.Since)
		return said{a, d.mail(digest, &a, e, r), true}, true
	}
	return said{}, false
}

// wall is the wall time in ms.
func (d *Desk) wall() int64 { return d.o.Now().UnixMilli() }

// mail is what goes out about an alert.
func (d *Desk) mail(event string, a *alert.Alert, e *rules.Event, r *inForce) *mail {
	body := Body{
		V: 1, Event: event, ID: a.ID, Rule: a.Rule, Version: a.Version, FiredMS: a.At, Why: a.Why,
		Sim: a.Row.Is(model.FlagSim), Test: a.Test,
	}
	m := &mail{event: event, id: a.ID, rule: a.Rule, version: a.Version, fired: a.At}
	if r != nil {
		m.places, m.local = r.To, r.tab
	}
	if a.Contract != nil && event != digest {
		body.Row = d.o.Row(&a.Row, a.Contract)
	}
	switch {
	case event == digest:
		body.More, body.Premium = e.More, e.Premium
		m.text = fmt.Sprintf("%s: +%d more, %s", a.Rule, e.More, dollars(e.Premium))
	case m.local:
		m.text = a.Rule
	default:
		m.text = a.Rule + ": " + d.o.Text(a)
	}
	if e != nil {
		m.quiet = e.Quiet
		body.Held = e.Reason.String()
	}
	if body.Sim {
		m.text = "SIM " + m.text
	}
	if a.Test {
		m.text = "TEST " + m.text
	}
	m.text = termsafe.String(m.text, longestText)
	body.Text = m.text
	m.body = encode(&body)
	return m
}

// dollars is an amount in a few characters: $9.2M.
func dollars(v float64) string {
	for _, unit := range []struct {
		from float64
		name string
	}{{1e9, "B"}, {1e6, "M"}, {1e3, "K"}} {
		if v >= unit.from {
			return "$" + strings.TrimSuffix(strconv.FormatFloat(v/unit.from, 'f', 1, 64), ".0") + unit.name
		}
	}
	return "$" + strconv.FormatFloat(v, 'f', 0, 64)
}
