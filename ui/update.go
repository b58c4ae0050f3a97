package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/ui/act"
	"optflow/ui/details"
	"optflow/ui/keys"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/pane"
)

// lookedUp is the answer to a look-up of a symbol.
type lookedUp struct {
	gen    int
	symbol string
	err    error
}

// Update is called for every message. It neither waits nor reads or writes
// anything outside.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, is := msg.(page.FrameMsg); is {
		return m, m.onFrame()
	}
	if _, is := msg.(page.AccountsMsg); !is {
		m.calm.ask(m.Wall())
	}
	m.tape.Title.Drawn = ""
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.Width, m.Height = min(msg.Width, mostWidth), min(msg.Height, mostHeight)
		m.arrange()
		m.dirty = true
	case tea.ColorProfileMsg:
		m.looks.depth = paint.DepthOf(msg.Profile)
		m.paint()
	case tea.BackgroundColorMsg:
		if m.looks.told(msg) {
			m.paint()
		}
	case tea.KeyPressMsg:
		m.dirty = true
		m.away.Key(pane.CoverOf(m.pane) < pane.CoverWhole)
		cmd = m.onKey(msg)
		m.resize()
	case tea.PasteMsg:
		if m.dirty = true; m.pane != nil {
			cmd = m.carry(m.pane.Paste(msg.Content))
		}
	case tea.MouseWheelMsg:
		m.onWheel(msg)
	case tea.MouseClickMsg:
		cmd = m.onClick(msg)
		m.resize()
	case tea.FocusMsg:
		m.Blurred, m.dirty = false, true
		m.take() // back in sight it is brought up to date at once
		m.away.Focus(true)
		m.tape.Tabs.Front().Rung = 0
	case tea.BlurMsg:
		m.Blurred = true
		m.away.Focus(false)
	case signalled:
		cmd = msg.write(m.Blurred)
	case continued:
		cmd = putAway(func() {})
	case tea.ResumeMsg:
		m.dirty = true
	default:
		cmd = m.onAnswer(msg)
	}
	return m, tea.Batch(cmd, m.look())
}

// onAnswer takes what something outside answered.
func (m *Model) onAnswer(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case lookedUp:
		m.dirty = true
		return m.carry(m.picker.Found(msg.gen, msg.symbol, msg.err))
	case page.AccountsMsg:
		if !m.accounts.Got(msg) {
			break
		}
		m.dirty = true
		if msg.Err == nil {
			m.details.Account(msg.List)
			m.page.Take(page.Changes{Accounts: !msg.One})
		}
	case details.DayMsg:
		m.dirty = m.details.Got(msg) || m.dirty
	case remembered:
		if text := m.kept.came(msg); text != "" {
			m.dirty = true
			m.notices.say(paint.Warn, text)
		}
	case pastRead:
		takePast(m, msg)
	case ledgerRead:
		m.dirty = true
		m.ledger.Got(msg.rates, msg.err)
	case tried:
		m.dirty = true
		m.alerts.pause = msg.pause
		return m.carry(m.ruleBox.Tried(msg.gen, msg.trial))
	case ruleKept:
		m.dirty = true
		return m.carry(msg.came())
	case exported:
		m.dirty = true
		return m.carry(m.exporter.came(msg))
	case copied:
		cmd, said := m.clips.came(msg)
		m.dirty = m.dirty || len(said) > 0
		return tea.Batch(cmd, m.carry(said))
	}
	return nil
}

// onFrame looks at the tape and the clock, once.
func (m *Model) onFrame() tea.Cmd {
	now := m.Wall()
	m.pull.Framed = now
	m.replay.look(&m.notices, m.Zone)
	m.pull.Rate = m.replay.rate()
	m.take()
	if m.pull.Due() {
		m.tick()
	}
	m.dirty = m.dirty || m.calm.waits
	later := append(m.later, m.look(), m.pull.Wait(m.ctx), m.observe())
	m.later = nil
	return tea.Batch(later...)
}

// onKey hands a key to what has the focus.
func (m *Model) onKey(k tea.KeyPressMsg) tea.Cmd {
	place := keys.InTape
	if m.pane != nil {
		place = m.pane.Place()
	}
	a, which := m.Keys.Action(place, k)
	if a.Everywhere() {
		return m.do(a)
	}
	m.notices.key()
	switch {
	case m.pane != nil:
		return m.carry(m.pane.Key(a, k))
	case a == keys.Tab:
		return m.carry(act.One(act.ToTab{At: which}))
	}
	return m.do(a)
}

// do carries an action out: the details' own, the page's own, or that of all.
func (m *Model) do(a keys.Action) tea.Cmd {
	if out, done := m.details.Do(a); done {
		return m.carry(out)
	}
	if out, done := m.page.Do(a); done {
		return m.carry(out)
	}
	if e, ok := everyPage[a]; ok {
		return m.carry(act.One(e))
	}
	return m.carry(m.page.Filter().Do(a))
}

// everyPage is what actions do on every page that gives them no meaning of its
// own.
var everyPage = map[keys.Action]act.Effect{
	keys.Filter: act.OpenPane{Place: keys.InFilter}, keys.Tickers: act.OpenPane{Place: keys.InPicker}, keys.Help: act.OpenPane{Place: keys.InHelp},
	keys.Messages: act.OpenPane{Place: keys.InMessages}, keys.Command: act.OpenPane{Place: keys.InCommand},
	keys.SortMenu: act.OpenPane{Place: keys.InSort}, keys.Columns: act.OpenPane{Place: keys.InColumns}, keys.EditTab: act.EditTab{},
	keys.View: act.NextPage{}, keys.Inbox: act.ShowPage{Name: page.PageAlerts}, keys.Ledger: act.OpenLedger{}, keys.NewAlert: act.EditRule{},
	keys.Tab: act.ToTab{}, keys.NextTab: act.StepTab{By: 1}, keys.PreviousTab: act.StepTab{By: -1},
	keys.CopyContract: act.CopyContract{}, keys.Pin: act.TogglePin{}, keys.Zoom: act.NoDetails{},
	keys.DetailsDown: act.NoDetails{}, keys.DetailsUp: act.NoDetails{}, keys.DetailsPageDown: act.NoDetails{}, keys.DetailsPageUp: act.NoDetails{}, keys.Poll: act.Poll{},
	keys.PlayPause: act.Pause{}, keys.PlayOn: act.Skip{By: 10 * time.Second}, keys.PlayBack: act.Skip{By: -10 * time.Second},
	keys.PlayMinuteOn: act.Skip{By: time.Minute}, keys.PlayMinuteBack: act.Skip{By: -time.Minute}, keys.PlayFaster: act.Faster{By: 2}, keys.PlaySlower: act.Faster{By: 0.5},
	keys.Redraw: act.Redraw{}, keys.Suspend: act.Suspend{}, keys.Close: act.Quit{}, keys.Quit: act.Interrupt{},
}
