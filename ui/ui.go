// Package ui is the screen: one tea.Model over plain structs that draw exactly
// the cells they are given.
//
// It promises that the screen pulls and never waits: it reads the tape at its
// own pace, at most Options.FPS times a second, touches its state in Update
// only, and draws the visible rows only, so that neither the number of rows
// held nor the rate of events shows in the cost of a frame. Charm's packages
// are used here and in the rooms below, and nowhere else.
//
// Model hands what comes in to the page in front (ui/page) or the pane that has
// the keys (ui/pane), and carries out what they return (ui/act).
package ui

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/burst"
	"optflow/model/market"
	"optflow/model/memory"
	"optflow/model/termsafe"
	"optflow/model/ticker"
	"optflow/ui/away"
	"optflow/ui/boards"
	"optflow/ui/details"
	"optflow/ui/format"
	"optflow/ui/keys"
	"optflow/ui/line"
	"optflow/ui/page"
	"optflow/ui/paint"
	"optflow/ui/pane"
	"optflow/ui/scene"
	"optflow/ui/table"
	"optflow/ui/terminal"
)

// The least window that the screen is drawn in, in cells: below it is a one-line
// notice.
const LeastWidth, LeastHeight = 60, 12

// Options set the screen up.
type Options struct {
	Market   market.Market
	Player   market.Player // that plays the Market; nil: it is no recording
	Said     string        // a sentence about the Market to begin with; "" none
	Rules    *model.Rules  // floors and marks; model.DefaultRules when nil
	Interval burst.Interval
	Theme    string          // of Themes, or auto; "" is auto
	Themes   *paint.Themes   // nil: the built-in ones
	Columns  []string        // names of the columns to show; none shows all that fit
	Keys     *keys.Map       // nil: the built-in keys
	ASCII    bool            // draw with ASCII only
	Memory   Memory          // nil: nothing is remembered
	Tabs     memory.Tabs     // of the settings; none: DefaultTabs
	Lists    []ticker.Named  // of tickers, by name
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
	Calm     bool            // one line changes at a time, and the cursor stands on it
	Exports  Exports         // nil: nothing can be exported
	Alerts   alert.Desk      // nil: there are none
	Ledger   ReadLedger      // nil: none is kept
	Past     ReadPast        // of recorded sessions; nil: volumes are noted in place of them
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

	// Signals are what alerts have to tell the terminal; nil: nothing does.
	Signals <-chan alert.Signal
	// Shown is called once, when the first frame is on the screen; nil is not.
	Shown func()
	Env   []string // of the terminal; nil is the program's in Run, none in New
	// Sizes are those of a terminal that is no file, the first for the first frame;
	// nil: the file is asked.
	Sizes  <-chan Size
	Viewer *Viewer        // who looks from elsewhere; nil: the program's own user
	Budget *boards.Budget // shared with other screens of the process; nil: there are none
	Boards *boards.Boards // bursts shared with them; nil: this screen joins its own
}

// defaultFPS is how many times a second data reaches the screen.
const defaultFPS = 10

// New returns the screen's model, for tea.NewProgram or Run. The context ends
// what it waits for. A wrong filter or time zone is an error.
func New(ctx context.Context, o Options) (*Model, error) {
	o = o.Viewer.lend(o)
	zone, err := format.NewZone(o.TimeZone)
	if err != nil {
		return nil, err
	}
	o.Rules = cmp.Or(o.Rules, model.DefaultRules())
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
	if o.Player != nil {
		o.Keys = o.Keys.Replay()
	}
	o.Theme = cmp.Or(o.Theme, paint.Auto)
	var before memory.Remembered
	var failed []error
	if o.Memory != nil {
		before, failed = o.Memory.Recall()
	}
	m := &Model{ctx: ctx, opt: o, Scene: newScene(&o, zone)}
	m.looks = looks{themes: o.Themes, depth: paint.TrueColour}
	if err := m.looks.choose(o.Theme); err != nil {
		return nil, err
	}
	m.kept.store, m.exporter.to = o.Memory, o.Exports
	m.replay.player, m.told.then = o.Player, o.Player != nil
	m.clips = clipboards{ctx, o.Clipboard, o.Env}
	m.volumes = volumeNotes{volumes: before.Volumes, others: o.Viewer != nil || o.Player != nil || o.Past != nil}
	if err := m.openPages(); err != nil {
		return nil, err
	}
	m.openPanes(&before.Lines)
	if o.Calm {
		beCalm(m, true)
	}
	m.paint()
	if err := m.begin(&before); err != nil {
		m.pull.Leave()
		return nil, err
	}
	for _, err := range failed {
		m.notices.insist(paint.Warn, termsafe.String(err.Error(), pathMost))
	}
	m.adopt(m.State)
	m.tick()
	return m, nil
}

// newScene is what a page can see before the feed has said anything.
func newScene(o *Options, zone *format.Zone) *scene.Scene {
	s := &scene.Scene{
		State: o.Market.State(), Clock: o.Market.Clock(), Now: o.Market.Clock().Now(), Wall: time.Now, Contracts: o.Market.Contracts(),
		Follows: new(scene.Followed), Rules: o.Rules, Zone: zone, Lists: o.Lists, Keys: o.Keys, Quiet: o.Still, FPS: o.FPS, Shared: o.Budget.Pause,
		TailArgs: o.TailArgs,
	}
	s.Shown = s.Keys
	if o.ASCII {
		s.Shown = s.Keys.Spelled()
	}
	return s
}

