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
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// carry carries effects out, in order, until one is refused: then it says why.
func (m *Model) carry(effects []effect) tea.Cmd {
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
func (m *Model) carryOut(e effect) (tea.Cmd, error) {
	switch e := e.(type) {
	case sayThis:
		m.notices.say(e.ink, e.text)
	case answerWith:
		m.notices.answer(e.ink, e.text)
	case pressAction:
		return m.do(e.action), nil
	case openPane:
		i := slices.IndexFunc(m.panes, func(p pane) bool { return p.place() == e.place })
		m.pane = m.panes[i]
		m.pane.open(e.text, m.page)
	case closePane:
		m.pane = nil
	case showPage:
		if m.page.name() != e.name {
			m.show(m.pages.named(e.name))
		}
	case nextPage:
		m.show(m.pages.after(m.page))
	case drillDown:
		m.remember()
		m.chain.drill(m.page.name(), e.to)
		m.page = m.chain
		m.accounts.soon()
	case comeBack:
		m.page = m.pages.named(e.to)
		m.accounts.soon()
		m.page.enter(m.subject)
	case openDetails:
		out := m.details.show(e.what, m.page)
		m.resize()
		return tea.Batch(m.carry(out), m.observe()), nil
	case shutDetails:
		m.details.close()
		m.resize()
	case zoomNothing:
		m.notices.answer(paint.Dim, "nothing to enlarge: "+m.key(keys.Open)+" opens the details of a row")
	default:
		return m.carryRows(e)
	}
	return nil, nil
}

// carryRows carries out what is about rows.
func (m *Model) carryRows(e effect) (tea.Cmd, error) {
	switch e := e.(type) {
	case sortPage:
		if !m.page.sort(e.column) && !m.tape.sort(e.column) {
			return nil, fmt.Errorf("sort %q: there is no such column", e.column)
		}
	case filterPage:
		l := m.page.filter()
		if err := l.set(e.text); err != nil {
			return nil, err
		}
		if m.line.Remember(l.text()) {
			return m.carryOut(keepLines{})
		}
	case findRows:
		return nil, m.tape.find.all(e.text)
	case joinBursts:
		m.tape.joinBy(e.by)
	case setFloor:
		m.rules = withFloor(m.rules, e)
		m.tape.joinBy(m.pull.interval)
	case toTab:
		return m.carry(m.tape.toTab(e.at)), nil
	case stepTab:
		return m.carry(m.tape.toTab(m.tape.tabs.step(e.by))), nil
	case saveTab:
		out, err := m.tape.saveTab(e.name)
		return m.carry(out), err
	case forgetTab:
		out, err := m.tape.forgetTab(e.name)
		return m.carry(out), err
	case togglePin:
		return m.carry(m.tape.pins.toggle(m.contract())), nil
	case unpinAll:
		return m.carry(m.tape.pins.clear()), nil
	case repinned:
		m.resize()
		m.watch()
		m.later = append(m.later, m.carry(one(keepPins{})))
	default:
		return m.carryOutside(e)
	}
	return nil, nil
}

// withFloor is the rules with another floor. Bursts that were under the old one
// come back as far as the tape still has their windows.
func withFloor(old *model.Rules, e setFloor) *model.Rules {
	rules := *old
	if e.ticker == "" {
		rules.Floor = e.amount
		return &rules
	}
	rules.Floors = maps.Clone(rules.Floors)
	if rules.Floors == nil {
		rules.Floors = make(map[string]float64)
	}
	rules.Floors[ticker.Key(e.ticker)] = e.amount
	return &rules
}

// carryOutside carries out what leaves the screen: to the feed, the clipboards, a
// file, the next run.
func (m *Model) carryOutside(e effect) (tea.Cmd, error) {
	switch e := e.(type) {
	case followTickers:
		return m.choose(e.tickers), nil
	case lookUp:
		return e.ask(m.ctx, m.opt.Feed), nil
	case readDay:
		return e.ask(m.ctx, m.opt.Feed), nil
	case pollNow:
		return m.carry(m.desk.poll(m.st.Phase)), nil
	case setWindow:
		m.desk.window(e.span)
	case autoRefresh:
		m.desk.refresh(e.on)
	case copyContract:
		if c := m.contract(); c != nil {
			return m.carryOut(copyText{c.Symbol, c.Symbol})
		}
		m.notices.answer(paint.Dim, noneSelected)
	case copyText:
		cmd, said := m.clips.copy(e.text, e.what)
		return tea.Batch(cmd, m.carry(said)), nil
	case exportRows:
		if m.page != page(m.tape) {
			m.notices.answer(paint.Dim, tapeOnly)
			break
		}
		cmd, said := m.exporter.start(m.tape, e)
		return tea.Batch(cmd, m.carry(said)), nil
	case keepThis:
		return m.kept.keep(e.item), nil
	case keepTabs:
		return m.kept.keep(m.tape.tabs.saved()), nil
	case rememberCommand:
		if m.command.Remember(e.text) {
			return m.carryOut(keepLines{})
		}
	case keepPins:
		if !m.st.Sim { // else the market is an invented one
			return m.kept.keep(m.tape.pins.list()), nil
		}
	case keepLines:
		return m.kept.keep(memory.Lines{Filters: m.line.Lines(), Commands: m.command.Lines()}), nil
	default:
		return m.carrySetting(e)
	}
	return nil, nil
}

// choose follows other tickers, and has them remembered.
func (m *Model) choose(tickers []string) tea.Cmd {
	if slices.Equal(tickers, m.tickers()) {
		return nil
	}
	m.desk.follow(tickers)
	m.follow(tickers)
	m.notices.say(paint.Text, "following "+strings.Join(tickers, ", "))
	return m.kept.keep(memory.Choices{Tickers: slices.Clone(tickers)})
}

// carrySetting carries out how the screen and the program are to be.
func (m *Model) carrySetting(e effect) (tea.Cmd, error) {
	switch e := e.(type) {
	case setTheme:
		if err := m.looks.choose(e.name); err != nil {
			return nil, err
		}
		m.paint()
		return m.looks.ask(), nil
	case setFPS:
		m.fps = e.n
	case setZone:
		z, err := format.NewZone(e.name)
		if err != nil {
			return nil, fmt.Errorf("time-zone %q: want exchange, local or utc", e.name)
		}
		*m.zone = *z // all that draws times shares it
		m.tape.table.restyle()
	case setMouse:
		m.opt.NoMouse = !e.on
	case setStill:
		m.quiet = e.on
		clear(m.tape.table.arrivals)
		m.tape.table.restyle()
	case redraw:
		return tea.ClearScreen, nil
	case suspend:
		if m.opt.Suspend != nil {
			return putAway(m.opt.Suspend), nil
		}
	case interrupt:
		m.interrupted = true
		return tea.Quit, nil
	case quit:
		return tea.Quit, nil
	}
	return nil, nil
}
