package ui

import (
	"errors"
	"fmt"
	"strings"

	"optflow/model/filter"
	"optflow/ui/paint"
)

// senseless says why a name of the filter language says nothing in a view; "" it
// does. A row there is a contract's whole day, or a ticker's.
func senseless(at view, name string) string {
	switch name {
	case "top", "twin", "side", "sure", "bull", "bear", "whale", "mark", "source", "prints", "size":
		if at == viewTape {
			return ""
		}
		more := ""
		if name == "size" {
			more = "; vol is the day's"
		}
		return name + " speaks of a burst; here a row is a whole day" + more
	}
	if at != viewTickers {
		return ""
	}
	switch name {
	case "ticker", "prem", "vol", "spot":
		return ""
	}
	return name + " speaks of a contract; here a row is a ticker"
}

// parseHere reads a filter for the view shown: what says nothing there is
// refused, with the place of it.
func (m *Model) parseHere(text string) (*parsed, error) {
	f, err := m.parse(text)
	if err != nil || f == nil || m.views.at == viewTape {
		return f, err
	}
	var wrong string
	walkNames(f.Root(), func(name string) {
		if wrong == "" && senseless(m.views.at, name) != "" {
			wrong = name
		}
	})
	if wrong == "" {
		return f, nil
	}
	at, end := strings.Index(strings.ToLower(text), wrong), len(text)
	if at < 0 {
		at = 0 // written with another name
	} else {
		end = at + len(wrong)
	}
	return nil, &filter.Error{Pos: at, End: end, Text: senseless(m.views.at, wrong)}
}

// walkNames visits the words and fields of a filter.
func walkNames(n filter.Node, visit func(name string)) {
	all := func(nodes []filter.Node) {
		for _, n := range nodes {
			walkNames(n, visit)
		}
	}
	switch n := n.(type) {
	case *filter.And:
		all(n.Nodes)
	case *filter.Or:
		all(n.Nodes)
	case *filter.Any:
		all(n.Nodes)
	case *filter.Not:
		walkNames(n.Node, visit)
	case *filter.Word:
		visit(n.Name)
	case *filter.Compare:
		visit(n.Field)
	case *filter.Has:
		visit(n.Field)
	}
}

// inForce is the filter of the view shown, nil when it takes all.
func (m *Model) inForce() *parsed {
	if m.views.at == viewTape {
		return m.filter
	}
	return m.views.filters[m.views.at]
}

// viewOnly writes the cell under the column cursor into the view's filter, or
// the opposite of it. Before the column cursor was used, it is the ticker's.
func (m *Model) viewOnly(hide bool) {
	c, err := m.viewClause()
	if err != nil {
		m.notices.answer(paint.Dim, err.Error())
		return
	}
	text := c.only
	if hide {
		text = c.hide
	}
	m.setFilter(filter.With(m.filterText(), text, m.opt.Clock.Now))
}

func (m *Model) viewClause() (clause, error) {
	v := &m.views
	switch v.at {
	case viewTickers:
		if l := v.tickers.current(); l != nil {
			return tickerClause(l.Underlying), nil
		}
	case viewContracts:
		l := v.contracts.current()
		if l == nil {
			break
		}
		if !v.contracts.pick {
			return tickerClause(l.contract.Underlying), nil
		}
		name := v.contracts.columns[v.contracts.cursor].name
		if id, ok := columnNamed(name); ok {
			return clauseOf(id, &cell{row: &l.row, contract: l.contract, marks: l.marks, zone: m.zone})
		}
		return clause{}, fmt.Errorf("the filter has no word for %s", name)
	case viewHeat:
		if c := v.heat.cursor(); c != nil {
			day := strings.ToLower(v.heat.expiry.UTC().Format("2Jan2006"))
			return clause{"exp=" + day, "exp!=" + day}, nil
		}
	}
	return clause{}, errors.New("no row is selected")
}
