package ui

import (
	"fmt"
	"strconv"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// Where there is nothing to show the screen says why, and names a key only if
// that key now does what is said of it.

// sayEmpty writes that into the middle of the rows.
func (m *Model) sayEmpty(rows []string, why func() (head, more string)) {
	head, more := why()
	for i, text := range []paint.Piece{paint.Text.Piece(head), paint.Dim.Piece(more)} {
		at := max(len(rows)/2-1, 0) + i
		if at >= len(rows) || text.Text == "" {
			continue
		}
		words := paint.Clip(text.Text, m.width-2)
		m.pen.Line(m.th, paint.OnPlain, m.width)
		m.pen.Space((m.width - paint.Cells(words)) / 2)
		m.pen.Put(text.Ink, words)
		rows[at] = m.pen.End()
	}
}

func (m *Model) whyEmpty() (head, more string) {
	seen := m.beside().seen
	switch {
	case m.list.filter != nil && (m.list.over > 0 || m.tabs.front().wrong != nil):
		return m.whyFiltered()
	case seen > 0 && m.list.over == 0:
		return "nothing over the floor yet", format.Count(int64(seen)) + " bursts under " + format.RoundMoney(m.opt.Rules.Floor) + " counted"
	case m.st.Plan.Known && m.st.Plan.NoWebSocket && m.st.Plan.NoSnapshots:
		return "this plan carries no options flow", "without a key the simulated market shows"
	case m.st.Link == model.Stopped:
		return "no data", m.keys.Key(keys.Poll) + " tries again"
	case m.st.Link == model.Starting:
		return "waiting for the first data", "connecting; the screen fills by itself"
	case !m.st.Session.Open && !m.st.Sim && m.st.Session.Text != "":
		return "the market is closed", strings.TrimPrefix(m.st.Session.Text, "closed: ")
	}
	return "no trades yet", "following " + strings.Join(m.list.tickers(), ", ")
}

// whyFiltered says what keeps the tape's rows out, the tab's own filter or the
// line, and which key leads out of that.
func (m *Model) whyFiltered() (head, more string) {
	front := m.tabs.front()
	over := format.Count(int64(m.list.over)) + " bursts are over the floor"
	tab := "tab " + front.Name
	switch {
	case front.wrong != nil:
		return tab + " has a filter that cannot be read: " + front.wrong.Text, m.wayOut("")
	case front.own == nil: // the line alone
		return "no row matches the filter" + m.neverText(m.filter), m.keys.Key(keys.Clear) + " clears it · " + over
	case m.filter == nil:
		return tab + " shows only " + front.own.text + m.neverText(front.own), m.wayOut(over)
	case front.count == 0: // without the line it would be empty, too
		return tab + " shows only " + front.own.text + m.neverText(front.own) + ", and of that only " + m.filter.text, m.wayOut(over)
	}
	return "no row of " + tab + " (" + front.own.text + ") matches the filter" + m.neverText(m.filter),
		m.keys.Key(keys.Clear) + " clears the filter, not the tab's · " + format.Count(int64(front.count)) + " bursts in the tab"
}

// neverText says why no row can ever match, if that is so.
func (m *Model) neverText(f *parsed) string {
	if f == nil || !f.Never() {
		return ""
	}
	if hint := f.hint(); hint != "" {
		return ": " + hint
	}
	return ": none of the tickers followed can match"
}

// wayOut names the key of the first tab that takes all rows, else those that go
// to other tabs, and what else is to be said.
func (m *Model) wayOut(more string) string {
	way := ""
	for i := range m.tabs.all {
		if t := &m.tabs.all[i]; i != m.tabs.at && i < 9 && t.own == nil && t.wrong == nil && t.line == nil {
			way = fmt.Sprintf("%s shows all (tab %s)", strconv.Itoa(i+1), t.Name)
			break
		}
	}
	if way == "" && len(m.tabs.all) > 1 {
		way = m.keys.Key(keys.NextTab) + " goes to the next tab"
	}
	if way == "" {
		return more
	}
	if more == "" {
		return way
	}
	return way + " · " + more
}

func (m *Model) whyViewEmpty() (head, more string) {
	v := &m.views
	tickers := m.list.tickers()
	switch {
	case m.opt.Feed == nil:
		return "there is no feed to read the day from", ""
	case v.trouble != "":
		return v.trouble, ""
	case v.filters[v.at] != nil && v.tally.of > 0:
		return "nothing matches the filter" + m.neverText(v.filters[v.at]), m.keys.Key(keys.Clear) + " clears it · " + format.Count(int64(v.tally.of)) + " without it"
	case v.at != viewTickers && !v.read:
		return "loading", "reading the day's accounts"
	case v.at == viewTickers:
		return "nothing is known of a ticker yet", "following " + strings.Join(tickers, ", ")
	case v.at == viewHeat && len(tickers) > 1:
		return "nothing traded in " + v.ticker + " yet", m.keys.Key(keys.PreviousMark) + " " + m.keys.Key(keys.NextMark) + " other tickers"
	case v.at == viewHeat:
		return "nothing traded in " + v.ticker + " yet", "it is the only ticker followed · " + m.keys.Key(keys.Tickers) + " adds others"
	case v.within != narrowing{}:
		return "nothing traded in " + v.within.String() + " yet", m.keys.Key(keys.Escape) + " goes back"
	}
	return "nothing traded yet", "following " + strings.Join(tickers, ", ")
}
