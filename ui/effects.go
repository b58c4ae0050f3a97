package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model"
	"optflow/model/memory"
	"optflow/model/ticker"
	"optflow/ui/act"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/pane"
)

// carry carries effects out, in order, until one is refused: then it says why.
func (m *Model) carry(effects []act.Effect) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range effects {
		cmd, err := m.carryOut(e)
		if cmd != nil {
			cmds = append(cmds, cmd)
		}
		if err != nil {
			m.notices.answer(paint.Bad, err.Error())
			break
		}
	}
	return tea.Batch(cmds...)
}

// carryOut carries one out: what is said and what is in front here, the others
// below.
func (m *Model) carryOut(e act.Effect) (tea.Cmd, error) {
	if err := m.opt.Viewer.refuses(e, m.State); err != nil {
		return nil, err
	}
	if err := m.replay.refuses(e); err != nil {
		return nil, err
	}
	switch e := e.(type) {
	case act.Say:
		m.notices.say(e.Ink, e.Text)
	case act.Answer:
		m.notices.answer(e.Ink, e.Text)
	case act.Press:
		return m.do(e.Action), nil
	case act.OpenPane:
		i := slices.IndexFunc(m.panes, func(p pane.Pane) bool { return p.Place() == e.Place })
		m.pane = m.panes[i]
		m.pane.Open(e.Text, m.page)
	case act.EditTab:
		if m.page != page.Page(m.tape) {
			m.show(m.tape)
		}
		m.pane = m.line
		m.line.Edit(m.tape, m.tape.EditOwn())
	case act.ClosePane:
		m.pane = nil
	case act.ShowPage:
		if m.page.Name() != e.Name {
			m.show(m.pages.Named(e.Name))
		}
	case act.NextPage:
		m.show(m.pages.After(m.page))
	case act.Drill:
		m.remember()
		m.chain.Drill(m.page.Name(), e.To)
		m.page = m.chain
		m.accounts.Soon()
	case act.ComeBack:
		m.page = m.pages.Named(e.To)
		m.accounts.Soon()
		m.page.Enter(m.subject)
	case act.Resume:
		m.page = m.pages.Named(e.To)
		m.accounts.Soon()
		m.page.Take(page.Changes{Totals: true, Accounts: true, Alerts: true})
	case act.OpenDetails:
		if m.details.Open {
			return m.carryOut(act.CloseDetails{})
		}
		m.details.Show()
		return m.look(), nil
	case act.CloseDetails:
		m.details.Close()
		m.resize()
		return m.carryOut(act.LeaveDay{})
	case act.NoDetails:
		m.notices.answer(paint.Dim, "no details are open: "+m.Key(keys.Open)+" opens those of a row")
	default:
		return m.carryRows(e)
	}
	return nil, nil
}

func (m *Model) carryRows(e act.Effect) (tea.Cmd, error) {
	switch e := e.(type) {
	case act.Sort:
		if !m.page.Sort(e.Column) {
			return nil, fmt.Errorf("sort %q: there is no such column in %s", e.Column, m.page.Name())
		}
	case act.Columns:
		p, is := m.page.(page.Columned)
		if !is {
			return nil, fmt.Errorf("columns: %s has none to choose", m.page.Name())
		}
		if err := p.Choose(e.Names); err != nil {
			return nil, fmt.Errorf("columns: %w", err)
		}
		return m.carry(p.KeepColumns()), nil
	case act.Filter:
		l := m.page.Filter()
		if err := l.Set(e.Text); err != nil {
			return nil, err
		}
		if m.line.Remember(l.Text()) {
			return m.carryOut(act.KeepLines{})
		}
	case act.Find:
		return nil, m.tape.Find.All(e.Text)
	case act.Join:
		return nil, m.tape.JoinBy(e.By)
	case act.Floor:
		before := m.Rules
		m.Rules = withFloor(m.Rules, e)
		if err := m.tape.JoinBy(m.pull.Interval); err != nil {
			m.Rules = before
			return nil, err
		}
		ring(m)
	case act.ToTab:
		return m.carry(m.tape.ToTab(e.At)), nil
	case act.StepTab:
		return m.carry(m.tape.ToTab(m.tape.Tabs.Step(e.By))), nil
	case act.SaveTab:
		out, err := m.tape.SaveTab(e.Name)
		return m.carry(out), err
	case act.ForgetTab:
		out, err := m.tape.ForgetTab(e.Name)
		return m.carry(out), err
	case act.ChangeTab:
		out, err := m.tape.ChangeTab(e)
		if err != nil {
			return nil, err
		}
		return m.carry(out), nil
	case act.TogglePin:
		return m.carry(m.tape.Pins.Toggle(m.page.Selected().Contract)), nil
	case act.Unpin:
		return m.carry(m.tape.Pins.Clear()), nil
	case act.Repinned:
		m.resize()
		m.watch()
		m.later = append(m.later, m.carry(act.One(act.KeepPins{})))
	default:
		return m.carryOutside(e)
	}
	return nil, nil
}