// openPages makes the pages, in the order in which `v` goes through them.
func (m *Model) openPages() (err error) {
	m.desk.feed = m.opt.Market.Seat()
	if m.pull, err = page.NewPull(m.Scene, m.opt.Market, m.desk.feed, m.opt.Boards, m.opt.Interval, m.opt.MaxRows); err != nil {
		return err
	}
	m.accounts = &page.Accounts{Feed: m.desk.feed}
	m.pull.Played = m.opt.Player != nil
	m.tape = page.NewTape(m.Scene, m.pull)
	m.alerts = openAlerts(m.Scene, m.opt.Alerts)
	beside := new(page.Way)
	m.ledger = page.NewLedger(m.Scene, beside)
	m.chain = page.NewContracts(m.Scene, m.accounts)
	m.pages = page.PageList{
		m.tape,
		m.chain,
		page.NewTickers(m.Scene, m.accounts, m.volumes.volumes),
		page.NewHeat(m.Scene, m.accounts),
		page.NewInbox(m.Scene, beside, m.alerts.see),
		m.ledger,
	}
	m.page = m.tape
	m.details = details.Details{Scene: m.Scene, Pull: m.pull, Accounts: m.accounts, Pins: &m.tape.Pins, Rest: details.RestTime}
	m.away = away.New(m.Scene, m.tape)
	m.away.Off = m.opt.Player != nil
	return nil
}

func (m *Model) openPanes(past *memory.Lines) {
	at := func(place string) pane.Simple { return pane.Simple{Scene: m.Scene, Where: place} }
	typed := func(place string, past []string) pane.Typed {
		return pane.Typed{Simple: at(place), Line: line.New(past)}
	}
	m.line = &pane.FilterLine{Typed: typed(keys.InFilter, past.Filters)}
	m.command = &pane.CommandLine{Typed: typed(keys.InCommand, past.Commands), About: pane.About{Scene: m.Scene, Tape: m.tape, Themes: m.opt.Themes}}
	m.picker = &pane.Picker{Typed: typed(keys.InPicker, nil)}
	m.messages = &pane.Messages{Simple: at(keys.InMessages), Log: m.opt.Log}
	m.help = &pane.Help{Simple: at(keys.InHelp), Version: m.opt.Version}
	m.ruleBox = &pane.RuleBox{Simple: at(keys.InRule), Judge: m.alerts.judge}
	m.panes = []pane.Pane{
		m.line,
		m.command,
		m.picker,
		m.messages,
		&pane.FindLine{Typed: typed(keys.InFind, nil), Find: &m.tape.Find},
		m.help,
		&pane.SortMenu{Simple: at(keys.InSort)},
		&pane.ColumnsBox{Simple: at(keys.InColumns)},
		m.ruleBox,
	}
	m.notices.heard = m.messages.Add
}

// begin takes over what earlier runs kept, and says what there is to say.
func (m *Model) begin(before *memory.Remembered) (err error) {
	o := &m.opt
	m.tape.Pins.Restore(before.Pins)
	if symbols := m.tape.Pins.Symbols(); m.desk.feed != nil && len(symbols) > 0 {
		m.desk.feed.Know(symbols)
	}
	if m.tape.Tabs.Chosen, err = table.Choose(table.Tape, o.Columns); err != nil {
		return err
	}
	for _, p := range m.pages {
		if p, is := p.(page.Columned); is && p != page.Page(m.tape) {
			_ = p.Choose(before.Choices.Columns[strings.ToLower(p.Name())]) // names that are none now leave the page as it is
		}
	}
	m.tape.Regroup()
	m.Follows.Follow(o.Tickers)
	m.tape.OpenTabs(o.Tabs, before.Tabs, before.Choices.Tab)
	ring(m)
	if m.tape.List.SortAs(before.Choices.Sort) {
		m.tape.Table.Following = m.tape.List.FollowsNewest()
	}
	if p := m.pages.Named(before.Choices.View); p != nil {
		m.page = p
		p.Enter("")
	}
	for _, tab := range before.Tabs {
		if _, err := ticker.Find(o.Lists, ticker.AtName(tab.Name)); err == nil {
			m.notices.insist(paint.Warn, fmt.Sprintf("the saved tab %s has the name of a list in [lists]: @%s is the list", tab.Name, ticker.AtName(tab.Name)))
		}
	}
	m.kept.began = m.choices()
	if o.Filter != "" {
		lens := &m.tape.Lens
		if lens.Filter, err = m.Parse(o.Filter); err != nil {
			return fmt.Errorf("filter %q: %w", o.Filter, err)
		}
		if text := lens.Filter.NeverText(); text != "" {
			m.notices.say(paint.Warn, "no row can match the filter"+text)
		}
	}
	m.tape.List.Take(m.tape.Tabs.Taken(m.tape.Lens.Filter))
	m.tape.Reread()
	if o.NoKey {
		m.notices.add(notice{ink: paint.Accent, sticky: true, text: noKeyText, brief: noKeyBrief})
	}
	if o.Said != "" {
		m.notices.say(paint.Text, o.Said)
	}
	for _, w := range o.Warnings {
		m.notices.insist(paint.Warn, w)
	}
	return nil
}
