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
	"optflow/model/market"
	"optflow/model/memory"
	"optflow/model/termsafe"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/paint"
	"optflow/ui/table"
	"optflow/ui/terminal"
)

// The least window that the screen is drawn in, in cells.
const (
	LeastWidth  = leastWidth
	LeastHeight = leastHeight
)

// Options set the screen up.
type Options struct {
	Market   market.Market
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
	m := &Model{ctx: ctx, opt: o, scene: newScene(&o, zone)}
	m.looks = looks{themes: o.Themes, depth: paint.TrueColour}
	if err := m.looks.choose(o.Theme); err != nil {
		return nil, err
	}
	m.kept.store, m.exporter.to = o.Memory, o.Exports
	m.clips = clipboards{ctx, o.Clipboard, o.Env}
	m.volumes.volumes = before.Volumes
	m.openPages()
	m.openPanes(&before.Lines)
	m.paint()
	if err := m.begin(&before); err != nil {
		return nil, err
	}
	for _, err := range failed {
		m.notices.insist(paint.Warn, termsafe.String(err.Error(), pathMost))
	}
	m.adopt(m.st)
	m.tick()
	return m, nil
}

// newScene is what a page can see before the feed has said anything.
func newScene(o *Options, zone *format.Zone) *scene {
	s := &scene{
		st: o.Market.State(), clock: o.Market.Clock(), now: o.Market.Clock().Now(), wall: time.Now, contracts: o.Market.Contracts(),
		follows: new(followed), rules: o.Rules, zone: zone, keys: o.Keys, quiet: o.Still, fps: o.FPS,
	}
	s.shown = s.keys
	if o.ASCII {
		s.shown = s.keys.Spelled()
	}
	return s
}

// openPages makes the pages, in the order in which `v` goes through them.
func (m *Model) openPages() {
	m.pull = newPull(m.scene, m.opt.Market.Rows(), m.opt.Interval, m.opt.MaxRows)
	m.desk.feed = m.opt.Market.Seat()
	m.accounts = &accounts{feed: m.desk.feed}
	m.tape = newTapePage(m.scene, m.pull)
	m.tape.share.tailArgs = m.opt.TailArgs
	m.chain = newContractsPage(m.scene, m.accounts)
	m.pages = pageList{
		m.tape,
		m.chain,
		newTickersPage(m.scene, m.accounts, m.volumes.volumes),
		newHeatPage(m.scene, m.accounts),
	}
	m.page = m.tape
	m.details = details{scene: m.scene, pull: m.pull, accounts: m.accounts, pins: &m.tape.pins}
}

// openPanes makes the panes.
func (m *Model) openPanes(past *memory.Lines) {
	at := func(place string) simple { return simple{scene: m.scene, where: place} }
	typed := func(place string, past []string) typed { return typed{simple: at(place), Line: line.New(past)} }
	m.line = &filterLine{typed: typed(keys.InFilter, past.Filters)}
	m.command = &commandLine{typed: typed(keys.InCommand, past.Commands), about: about{scene: m.scene, tape: m.tape, themes: m.opt.Themes}}
	m.picker = &picker{typed: typed(keys.InPicker, nil)}
	m.messages = &messages{simple: at(keys.InMessages), log: m.opt.Log}
	m.help = &help{simple: at(keys.InHelp), version: m.opt.Version}
	m.panes = []pane{
		m.line,
		m.command,
		m.picker,
		m.messages,
		&findLine{typed: typed(keys.InFind, nil), find: &m.tape.find},
		m.help,
	}
	m.notices.heard = m.messages.add
}

// begin takes over what earlier runs kept, and says what there is to say.
func (m *Model) begin(before *memory.Remembered) (err error) {
	o := &m.opt
	m.tape.pins.restore(before.Pins)
	if symbols := m.tape.pins.symbols(); m.desk.feed != nil && len(symbols) > 0 {
		m.desk.feed.Know(symbols)
	}
	if m.tape.tabs.chosen, err = table.HiddenBut(o.Columns); err != nil {
		return err
	}
	m.tape.regroup()
	m.follows.follow(o.Tickers)
	m.tape.openTabs(o.Tabs, before.Tabs, before.Choices.Tab)
	if m.tape.list.sortAs(before.Choices.Sort) {
		m.tape.table.following = m.tape.list.followsNewest()
	}
	if p := m.pages.named(before.Choices.View); p != nil {
		m.page = p
		p.enter("")
	}
	m.kept.began = m.choices()
	if o.Filter != "" {
		lens := &m.tape.lens
		if lens.filter, err = m.parse(o.Filter); err != nil {
			return fmt.Errorf("filter %q: %w", o.Filter, err)
		}
		if text := lens.filter.neverText(); text != "" {
			m.notices.say(paint.Warn, "no row can match the filter"+text)
		}
	}
	m.tape.list.take(m.tape.tabs.taken(m.tape.lens.filter))
	if o.NoKey {
		m.notices.add(notice{ink: paint.Accent, sticky: true, text: noKeyText, brief: noKeyBrief})
	}
	for _, w := range o.Warnings {
		m.notices.insist(paint.Warn, w)
	}
	return nil
}
