package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model/alert"
	"optflow/model/filter"
	"optflow/model/rules"
	"optflow/model/tape"
	"optflow/model/termsafe"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/scene"
)

// alerts is what this screen has to do with the alerts.
type alerts struct {
	*scene.Scene
	desk  alert.Desk // nil: there are none here
	stop  func()     // ends the trial under way, nil: there is none
	pause time.Duration

	unsaid []string // what does not work since a moment ago
}

// say has what does not work said, once.
func (a *alerts) say(n *notices) {
	for _, text := range a.unsaid {
		n.say(paint.Warn, termsafe.String(text, mostWidth))
	}
	a.unsaid = nil
}

// wrongs are sentences about what does not work now and did before.
func wrongs(before, now *alert.Inbox) (texts []string) {
	for _, text := range now.Trouble {
		if !slices.Contains(before.Trouble, text) {
			texts = append(texts, text)
		}
	}
	for _, r := range now.Rules {
		if r.Wrong != "" && !slices.ContainsFunc(before.Rules, func(b alert.Standing) bool { return b.Wrong == r.Wrong }) {
			texts = append(texts, r.Wrong+"; the rule before it stays")
		}
	}
	return texts
}

// ruleKept is what came of writing rules down.
type ruleKept struct {
	said string // if it could be
	err  error
}

// openAlerts takes the alerts that there are.
func openAlerts(s *scene.Scene, desk alert.Desk) alerts {
	a := alerts{Scene: s, desk: desk}
	s.Alerts = &alert.Inbox{Idle: noAlerts}
	a.look()
	return a
}

// noAlerts is said where nobody watches for any.
const noAlerts = "no alerts are watched for here"

// look takes the newest inbox over, and reports whether it is another one.
func (a *alerts) look() bool {
	if a.desk == nil {
		return false
	}
	in := a.desk.Inbox()
	news := in != a.Alerts
	if news {
		a.unsaid = append(a.unsaid, wrongs(a.Alerts, in)...)
		a.Alerts = in
		a.Fired = scene.FiredOf(in)
	}
	return news
}

func (a *alerts) see() {
	if a.desk != nil {
		a.desk.See()
	}
}

// carry does what is to be done with a rule. Files are written outside of Update.
func (a *alerts) carry(e act.Effect) (tea.Cmd, []act.Effect, error) {
	if a.desk == nil {
		return nil, nil, errors.New(noAlerts)
	}
	switch e := e.(type) {
	case act.MuteRule:
		if err := a.known(e.Name); err != nil {
			return nil, nil, err
		}
		a.desk.Mute(e.Name, e.For)
		said := fmt.Sprintf("%s is muted for %s: its alerts are held back, and kept in the ledger", e.Name, format.Interval(e.For.Milliseconds()))
		if e.For == 0 {
			said = e.Name + " is not muted any more"
		}
		return nil, act.Tell(paint.Text, said), nil
	case act.TestRule:
		if err := a.known(e.Name); err != nil {
			return nil, nil, err
		}
		if err := a.desk.Test(e.Name); err != nil {
			return nil, nil, err
		}
		return nil, act.Tell(paint.Text, "one alert of "+e.Name+", marked TEST, is on its way; "+a.Key(keys.Inbox)+" says what came of it"), nil
	case act.SwitchRule:
		if err := a.known(e.Name); err != nil {
			return nil, nil, err
		}
		desk, said := a.desk, e.Name+" is on again"
		if e.Off {
			said = e.Name + " is off, in later runs too"
		}
		return func() tea.Msg { return ruleKept{said, desk.Off(e.Name, e.Off)} }, nil, nil
	case act.SaveRule:
		if err := a.desk.Judge(e.Rule); err != nil {
			return nil, nil, err
		}
		desk := a.desk
		return func() tea.Msg {
			return ruleKept{e.Rule.Name + " is in force; " + a.Key(keys.Inbox) + " shows what fires", desk.Save(e.Rule)}
		}, nil, nil
	}
	return nil, nil, nil
}

// rule is a rule by its name, nil where there is none.
func (a *alerts) rule(name string) *alert.Standing {
	i := slices.IndexFunc(a.Alerts.Rules, func(r alert.Standing) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &a.Alerts.Rules[i]
}

// known says that there are no rules here, or none of a name that is not "".
func (a *alerts) known(name string) error {
	switch {
	case a.desk == nil:
		return errors.New(noAlerts)
	case name == "", a.rule(name) != nil:
		return nil
	}
	if len(a.Alerts.Rules) == 0 {
		return fmt.Errorf("there is no rule %q; %s makes one", name, a.Key(keys.NewAlert))
	}
	return fmt.Errorf("there is no rule %q; tab lists them", name)
}

// came says what came of writing.
func (k ruleKept) came() []act.Effect {
	if k.err != nil {
		return act.Tell(paint.Warn, k.err.Error())
	}
	return act.Tell(paint.Text, k.said)
}

func (a *alerts) judge(r alert.Rule) error {
	if a.desk == nil {
		return errors.New(noAlerts)
	}
	return a.desk.Judge(r)
}

// tried is what a rule would have fired.
type tried struct {
	gen   int
	trial *rules.Trial
	pause time.Duration // until it is tried again
}

// How often a rule is tried anew, and for how much of the time at most.
const (
	tryEvery = 2 * time.Second
	tryShare = 10
)

// try has a rule tried on the tape, on a goroutine of its own, until it is asked
// for another one.
func (a *alerts) try(ctx context.Context, t *tape.Tape, e act.TryRule) tea.Cmd {
	r, err := rules.Parse(e.Rule, filter.Env{Now: a.Clock.Now, Rules: a.Rules})
	if err != nil {
		return nil // the box has said so
	}
	if a.stop != nil {
		a.stop()
	}
	ctx, a.stop = context.WithCancel(ctx)
	now, thresholds, pause := rules.MomentOf(a.State, a.Now), a.Rules, time.Duration(0)
	if e.Again {
		pause = a.pause
	}
	return func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		began := time.Now()
		trial, whole := rules.Try(t, r, now, thresholds, func() bool { return ctx.Err() != nil })
		if !whole {
			return nil
		}
		return tried{e.Gen, &trial, max(tryEvery, tryShare*time.Since(began))}
	}
}
