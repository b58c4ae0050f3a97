// Package act says what the screen is to do, as values. A page, a pane or a
// command returns them; the screen's model alone carries them out, in order,
// until one is refused.
package act

import (
	"time"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// Effect is one of the types below.
type Effect interface{ effect() }

// What is said in the footer.
type (
	// Say waits in line.
	Say struct {
		Ink  paint.Ink
		Text string
	}
	// Answer takes the place of what came of the key before.
	Answer struct {
		Ink  paint.Ink
		Text string
	}
)

// What has the keys, and what is in front.
type (
	// Press does an action as if its key was pressed.
	Press struct{ Action keys.Action }
	// OpenPane gives a pane the keys.
	OpenPane struct {
		Place string // where its keys work
		Text  string // to begin with, in a line
	}
	// ClosePane gives them back to the page.
	ClosePane struct{}
	// ShowPage brings a page to the front, unless it is there.
	ShowPage struct{ Name string }
	// NextPage goes round the pages.
	NextPage struct{}
	// Drill goes to some contracts; esc comes back.
	Drill struct{ To Narrowing }
	// ComeBack goes to the page that was drilled down from.
	ComeBack struct{ To string }
	// Resume goes on with a page as it was left.
	Resume struct{ To string }
	// OpenDetails shows the details of what the page's cursor is on, or closes them.
	OpenDetails struct{}
	// CloseDetails closes them.
	CloseDetails struct{}
	// NoDetails says that there are none, and how they are opened.
	NoDetails struct{}
)

// What is about rows.
type (
	// Sort sorts the page by a column's name.
	Sort struct{ Column string }
	// Filter puts a filter in force on the page.
	Filter struct{ Text string }
	// Find marks the rows that say so.
	Find struct{ Text string }
	// Join joins windows by another interval.
	Join struct{ By burst.Interval }
	// Floor is the premium in dollars from which bursts are shown.
	Floor struct {
		Ticker string // "" is all
		Amount float64
	}
	// ToTab brings a tab to the front, the first being 0.
	ToTab struct{ At int }
	// StepTab goes round the tabs.
	StepTab struct{ By int }
	// SaveTab makes what is shown a tab.
	SaveTab struct{ Name string }
	// ForgetTab takes a saved one away.
	ForgetTab struct{ Name string }
	// EditTab changes the filter of the tab in front in the filter line.
	EditTab struct{}
	// ChangeTab changes what the tab in front is.
	ChangeTab struct {
		What TabChange
		Text string
	}
	// Columns are those that the page shows, by name and in order; none are those of
	// the settings.
	Columns struct{ Names []string }
	// TogglePin pins the selected contract, or takes it away.
	TogglePin struct{}
	// Unpin takes all of them away.
	Unpin struct{}
	// Repinned takes over that other contracts are pinned.
	Repinned struct{}
)

// TabChange is what of a tab is changed.
type TabChange uint8

// What can be changed, and what the text is of each.
const (
	TabFilter TabChange = iota // the filter
	TabName                    // the name
	TabBell                    // on, off; "" the other of the two
	TabReset                   // nothing: all is as in the settings
)

// What the feed is asked.
type (
	// Follow replaces the underlyings followed.
	Follow struct{ Tickers []string }
	// LookUp asks whether an underlying exists. Gen comes back with the answer.
	LookUp struct {
		Gen    int
		Symbol string
	}
	// ReadDay asks for a contract's day, after a rest, unless another is asked for
	// meanwhile. Gen comes back with the answer.
	ReadDay struct {
		Gen  int
		ID   model.ContractID
		Rest time.Duration
	}
	// LeaveDay wants none any more.
	LeaveDay struct{}
	// Poll asks REST now.
	Poll struct{}
	// Window changes the width of the windows of trades.
	Window struct{ Span model.Span }
	// AutoRefresh has the feed connect by itself, or not.
	AutoRefresh struct{ On bool }
)

// How a recording is played.
type (
	// Pause has it stand still, or go on.
	Pause struct{}
	// Skip goes on, or back.
	Skip struct{ By time.Duration }
	// Seek goes to a time of day.
	Seek struct{ Clock time.Duration }
	// Faster multiplies the rate.
	Faster struct{ By float64 }
	// Speed sets it.
	Speed struct{ Rate float64 }
)

// How the screen and the program are to be.
type (
	// Theme changes the colours.
	Theme struct{ Name string }
	// FPS is how many frames of data a second there are at most.
	FPS struct{ N int }
	// Zone is in which times are shown.
	Zone struct{ Name string }
	// Mouse takes the mouse, or leaves it to the terminal.
	Mouse struct{ On bool }
	// Still has nothing move by itself.
	Still struct{ On bool }
	// Calm changes one line at a time.
	Calm struct{ On bool }
	// Redraw draws all anew.
	Redraw struct{}
	// Suspend stops the program until it is continued.
	Suspend struct{}
	// Quit ends the program.
	Quit struct{}
	// Interrupt ends it as ctrl+c does.
	Interrupt struct{}
)

// What leaves the program, and what the next run goes on from.
type (
	// CopyContract copies the symbol of the selected contract.
	CopyContract struct{}
	// Copy hands a text to the clipboards.
	Copy struct{ Text, What string } // What is the text in short
	// Export writes the rows to a file.
	Export struct {
		Name string // of the file, "" to choose one
		Over bool   // a file that is there may be written over
	}
	// Keep has something remembered.
	Keep struct{ Item memory.Item }
	// KeepTabs has the saved tabs remembered.
	KeepTabs struct{}
	// KeepPins has the pinned contracts remembered.
	KeepPins struct{}
	// KeepLines has the lines typed remembered.
	KeepLines struct{}
	// Remember brings a command back later, by ↑: it could be carried out.
	Remember struct{ Text string }
)

// One is a single effect.
func One(e Effect) []Effect { return []Effect{e} }

// Tell says what came of a key.
func Tell(i paint.Ink, text string) []Effect { return One(Answer{i, text}) }
