package page

import (
	"strconv"
	"strings"
	"time"

	"optflow/model/alert"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
	"optflow/ui/scene"
	"optflow/ui/table"
)

// Inbox shows the alerts that fired, the newest first, and what became of them.
type Inbox struct {
	beside
	gridded[table.Alert]
	see func()          // has all alerts marked as seen
	new map[string]bool // those that nobody had seen when the page was opened
}

// NewInbox returns the page of alerts.
func NewInbox(s *scene.Scene, way *Way, see func()) *Inbox {
	p := &Inbox{beside: newBeside(s, way), gridded: gridded[table.Alert]{name: PageAlerts}, see: see}
	p.Grid = table.Grid[table.Alert]{Columns: table.AlertColumns(&table.Cell{Zone: s.Zone}), Name: func(l *table.Alert) uint32 { return l.Number }}
	return p
}

// PageAlerts is the name of the inbox.
const PageAlerts = "Alerts"

// Enter shows what is new until the page is opened again.
func (p *Inbox) Enter(string) {
	p.new = map[string]bool{}
	for _, a := range p.Alerts.Alerts {
		if a.State == alert.New {
			p.new[a.ID] = true
		}
	}
	p.see()
	p.Grid.Standing = table.Standing{}
	p.load()
}

func (p *Inbox) Take(c Changes) {
	if c.Alerts {
		p.load()
	}
}

// load reads the inbox anew.
func (p *Inbox) load() {
	rows := p.Grid.Rows[:0]
	for i, a := range p.Alerts.Alerts {
		if p.new[a.ID] && a.State == alert.Seen {
			a.State = alert.New
		}
		rows = append(rows, table.Alert{Alert: a, Number: ^uint32(i)})
	}
	p.Grid.Rows = rows
	p.Grid.Sorted()
}

func (p *Inbox) Do(a keys.Action) ([]act.Effect, bool) {
	switch a {
	case keys.Open:
		return act.One(act.OpenDetails{}), true
	case keys.Mute:
		if l := p.Grid.Current(); l != nil {
			return act.One(p.mute(l.Rule)), true
		}
		return act.Tell(paint.Dim, "there is no alert here whose rule could be muted"), true
	case keys.Escape:
		if p.Grid.Unpick() {
			return nil, true
		}
	}
	if p.Grid.Do(a) {
		return nil, true
	}
	return p.do(a)
}

// mute is for an hour, or the end of it.
func (p *Inbox) mute(rule string) act.Effect {
	for _, r := range p.Alerts.Rules {
		if r.Name == rule && r.Muted > p.Wall().UnixMilli() {
			return act.MuteRule{Name: rule}
		}
	}
	return act.MuteRule{Name: rule, For: time.Hour}
}

func (p *Inbox) Fit(rows int, details bool) {
	p.Grid.Read(details)
	p.Grid.Fit(rows)
}

func (p *Inbox) Arrange() { p.Grid.Arrange(p.Width) }

// Selected is the contract of an alert, which may be of an earlier run.
func (p *Inbox) Selected() (s Selection) {
	l := p.Grid.Current()
	switch {
	case l == nil:
		s.Without = "no alert has fired yet"
	case l.Contract == nil:
		s.Without = "this alert is of an earlier run: " + l.Text
	case l.Contract.Symbol == "":
		s.Without = "this alert is of a ticker"
	default:
		s.Contract = l.Contract
	}
	if l != nil && l.Contract != nil && p.Grid.Moved {
		s.Ticker = l.Contract.Underlying
	}
	return s
}

// Foot is the keys, or of the alert that was gone to what no column shows.
func (p *Inbox) Foot() string {
	if l := p.Grid.Current(); l != nil && p.Grid.Moved {
		var more []string
		if l.Note != "" && !p.Grid.ShowsNamed("note") {
			more = append(more, l.Note)
		}
		if !p.Grid.ShowsNamed("why") {
			more = append(more, l.Why...)
		}
		if len(more) > 0 {
			return p.Pen.Sentence(p.Theme, p.Width, paint.Dim, strings.Join(more, " · "))
		}
	}
	return p.foot(hint{keys.Open, "open the contract"}, hint{keys.Mute, "mute the rule"}, hint{keys.Sort, "sort"})
}

func (p *Inbox) Matching() []paint.Piece {
	return []paint.Piece{paint.Text.Piece(format.Counting(int64(len(p.Grid.Rows)), "alert")), paint.Dim.Piece(" of " + format.Counting(int64(len(p.Alerts.Rules)), "rule"))}
}

func (p *Inbox) Draw(out []string) []string {
	out = append(out, p.title(p.Name(), p.said(), p.Matching()))
	out = append(out, p.Grid.Header(&p.Pen, p.Theme, p.Width))
	from := len(out)
	out = p.Grid.Render(&p.Pen, p.Theme, p.Width, out)
	if len(p.Grid.Rows) == 0 {
		head, more := p.why()
		p.SayEmpty(out[from:], head, more)
	}
	return out
}

// said is what does not work, else what became of the alerts of this run.
func (p *Inbox) said() []paint.Piece {
	in := p.Alerts
	switch {
	case in.Idle != "":
		return []paint.Piece{paint.Warn.Piece(in.Idle)}
	case len(in.Trouble) > 0:
		return []paint.Piece{paint.Warn.Piece(strings.Join(in.Trouble, " · "))}
	}
	c, out := in.Counts, []paint.Piece(nil)
	for _, n := range []struct {
		count uint64
		what  string
		ink   paint.Ink
	}{{c.Failed, "failed", paint.Warn}, {c.Dropped, "dropped", paint.Warn}, {c.Waiting, "waiting", paint.Dim}, {c.Held, "held back", paint.Dim}, {c.Delivered, "delivered", paint.Dim}} {
		if n.count > 0 {
			out = append(out, n.ink.Piece(strconv.FormatUint(n.count, 10)+" "+n.what+"  "))
		}
	}
	return out
}

// why says why nothing fired, and what to do.
func (p *Inbox) why() (head, more string) {
	if n := len(p.Alerts.Rules); n > 0 {
		names := make([]string, 0, n)
		for _, r := range p.Alerts.Rules {
			names = append(names, r.Name)
		}
		return "no alert has fired yet", format.Counting(int64(n), "rule") + ": " + strings.Join(names, ", ") + " · " + p.Key(keys.NewAlert) + " makes another"
	}
	return "there are no rules yet, so nothing fires", p.Key(keys.NewAlert) + " on a row or a filter of the tape makes one · [[alerts]] in the config file"
}
