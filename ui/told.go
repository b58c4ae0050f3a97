package ui

import (
	"slices"
	"strings"

	"optflow/model"
	"optflow/ui/format"
	"optflow/ui/paint"
)

// told is what was said of the feed, so that it is said once.
type told struct {
	plan string // the line that said what the plan carries
	note string // the newest of the state's notes
	then bool   // the state is of a recording
}

// tell says what the plan carries once that is known, and each new note of the engine.
func (t *told) tell(n *notices, st *model.State) {
	if text := planLine(st.Plan, st.Received > 0); !t.then && text != "" && text != t.plan && (!st.Sim || st.Plan != model.Plan{Known: true}) {
		n.drop(t.plan) // it turned out to carry less, or more
		t.plan = text
		n.say(paint.Text, text)
	}
	if last := len(st.Notes); last > 0 && st.Notes[last-1] != t.note {
		from := slices.Index(st.Notes, t.note) + 1
		for _, note := range st.Notes[from:] {
			n.say(paint.Warn, t.of(note))
		}
		t.note = st.Notes[last-1]
	}
}

// of is a sentence about the feed, which may be one of then.
func (t *told) of(text string) string {
	if t.then {
		return "then: " + text
	}
	return text
}

// planLine is what a plan carries, and what that means for the screen. That it is
// real time is not known before the stream was heard.
func planLine(p model.Plan, heard bool) string {
	var parts []string
	switch {
	case !p.Known:
		return ""
	case p.NoWebSocket && p.NoSnapshots:
		return "This plan carries no options flow; without a key the simulated market shows."
	case p.Delayed > 0:
		parts = append(parts, format.Interval(p.Delayed)+" late")
	case heard:
		parts = append(parts, "real time")
	}
	for _, lack := range []struct {
		is   bool
		text string
	}{
		{p.NoWebSocket, "no WebSocket: polled"},
		{p.NoSnapshots, "no snapshots: OI, IV and side unknown"},
		{p.NoQuotes && !p.NoSnapshots, "no quotes: side unknown"},
		{p.NoSpots, "no stock prices: OTM% unknown"},
		{p.SpotsLag() && !p.NoSpots, "stock prices are late: OTM% unknown"},
	} {
		if lack.is {
			parts = append(parts, lack.text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "plan: " + strings.Join(parts, " · ")
}
