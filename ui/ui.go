// Package ui is the screen: one tea.Model over plain structs that draw exactly
// the cells they are given.
//
// It promises that the screen pulls and never waits: it reads the tape at its
// own pace, at most Options.FPS times a second, touches its state in Update
// only, and draws the visible rows only, so that neither the number of rows
// held nor the rate of events shows in the cost of a frame. Charm's packages
// are used here and nowhere else.
package ui

import (
	"context"
	"fmt"
	"os"
	"time"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/clock"
	"optflow/model/memory"
	"optflow/model/tape"
	"optflow/model/termsafe"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
	"optflow/ui/terminal"
)

// Feed is what the screen asks of the engine. The methods without a
// context only leave word and must return at once; what came of it shows in the
// State. The others wait for an answer.
type Feed interface {
	// Follow replaces the underlyings followed.
	Follow(tickers []string)
	// Window changes between the channels of seconds and minutes.
	Window(span model.Span)
	// AutoRefresh connects, or lets go of everything until PollNow.
	AutoRefresh(on bool)
	// PollNow asks REST once, whatever the link does.
	PollNow()
	// Watch names the contracts on screen, whose quotes matter most.
	Watch(ids []model.ContractID)
	// Retake tries again after the key was refused or its slot taken.
	Retake()
	// Lookup asks the vendor whether an underlying exists. It may take seconds.
	Lookup(ctx context.Context, symbol string) error
	// Observe copies the accounts of the day into a list that is reused: of the
	// contracts named, or of all. It may take as long as a turn of the engine.
	Observe(ctx context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error)
	// Day reads a contract's minute bars of the day from the vendor, oldest
	// first. It may take seconds.
	Day(ctx context.Context, id model.ContractID) ([]model.Bar, error)
}

// The least window that the screen is drawn in, in cells.
const (
	LeastWidth  = leastWidth
	LeastHeight = leastHeight
)

// Options set the screen up.
type Options struct {
	Tape     *tape.Tape
	Clock    *clock.Clock
	Feed     Feed
	Rules    *model.Rules // floors and marks; model.DefaultRules when nil
	Interval burst.Interval
	Theme    string          // of Themes, or auto; "" is auto
	Themes   *paint.Themes   // nil: the built-in ones
	Columns  []string        // names of the columns to show; none shows all that fit
	Keys     *keys.Map       // nil: the built-in keys
	ASCII    bool            // draw with ASCII only
	Memory   Memory          // nil: nothing is remembered
	Tabs     memory.Tabs     // of the settings; none: DefaultTabs
	Filter   string          // the line to start with, in the tab in front
	Tickers  []string        // followed at start, until the engine's State says so
	FPS      int             // data frames a second, 1 to 60; 0 is 10
	Colour   terminal.Colour // "" is auto
	TimeZone string          // exchange, local or utc; "" is exchange
	MaxRows  int             // bursts kept over the floor; 0 is 200,000
	NoKey    bool            // there is no API key: say so until a key is pressed
	Version  string          // of the program, for the help screen
	Log      string          // where the log is, for the messages; "" nowhere
	Warnings []string        // sentences to show at start
	NoMouse  bool            // leave the mouse to the terminal, for its own selection
	Still    bool            // nothing moves by itself: no pulse, no mark on rows that come
	Exports  Exports         // nil: nothing can be exported
	// Clipboard hands text to a clipboard of this machine and names it; nil where
	// there is none. It is called from goroutines of its own.
	Clipboard func(ctx context.Context, text string) (into string, err error)
	// TailArgs are arguments that optflow tail needs to see what this screen
	// sees, besides those of the view.
	TailArgs []string
	// Suspend stops the program until it is continued, once the terminal has been
	// given back; nil cannot. Continued tells that others stopped it and that it
	// goes on.
	Suspend   func()
	Continued <-chan os.Signal

	// Shown is called once, when the first frame is on the screen; nil is not.
	Shown func()
	Env   []string // of the terminal; nil is the program's in Run, none in New
}

// defaultFPS is how many times a second data reaches the screen.
const defaultFPS = 10

// New returns the screen's model, for tea.NewProgram or Run. The context ends
// what it waits for. A wrong filter or time zone is an error.
func New(ctx context.Context, o Options) (*Model, error) {
	zone, err := format.NewZone(o.TimeZone)
	if err != nil {
		return nil, err
	}
	if o.Rules == nil {
		o.Rules = model.DefaultRules()
	}
	if o.FPS <= 0 {
		o.FPS = defaultFPS
	}
	o.FPS = min(o.FPS, 60)
	if o.Themes == nil {
		o.Themes, _ = paint.NewThemes(nil) // which has no errors
	}
	if o.Keys == nil {
		o.Keys, _ = keys.New(nil) // which has no errors
	}
	if o.Theme == "" {
		o.Theme = paint.Auto
	}
	var before memory.Remembered
	var failed []error
	if o.Memory != nil {
		before, failed = o.Memory.Recall()
	}
	m := &Model{
		ctx: ctx, opt: o, zone: zone, st: o.Tape.State(), wall: time.Now, now: o.Clock.Now(),
		batch: make([]model.Row, batchRows), interval: o.Interval,
		behind: true, // the first look at the tape is at once
	}
	m.keys = o.Keys
	m.shown = m.keys
	if o.ASCII {
		m.shown = m.keys.Spelled()
	}
	m.help.keys = m.shown
	m.help.version = o.Version
	m.line.Line, m.command, m.find.Line = line.New(before.Lines.Filters), line.New(before.Lines.Commands), line.New(nil)
	m.list = newList(o.Tape.Contracts, o.Rules)
	m.table = newTable(m.list, zone)
	m.volumes = before.Volumes
	m.views = newViews(zone, m.volumes)
	m.restorePins(before.Pins)
	m.table.hit = func(c *cell) bool { return m.find.text != "" && m.find.takes(c) }
	if m.chosen, err = hiddenBut(o.Columns); err != nil {
		return nil, err
	}
	m.depth = paint.TrueColour
	if err := m.setTheme(o.Theme); err != nil {
		return nil, err
	}
	m.notices.heard = func(i paint.Ink, text string) { m.messages.add(m.now, i, text) }
	m.regroup()
	m.list.follow(o.Tickers)
	m.openTabs(o.Tabs, before.Tabs, before.Choices.Tab)
	m.restoreSort(before.Choices.Sort)
	m.restoreView(before.Choices.View)
	m.began = memory.Choices{Sort: m.sortText(), View: m.viewText()}
	if o.Filter != "" {
		if m.filter, err = m.parse(o.Filter); err != nil {
			return nil, fmt.Errorf("filter %q: %w", o.Filter, err)
		}
		if text := m.neverText(m.filter); text != "" {
			m.notices.say(paint.Warn, "no row can match the filter"+text)
		}
	}
	m.list.take(m.taken())
	if o.NoKey {
		m.notices.add(notice{ink: paint.Accent, sticky: true, text: noKeyText, brief: noKeyBrief})
	}
	for _, w := range o.Warnings {
		m.notices.insist(paint.Warn, w)
	}
	for _, err := range failed {
		m.notices.insist(paint.Warn, termsafe.String(err.Error(), pathMost))
	}
	m.adopt(m.st)
	m.tick()
	return m, nil
}
