package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/termsafe"
	"optflow/model/ticker"
	"optflow/ui/act"
)

// Viewer is who looks from elsewhere: at a feed that is somebody else's, on a
// machine of which nothing is lent. Nothing that a viewer does writes a file,
// runs a program, or changes the feed beyond the viewer's rights.
type Viewer struct {
	Name     string     // as the status bar has it
	Operator bool       // may follow more, poll, and change the windows
	Here     func() int // viewers here now, this one with them; nil: it is not shown
}

// viewerNameMost bounds a name in the status bar, in bytes.
const viewerNameMost = 24

// lend takes from the options of a viewer's screen what a viewer is not lent.
func (v *Viewer) lend(o Options) Options {
	if v == nil {
		return o
	}
	me := *v
	me.Name = termsafe.String(v.Name, viewerNameMost)
	o.Viewer = &me
	o.Exports, o.Clipboard, o.Suspend, o.Continued, o.Log, o.TailArgs, o.Player = nil, nil, nil, nil, "", nil, nil
	o.Env = slices.DeleteFunc(slices.Clone(o.Env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return !slices.Contains(viewerEnv, name)
	})
	if o.Env == nil {
		o.Env = []string{} // nil would be the program's own
	}
	if o.Alerts != nil {
		o.Alerts = watched{o.Alerts}
	}
	return o
}

// viewerEnv is what of a viewer's environment counts: what the terminal is. Other
// variables name files and programs of this machine.
var viewerEnv = []string{"TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "STY"}

var (
	errNoFiles    = errors.New("a viewer has no files here; y and Y copy to your terminal's clipboard")
	errOwnersFeed = errors.New("how the feed runs is for its owner or an operator to say")
	errOwnersRule = errors.New("rules are their owner's to change")
)

// refuses says why an effect is not for this viewer, nil where it is. A nil
// viewer is the program's own user, whom nothing is refused.
func (v *Viewer) refuses(e act.Effect, st *model.State) error {
	if v == nil {
		return nil
	}
	switch e := e.(type) {
	case act.Export:
		return errNoFiles
	case act.MuteRule, act.TestRule, act.SwitchRule, act.SaveRule, act.EditRule, act.TryRule:
		return errOwnersRule
	case act.Window, act.AutoRefresh, act.Poll:
		if !v.Operator {
			return errOwnersFeed
		}
	case act.Follow:
		return v.refusesTickers(e.Tickers, st)
	}
	return nil
}

// refusesTickers names the first of some tickers that a viewer cannot have: the
// State of a viewer's market knows those that can be chosen.
func (v *Viewer) refusesTickers(tickers []string, st *model.State) error {
	if v.Operator {
		return nil
	}
	for _, t := range tickers {
		if !slices.ContainsFunc(st.Known, func(k string) bool { return ticker.Same(k, t) }) {
			return fmt.Errorf("%s is not followed here; %s", ticker.Bare(t), chooseOf(st.Known))
		}
	}
	return nil
}

func chooseOf(tickers []string) string {
	if len(tickers) == 0 {
		return "an operator may follow it"
	}
	return "there are " + strings.Join(tickers, ", ")
}

// badge is how the status bar names the viewer, in full and short.
func (v *Viewer) badge() (full, short string) {
	if v == nil {
		return "", ""
	}
	short = "viewer " + v.Name
	if v.Operator {
		short = "operator " + v.Name
	}
	if v.Here == nil {
		return short, short
	}
	return fmt.Sprintf("%s · %d here", short, v.Here()), short
}

// watched is the desk of alerts as viewers have it: to look at.
type watched struct{ desk alert.Desk }

func (w watched) Inbox() *alert.Inbox           { return w.desk.Inbox() }
func (w watched) Changed() <-chan struct{}      { return w.desk.Changed() }
func (watched) See()                            {}
func (watched) Mute(string, time.Duration)      {}
func (watched) Test(string) error               { return errOwnersRule }
func (watched) Save(alert.Rule) error           { return errOwnersRule }
func (watched) Off(string, bool) error          { return errOwnersRule }
func (watched) Ring([]alert.Rule, *model.Rules) {}
func (watched) Judge(alert.Rule) error          { return errOwnersRule }