// withFloor is the rules with another floor. Bursts that were under the old one
// come back as far as the tape still has their windows.
func withFloor(old *model.Rules, e act.Floor) *model.Rules {
	rules := *old
	if e.Ticker == "" {
		rules.Floor = e.Amount
		return &rules
	}
	rules.Floors = maps.Collect(maps.All(old.Floors))
	rules.Floors[ticker.Key(e.Ticker)] = e.Amount
	return &rules
}

// carryOutside carries out what leaves the screen: to the feed, the clipboards, a
// file, the next run.
func (m *Model) carryOutside(e act.Effect) (tea.Cmd, error) {
	switch e := e.(type) {
	case act.Follow:
		return m.choose(e.Tickers), nil
	case act.LookUp:
		return m.desk.lookUp(m.ctx, e), nil
	case act.ReadDay:
		return m.desk.readDay(m.ctx, e), nil
	case act.LeaveDay:
		m.desk.leaveDay()
	case act.Poll:
		return m.carry(m.desk.poll(m.State.Phase)), nil
	case act.Window:
		m.desk.window(e.Span)
	case act.AutoRefresh:
		m.desk.refresh(e.On)
	case act.OpenLedger:
		return m.carry([]act.Effect{act.ShowPage{Name: page.PageLedger}, act.ReadLedger{}}), nil
	case act.ReadLedger:
		return readLedger(m.opt.Ledger, m.State.Sim), nil
	case act.EditRule:
		if err := m.alerts.known(e.Name); err != nil {
			return nil, err
		}
		if _, err := m.carryOut(act.OpenPane{Place: keys.InRule, Text: e.Name}); err != nil {
			return nil, err
		}
		return m.carry(m.ruleBox.Try()), nil
	case act.TryRule:
		return m.alerts.try(m.ctx, m.opt.Market.Rows(), e), nil
	case act.MuteRule, act.TestRule, act.SwitchRule, act.SaveRule:
		cmd, said, err := m.alerts.carry(e)
		return tea.Batch(cmd, m.carry(said)), err
	case act.CopyContract:
		if c := m.page.Selected().Contract; c != nil {
			return m.carryOut(act.Copy{Text: c.Symbol, What: c.Symbol})
		}
		m.notices.answer(paint.Dim, page.NoneSelected)
	case act.Copy:
		cmd, said := m.clips.copy(e.Text, e.What)
		return tea.Batch(cmd, m.carry(said)), nil
	case act.Export:
		cmd, said := m.exporter.start(m.Scene, m.page, e)
		return tea.Batch(cmd, m.carry(said)), nil
	case act.Keep:
		return m.kept.keep(e.Item), nil
	case act.KeepTabs:
		ring(m)
		m.pages.Reread()
		return m.kept.keep(m.tape.Tabs.Saved()), nil
	case act.Remember:
		if m.command.Remember(e.Text) {
			return m.carryOut(act.KeepLines{})
		}
	case act.KeepPins:
		if !m.State.Sim { // else the market is an invented one
			return m.kept.keep(m.tape.Pins.List()), nil
		}
	case act.KeepLines:
		return m.kept.keep(memory.Lines{Filters: m.line.Lines(), Commands: m.command.Lines()}), nil
	default:
		return m.carrySetting(e)
	}
	return nil, nil
}

// choose follows other tickers, and has them remembered.
func (m *Model) choose(tickers []string) tea.Cmd {
	if slices.Equal(tickers, m.Tickers()) {
		return nil
	}
	m.desk.follow(tickers)
	m.follow(tickers)
	m.notices.say(paint.Text, "following "+strings.Join(tickers, ", "))
	if m.replay.player != nil {
		return nil // of what was recorded: the next run follows what it followed before
	}
	return m.kept.keep(memory.Choices{Tickers: slices.Clone(tickers)})
}

// carrySetting carries out how the screen and the program are to be.
func (m *Model) carrySetting(e act.Effect) (tea.Cmd, error) {
	if m.replay.steer(e, m.Zone) {
		return nil, nil
	}
	switch e := e.(type) {
	case act.Theme:
		if err := m.looks.choose(e.Name); err != nil {
			return nil, err
		}
		m.paint()
		return m.looks.ask(), nil
	case act.FPS:
		m.FPS = e.N
	case act.Zone:
		z, err := format.NewZone(e.Name)
		if err != nil {
			return nil, fmt.Errorf("time-zone %q: want exchange, local or utc", e.Name)
		}
		*m.Zone = *z // all that draws times shares it
		m.tape.Table.Restyle()
	case act.Mouse:
		m.opt.NoMouse = !e.On
	case act.Still:
		m.Quiet = e.On
		clear(m.tape.Table.Arrivals)
		m.tape.Table.Restyle()
	case act.Calm:
		beCalm(m, e.On)
	case act.Redraw:
		return tea.ClearScreen, nil
	case act.Suspend:
		if m.opt.Suspend != nil {
			return putAway(m.opt.Suspend), nil
		}
	case act.Interrupt:
		m.interrupted = true
		return tea.Quit, nil
	case act.Quit:
		return tea.Quit, nil
	}
	return nil, nil
}
