package pane

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"optflow/model/burst"
	"optflow/model/ticker"
	"optflow/ui/act"
	"optflow/ui/paint"
)

func readInterval(_ About, text string) ([]act.Effect, error) {
	i, err := burst.ParseInterval(text)
	return act.One(act.Join{By: i}), err
}

// readFloor reads 100k, or spy 100k.
func readFloor(_ About, text string) ([]act.Effect, error) {
	name, text, err := cutTicker(text)
	if err != nil {
		return nil, err
	}
	floor, err := parseAmount(text)
	if err != nil {
		return nil, fmt.Errorf("floor %q: want dollars such as 25k or 1.5m", text)
	}
	return act.One(act.Floor{Ticker: name, Amount: floor}), nil
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

// readTickers reads those to be followed. What is not known has to be looked up,
// which the picker does.
func readTickers(a About, text string) ([]act.Effect, error) {
	tickers, err := ticker.List(text, a.Lists...)
	if err != nil {
		return nil, err
	}
	for i, t := range tickers {
		if tickers[i] = a.known(t); tickers[i] == "" {
			return nil, fmt.Errorf("%s is not known yet; t looks it up", ticker.Bare(t))
		}
	}
	if len(tickers) == 0 {
		return nil, errors.New("at least one ticker must be followed")
	}
	slices.Sort(tickers)
	return act.One(act.Follow{Tickers: slices.Compact(tickers)}), nil
}

// readList reads the name of a list, whose tickers need not be known yet: the user
// wrote them down. No name tells which lists there are.
func readList(a About, name string) ([]act.Effect, error) {
	if name == "" {
		return tellLists(a.Lists), nil
	}
	list, err := ticker.Find(a.Lists, name)
	if err != nil {
		return nil, err
	}
	follow := make([]string, len(list.Tickers))
	for i, t := range list.Tickers {
		if follow[i] = a.known(t); follow[i] == "" {
			follow[i] = t
		}
	}
	slices.Sort(follow)
	return act.One(act.Follow{Tickers: slices.Compact(follow)}), nil
}

func tellLists(lists []ticker.Named) []act.Effect {
	if len(lists) == 0 {
		return act.Tell(paint.Dim, `there are no lists; the config file has them: [lists] and below it mag7 = "AAPL,MSFT,NVDA"`)
	}
	var each []string
	for _, l := range lists {
		each = append(each, l.Name+": "+strings.Join(l.Tickers, " "))
	}
	return act.Tell(paint.Text, strings.Join(each, " · "))
}

// known is the spelling under which a ticker is followed or was heard of, "" if
// it is not.
func (a About) known(name string) string {
	for _, names := range [][]string{a.Tickers(), a.State.Known} {
		if i := slices.IndexFunc(names, func(t string) bool { return ticker.Same(t, name) }); i >= 0 {
			return names[i]
		}
	}
	return ""
}

// readColumns reads names with commas, or blanks, between.
func readColumns(_ About, text string) ([]act.Effect, error) {
	if text == "reset" {
		return act.One(act.Columns{}), nil
	}
	return act.One(act.Columns{Names: strings.Split(text, ",")}), nil
}

// readTab reads a tab's name or number, or what is to be changed of the one in
// front.
func readTab(a About, text string) ([]act.Effect, error) {
	names := a.Tape.Tabs.Names(false)
	for i := range names {
		if strings.EqualFold(names[i], text) || strconv.Itoa(i+1) == text {
			return act.One(act.ToTab{At: i}), nil
		}
	}
	word, rest, more := strings.Cut(text, " ")
	change := func(what act.TabChange) ([]act.Effect, error) {
		return act.One(act.ChangeTab{What: what, Text: strings.TrimSpace(rest)}), nil
	}
	switch {
	case word == "filter" && !more:
		return act.One(act.EditTab{}), nil
	case word == "filter":
		return change(act.TabFilter)
	case word == "rename":
		return change(act.TabName)
	case word == "bell" && (!more || rest == "on" || rest == "off"):
		return change(act.TabBell)
	case word == "bell":
		return nil, fmt.Errorf("tab bell %q: want on or off", rest)
	case text == "reset":
		return change(act.TabReset)
	}
	return nil, fmt.Errorf("tab %q: there are %s; and filter, rename, bell, reset", text, strings.Join(names, ", "))
}

func readWindow(_ About, text string) ([]act.Effect, error) {
	span, ok := spanNames[text]
	if !ok {
		return nil, fmt.Errorf("window %q: want 1s or 1m", text)
	}
	return []act.Effect{act.Window{Span: span}, act.Answer{Ink: paint.Text, Text: "windows of " + text + " from the next full minute on"}}, nil
}

func readFPS(_ About, text string) ([]act.Effect, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 60 {
		return nil, fmt.Errorf("fps %q: want 1 to 60", text)
	}
	return act.One(act.FPS{N: n}), nil
}

// onOff reads on or off for a command.
func onOff(command string, set func(on bool) act.Effect) func(About, string) ([]act.Effect, error) {
	return func(_ About, text string) ([]act.Effect, error) {
		switch text {
		case "on", "true", "yes":
			return act.One(set(true)), nil
		case "off", "false", "no":
			return act.One(set(false)), nil
		}
		return nil, fmt.Errorf("%s %q: want on or off", command, text)
	}
}
