package ui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/model/ticker"
	"optflow/ui/format"
	"optflow/ui/paint"
)

func (m *Model) filterCommand(text string) (tea.Cmd, error) {
	if _, err := m.parseHere(text); err != nil {
		return nil, err
	}
	m.setFilter(text)
	if m.line.Remember(m.filterText()) {
		return m.keepLines(), nil
	}
	return nil, nil
}

func (m *Model) findCommand(text string) (tea.Cmd, error) {
	m.openFind()
	m.find.Set(text)
	m.seek()
	m.pane = paneTape
	if m.find.count == 0 {
		return nil, errors.New("nothing found")
	}
	return nil, nil
}

func (m *Model) sortCommand(name string) (tea.Cmd, error) {
	if m.sortNamed(name) {
		return nil, nil
	}
	id, ok := columnNamed(name)
	if !ok {
		return nil, fmt.Errorf("sort %q: there is no such column", name)
	}
	m.sortBy(id)
	return nil, nil
}

func (m *Model) intervalCommand(text string) (tea.Cmd, error) {
	i, err := burst.ParseInterval(text)
	if err != nil {
		return nil, err
	}
	m.regroupBy(i)
	return nil, nil
}

// floorCommand shows bursts from another premium on. Those that were under the
// old floor come back as far as the tape still has their windows.
func (m *Model) floorCommand(text string) (tea.Cmd, error) {
	rules := *m.opt.Rules
	name, text, err := cutTicker(text)
	if err != nil {
		return nil, err
	}
	floor, err := parseAmount(text)
	if err != nil {
		return nil, fmt.Errorf("floor %q: want dollars such as 25k or 1.5m", text)
	}
	if name == "" {
		rules.Floor = floor
	} else {
		rules.Floors = maps.Clone(rules.Floors)
		if rules.Floors == nil {
			rules.Floors = make(map[string]float64)
		}
		rules.Floors[ticker.Key(name)] = floor
	}
	m.opt.Rules = &rules
	m.regroupBy(m.interval)
	return nil, nil
}

// cutTicker takes a ticker off the front of "spy 100k".
func cutTicker(text string) (name, rest string, err error) {
	first, rest, more := strings.Cut(text, " ")
	if !more {
		return "", text, nil
	}
	name, err = ticker.Read(first)
	return name, strings.TrimSpace(rest), err
}

// parseAmount reads dollars: 25k, 1.5m, $100, 0.
func parseAmount(text string) (float64, error) {
	text = strings.ToLower(strings.TrimPrefix(text, "$"))
	unit := 1.0
	for suffix, size := range map[string]float64{"k": 1e3, "m": 1e6, "b": 1e9} {
		if cut, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = cut, size
			break
		}
	}
	if strings.Trim(text, "0123456789.") != "" {
		return 0, strconv.ErrSyntax
	}
	v, err := strconv.ParseFloat(text, 64)
	return v * unit, err
}

// tickersCommand follows those named. What is not known has to be looked up,
// which the picker does.
func (m *Model) tickersCommand(text string) (tea.Cmd, error) {
	tickers, err := ticker.List(text)
	if err != nil {
		return nil, err
	}
	for i, t := range tickers {
		if tickers[i] = m.known(t); tickers[i] == "" {
			return nil, fmt.Errorf("%s is not known yet; t looks it up", ticker.Bare(t))
		}
	}
	if len(tickers) == 0 {
		return nil, errors.New("at least one ticker must be followed")
	}
	slices.Sort(tickers)
	return m.choose(slices.Compact(tickers)), nil
}

// known is the spelling under which a ticker is followed or was heard of, "" if
// it is not.
func (m *Model) known(name string) string {
	for _, names := range [][]string{m.list.tickers(), m.st.Known} {
		if i := slices.IndexFunc(names, func(t string) bool { return ticker.Same(t, name) }); i >= 0 {
			return names[i]
		}
	}
	return ""
}

func (m *Model) exportCommand(name string) (tea.Cmd, error)     { return m.exportTo(name, false), nil }
func (m *Model) exportOverCommand(name string) (tea.Cmd, error) { return m.exportTo(name, true), nil }

func (m *Model) windowCommand(text string) (tea.Cmd, error) {
	span, ok := spanNames[text]
	if !ok {
		return nil, fmt.Errorf("window %q: want 1s or 1m", text)
	}
	if m.opt.Feed != nil {
		m.opt.Feed.Window(span)
	}
	m.notices.answer(paint.Text, "windows of "+text+" from the next full minute on")
	return nil, nil
}

func (m *Model) autoCommand(text string) (tea.Cmd, error) {
	on, err := onOff(text)
	if err != nil {
		return nil, fmt.Errorf("auto %w", err)
	}
	if m.opt.Feed != nil {
		m.opt.Feed.AutoRefresh(on)
	}
	return nil, nil
}

func onOff(text string) (bool, error) {
	switch text {
	case "on", "true", "yes":
		return true, nil
	case "off", "false", "no":
		return false, nil
	}
	return false, fmt.Errorf("%q: want on or off", text)
}

func (m *Model) themeCommand(name string) (tea.Cmd, error) {
	if err := m.setTheme(name); err != nil {
		return nil, err
	}
	return tea.Batch(m.keep(memory.Choices{Theme: name}), m.askGround()), nil
}

func (m *Model) fpsCommand(text string) (tea.Cmd, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 60 {
		return nil, fmt.Errorf("fps %q: want 1 to 60", text)
	}
	m.opt.FPS = n
	return nil, nil
}

func (m *Model) zoneCommand(text string) (tea.Cmd, error) {
	z, err := format.NewZone(text)
	if err != nil || text == "" {
		return nil, fmt.Errorf("time-zone %q: want exchange, local or utc", text)
	}
	*m.zone = *z // all that draws times shares it
	m.table.restyle()
	return nil, nil
}

func (m *Model) quitCommand(string) (tea.Cmd, error) { return tea.Quit, nil }

func (m *Model) mouseCommand(text string) (tea.Cmd, error) {
	on, err := onOff(text)
	if err != nil {
		return nil, fmt.Errorf("mouse %w", err)
	}
	m.opt.NoMouse = !on
	return nil, nil
}

func (m *Model) stillCommand(text string) (tea.Cmd, error) {
	on, err := onOff(text)
	if err != nil {
		return nil, fmt.Errorf("reduced-motion %w", err)
	}
	m.setStill(on)
	return nil, nil
}

func (m *Model) unpinCommand(string) (tea.Cmd, error) {
	m.unpin()
	return nil, nil
}
