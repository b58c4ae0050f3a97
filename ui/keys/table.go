// Package keys says which key does what: the actions, the keys that are bound to
// them in each place, and what the footer, the help, `optflow keys` and the README
// say about them. Whoever wants other keys changes the bindings.
package keys

import (
	"strings"

	"charm.land/bubbles/v2/key"
)

// Where a key works.
const (
	InTape     = "tape"
	InReplay   = "replay" // over those of the tape
	InFilter   = "filter line"
	InFind     = "find line"
	InPicker   = "ticker picker"
	InHelp     = "help"
	InHelpFind = "help search"
	InMessages = "messages"
	InCommand  = "command line"
	InColumns  = "columns"
	InSort     = "sort menu"
	InRule     = "alert box"
)

// Key is one action in one place. The help of its binding is the line that the
// help screen has of it.
type Key struct {
	Where  string
	Action Action
	Name   string // by which the config file changes its keys; "" for one that keeps them
	Hint   string // a word or two for the footer; "" is not shown there
	Late   bool   // came after others had bound keys of their own: gives way to them
	key.Binding
}

// table lists the keys that work, in the order in which the footer offers them
// and the help screen explains them. One that is shown by nothing and has a hint
// is the second half of the line before it. One without a hint as well is a habit
// of the fingers: no list names it, and it gives way to what a user binds.
var table = []Key{
	{Where: InTape, Action: Filter, Name: "filter", Hint: "filter", Binding: bind("filter the rows, applied while typing", "/")},
	{Where: InTape, Action: Only, Name: "only", Hint: "only", Binding: bind("only rows like the cell under the column cursor (at first the ticker), written into the filter", "f")},
	{Where: InTape, Action: Hide, Name: "hide", Hint: "hide", Binding: bind("hide rows like that cell, written into the filter", "x")},
	{Where: InTape, Action: Tickers, Name: "tickers", Hint: "tickers", Binding: bind("choose the tickers to follow", "t")},
	{Where: InTape, Action: Interval, Name: "interval", Hint: "interval", Binding: bind("interval of a burst: single windows, 10s, 1m, 5m, 30m", "i")},
	{Where: InTape, Action: Sort, Name: "sort", Hint: "sort", Binding: bind("sort by the column under the cursor; again: reverse", "s")},
	{Where: InTape, Action: SortMenu, Name: "sort-menu", Late: true, Binding: bind("sort by any column: the letter before it; again: reverse", "S")},
	{Where: InTape, Action: View, Name: "view", Hint: "view", Binding: bind("view: Tape, Contracts, Tickers, Heat map", "v")},
	{Where: InTape, Action: Freeze, Name: "freeze", Hint: "freeze", Binding: bind("freeze the picture and keep collecting; again: go on", "space")},
	{Where: InTape, Action: Open, Name: "open", Hint: "open", Binding: bindAs("⏎", "open: a ticker's contracts, a contract's details, which follow the cursor; again or esc: close, back in place", "enter")},
	{Where: InTape, Action: Calls, Name: "calls", Hint: "calls", Binding: bind("calls only, written into the filter; again: both", "c")},
	{Where: InTape, Action: Puts, Name: "puts", Hint: "puts", Binding: bind("puts only, written into the filter; again: both", "p")},
	{Where: InTape, Action: Clear, Name: "clear", Hint: "clear", Binding: bind("clear the filter", "F")},
	{Where: InTape, Action: Help, Name: "help", Hint: "help", Binding: bindAs("?", "this help", "?", "f1")},
	{Where: InTape, Action: Down, Name: "down", Binding: bind("next row; the tape holds still", "j", "down")},
	{Where: InTape, Action: Up, Name: "up", Binding: bind("previous row; on the newest the tape follows", "k", "up")},
	{Where: InTape, Action: PageDown, Name: "page-down", Binding: bind("a page down", "pgdown")},
	{Where: InTape, Action: PageUp, Name: "page-up", Binding: bind("a page up", "pgup")},
	{Where: InTape, Action: HalfDown, Name: "half-page-down", Binding: bind("half a page down", "ctrl+d")},
	{Where: InTape, Action: HalfUp, Name: "half-page-up", Binding: bind("half a page up", "ctrl+u")},
	{Where: InTape, Action: Newest, Name: "newest", Binding: bind("newest row, and follow; in a sorted view the first", "g", "home")},
	{Where: InTape, Action: Oldest, Name: "oldest", Binding: bind("oldest row; in a sorted view the last", "G", "end")},
	{Where: InTape, Action: Right, Name: "next-column", Binding: bind("next column; columns that do not fit scroll in", "l", "right")},
	{Where: InTape, Action: Left, Name: "previous-column", Binding: bind("previous column", "h", "left")},
	{Where: InTape, Action: Columns, Name: "columns", Late: true, Binding: bind("columns: which are shown and in what order, remembered for each tab and view", "C")},
	{Where: InTape, Action: EditTab, Name: "tab-filter", Late: true, Binding: bind("change the tab's own filter; :tab renames it, rings, resets it", "T")},
	{Where: InTape, Action: Undo, Name: "undo", Binding: bind("undo the last change of the filter", "u")},
	{Where: InTape, Action: Find, Name: "find", Binding: bind("find without hiding: words of a row, or a filter; the hits are marked *", "ctrl+f")},
	{Where: InTape, Action: FindNext, Name: "next-hit", Binding: bind("next hit", "n")},
	{Where: InTape, Action: FindPrevious, Name: "previous-hit", Binding: bind("previous hit", "N")},
	{Where: InTape, Action: Zoom, Name: "enlarge", Binding: bind("enlarge the details; again: back beside the rows", "z")},
	{Where: InTape, Action: DetailsDown, Name: "details-down", Late: true, Binding: bind("scroll the details a line down; j and k walk rows with them open", "J")},
	{Where: InTape, Action: DetailsUp, Name: "details-up", Late: true, Binding: bind("scroll the details a line up", "K")},
	{Where: InTape, Action: DetailsPageDown, Name: "details-page-down", Late: true, Binding: bind("scroll the details a page down", "}")},
	{Where: InTape, Action: DetailsPageUp, Name: "details-page-up", Late: true, Binding: bind("scroll the details a page up", "{")},
	{Where: InTape, Action: NextMark, Name: "next-mark", Binding: bind("next marked row; in the heat map the next ticker", "]")},
	{Where: InTape, Action: PreviousMark, Name: "previous-mark", Binding: bind("previous marked row; in the heat map the previous ticker", "[")},
	{Where: InTape, Action: Pin, Name: "pin", Binding: bind("pin the contract above the tape; again: take it away", "w")},
	{Where: InTape, Action: CopyContract, Name: "copy-contract", Binding: bind("copy the contract's symbol", "y")},
	{Where: InTape, Action: CopyRow, Name: "copy-row", Binding: bind("copy the row as a line of text", "Y")},
	{Where: InTape, Action: CopyCommand, Name: "copy-view", Binding: bind("copy this view as an optflow tail command line", "ctrl+g")},
	{Where: InTape, Action: Export, Name: "export", Binding: bind("export the rows as filtered and sorted to a CSV file; :export FILE.json for JSON", "e")},
	{Where: InTape, Action: Tab, Binding: bindAs("1-9", "the tab of that number: a saved filter with its own line, sort and columns", "1", "2", "3", "4", "5", "6", "7", "8", "9")},
	{Where: InTape, Action: NextTab, Name: "next-tab", Binding: bind("next tab", "tab")},
	{Where: InTape, Action: PreviousTab, Name: "previous-tab", Binding: bind("previous tab", "shift+tab")},
	{Where: InTape, Action: NewAlert, Name: "alert", Late: true, Binding: bind("alert: a rule of the filter or the row, and how often it would have fired", "a")},
	{Where: InTape, Action: Inbox, Name: "alerts", Late: true, Binding: bind("alerts that fired, and what became of them; esc comes back", "A")},
	{Where: InTape, Action: Ledger, Name: "ledger", Late: true, Binding: bind("ledger: what came of the alerts, beside what did not match; esc comes back", "L")},
	{Where: InTape, Action: Mute, Name: "mute", Late: true, Binding: bind("in the alerts: mute the rule for an hour; again: no more", "M")},
	{Where: InTape, Action: Poll, Name: "poll", Binding: bind("poll now; after a refusal: try again; in the details: read the day again", "r")},
	{Where: InTape, Action: Messages, Name: "messages", Binding: bind("messages: what was said here, and how the feed fared", "m")},
	{Where: InTape, Action: Command, Name: "command", Hint: "do", Binding: bind("command line: all that has a key or a setting; tab completes", ":")},
	{Where: InTape, Action: Redraw, Name: "redraw", Binding: bind("redraw the screen", "ctrl+l")},
	{Where: InTape, Action: Suspend, Name: "suspend", Binding: bind("suspend; fg comes back", "ctrl+z")},
	{Where: InTape, Action: Escape, Name: "escape", Binding: bind("close the innermost thing, then follow again; never quits", "esc")},
	{Where: InTape, Action: Close, Name: "close", Hint: "quit", Binding: bind("close a pane; at the top quit", "q")},
	{Where: InTape, Action: Quit, Name: "quit", Binding: bind("quit, anywhere", "ctrl+c")},

	{Where: InReplay, Action: PlayPause, Name: "pause", Hint: "pause", Late: true, Binding: bind("stand still; again: go on", "space")},
	{Where: InReplay, Action: PlayBack, Name: "back", Hint: "-10s", Late: true, Binding: bind("10 seconds back", ",")},
	{Where: InReplay, Action: PlayOn, Name: "on", Hint: "+10s", Late: true, Binding: bind("10 seconds on", ".")},
	{Where: InReplay, Action: PlayMinuteBack, Name: "minute-back", Late: true, Binding: bind("a minute back", "<")},
	{Where: InReplay, Action: PlayMinuteOn, Name: "minute-on", Late: true, Binding: bind("a minute on", ">")},
	{Where: InReplay, Action: PlayFaster, Name: "faster", Hint: "faster", Late: true, Binding: bind("twice as fast, up to 600x; :speed says any, and max", "+")},
	{Where: InReplay, Action: PlaySlower, Name: "slower", Hint: "slower", Late: true, Binding: bind("half as fast, down to 1/4x", "-")},

	{Where: InFilter, Action: Accept, Name: "filter-keep", Hint: "keep", Binding: bind("keep the filter", "enter")},
	{Where: InFilter, Action: Leave, Name: "filter-drop", Hint: "drop", Binding: bind("drop the changes", "esc")},
	{Where: InFilter, Action: Complete, Name: "filter-complete", Hint: "complete", Binding: bind("complete the word", "tab")},
	{Where: InFilter, Action: Earlier, Hint: "earlier", Binding: bindAs("↑ ↓", "earlier filters, of those that have what was typed in them; ctrl+r searches them", "up")},
	{Where: InFilter, Action: Later, Hint: "earlier", Binding: bindAs("", "earlier filters, of those that have what was typed in them; ctrl+r searches them", "down")},
	{Where: InFilter, Action: Search, Binding: quiet("ctrl+r")},
	{Where: InFilter, Action: CompleteBack, Binding: quiet("shift+tab")},
	{Where: InFilter, Action: PageUp, Binding: quiet("pgup")},
	{Where: InFilter, Action: PageDown, Binding: quiet("pgdown")},

	{Where: InFind, Action: Accept, Name: "find-stay", Hint: "stay", Binding: bind("stay on the hit; n and N go on", "enter")},
	{Where: InFind, Action: FindNext, Hint: "next", Binding: bindAs("↓ ↑", "next hit, previous hit", "down")},
	{Where: InFind, Action: FindPrevious, Hint: "next", Binding: bindAs("", "next hit, previous hit", "up")},
	{Where: InFind, Action: Leave, Name: "find-back", Hint: "back", Binding: bind("end the search, back to where it began", "esc")},
	{Where: InFind, Action: FindNext, Binding: quiet("ctrl+n")},
	{Where: InFind, Action: FindPrevious, Binding: quiet("ctrl+p")},
	{Where: InFind, Action: Earlier, Binding: quiet("ctrl+f")},

	{Where: InPicker, Action: Check, Name: "picker-check", Hint: "check", Binding: bind("follow the ticker, or stop following it; what was typed is added, and the line is free for the next", "space")},
	{Where: InPicker, Action: Accept, Name: "picker-apply", Hint: "apply", Binding: bind("apply, with what was typed", "enter")},
	{Where: InPicker, Action: Leave, Name: "picker-leave", Hint: "leave", Binding: bind("leave as it was", "esc")},
	{Where: InPicker, Action: Up, Hint: "move", Binding: bindAs("↑ ↓", "move; type to search or to add, @ for lists", "up")},
	{Where: InPicker, Action: Down, Hint: "move", Binding: bindAs("", "move; type to search or to add, @ for lists", "down")},
	{Where: InPicker, Action: Up, Binding: quiet("ctrl+p")},
	{Where: InPicker, Action: Down, Binding: quiet("ctrl+n")},
	{Where: InPicker, Action: PageUp, Binding: quiet("pgup")},
	{Where: InPicker, Action: PageDown, Binding: quiet("pgdown")},

	{Where: InHelp, Action: Down, Hint: "move", Binding: bindAs("j k ↓ ↑", "move; pages as in the tape", "j", "down")},
	{Where: InHelp, Action: Up, Hint: "move", Binding: bindAs("", "move; pages as in the tape", "k", "up")},
	{Where: InHelp, Action: Accept, Name: "help-do", Hint: "do", Binding: bind("do what the line says; a command is begun in the command line", "enter")},
	{Where: InHelp, Action: Find, Name: "help-find", Hint: "find", Binding: bind("search the help; the hits are marked *, esc ends the search", "/")},
	{Where: InHelp, Action: FindNext, Name: "help-next", Hint: "next", Binding: bindAs("n N", "next hit, previous hit", "n")},
	{Where: InHelp, Action: FindPrevious, Hint: "next", Binding: bindAs("", "next hit, previous hit", "N")},
	{Where: InHelp, Action: Leave, Name: "help-close", Hint: "close", Binding: bindAs("esc q", "close", "esc", "q", "?")},
	{Where: InHelp, Action: Leave, Binding: quiet("f1")},
	{Where: InHelp, Action: PageDown, Binding: quiet("pgdown", "space", "ctrl+f")},
	{Where: InHelp, Action: PageUp, Binding: quiet("pgup", "ctrl+b")},
	{Where: InHelp, Action: HalfDown, Binding: quiet("ctrl+d")},
	{Where: InHelp, Action: HalfUp, Binding: quiet("ctrl+u")},
	{Where: InHelp, Action: Newest, Binding: quiet("g", "home")},
	{Where: InHelp, Action: Oldest, Binding: quiet("G", "end")},

	{Where: InHelpFind, Action: Accept, Name: "help-find-stay", Hint: "stay", Binding: bind("stay on the hit; n and N go on", "enter")},
	{Where: InHelpFind, Action: FindNext, Hint: "next", Binding: bindAs("↓ ↑", "next hit, previous hit", "down")},
	{Where: InHelpFind, Action: FindPrevious, Hint: "next", Binding: bindAs("", "next hit, previous hit", "up")},
	{Where: InHelpFind, Action: Leave, Name: "help-find-back", Hint: "back", Binding: bind("end the search, back to where it began", "esc")},

	{Where: InMessages, Action: Down, Hint: "scroll", Binding: bindAs("j k ↓ ↑", "scroll; pages as in the tape", "j", "down")},
	{Where: InMessages, Action: Up, Hint: "scroll", Binding: bindAs("", "scroll; pages as in the tape", "k", "up")},
	{Where: InMessages, Action: Leave, Name: "messages-close", Hint: "close", Binding: bind("close", "esc", "q", "m")},
	{Where: InMessages, Action: PageDown, Binding: quiet("pgdown", "space", "ctrl+f")},
	{Where: InMessages, Action: PageUp, Binding: quiet("pgup", "ctrl+b")},
	{Where: InMessages, Action: HalfDown, Binding: quiet("ctrl+d")},
	{Where: InMessages, Action: HalfUp, Binding: quiet("ctrl+u")},
	{Where: InMessages, Action: Newest, Binding: quiet("g", "home")},
	{Where: InMessages, Action: Oldest, Binding: quiet("G", "end")},

	{Where: InCommand, Action: Accept, Name: "command-do", Hint: "do", Binding: bind("do it", "enter")},
	{Where: InCommand, Action: Complete, Name: "command-complete", Hint: "complete", Binding: bind("complete the word", "tab")},
	{Where: InCommand, Action: Earlier, Hint: "earlier", Binding: bindAs("↑ ↓", "earlier commands, of those that have what was typed in them; ctrl+r searches them", "up")},
	{Where: InCommand, Action: Later, Hint: "earlier", Binding: bindAs("", "earlier commands, of those that have what was typed in them; ctrl+r searches them", "down")},
	{Where: InCommand, Action: Leave, Name: "command-leave", Hint: "leave", Binding: bind("leave", "esc")},
	{Where: InCommand, Action: Search, Binding: quiet("ctrl+r")},
	{Where: InCommand, Action: CompleteBack, Binding: quiet("shift+tab")},

	{Where: InColumns, Action: Check, Name: "columns-show", Hint: "show", Binding: bind("show the column, or leave it out", "space")},
	{Where: InColumns, Action: MoveDown, Name: "columns-down", Hint: "move it", Binding: bindAs("J", "move the column down: to the right on the screen", "J", "shift+down")},
	{Where: InColumns, Action: MoveUp, Name: "columns-up", Hint: "move it", Binding: bindAs("K", "move the column up: to the left on the screen", "K", "shift+up")},
	{Where: InColumns, Action: Reset, Name: "columns-reset", Hint: "reset", Binding: bind("as the settings have them", "r")},
	{Where: InColumns, Action: Accept, Name: "columns-keep", Hint: "keep", Binding: bind("keep them, for the next run too", "enter")},
	{Where: InColumns, Action: Leave, Name: "columns-leave", Hint: "leave", Binding: bind("leave them as they were", "esc", "q")},
	{Where: InColumns, Action: Down, Hint: "next", Binding: bindAs("j k ↓ ↑", "next column, previous column", "j", "down")},
	{Where: InColumns, Action: Up, Hint: "next", Binding: bindAs("", "next column, previous column", "k", "up")},
	{Where: InColumns, Action: PageDown, Binding: quiet("pgdown")},
	{Where: InColumns, Action: PageUp, Binding: quiet("pgup")},
	{Where: InColumns, Action: Newest, Binding: quiet("g", "home")},
	{Where: InColumns, Action: Oldest, Binding: quiet("G", "end")},
	{Where: InColumns, Action: Leave, Binding: quiet("C")},

	{Where: InSort, Action: Leave, Name: "sort-leave", Hint: "leave", Binding: bind("leave; a letter sorts by the column behind it, again: reverses", "esc")},
	{Where: InSort, Action: Leave, Binding: quiet("S")},

	{Where: InRule, Action: Accept, Name: "alert-save", Hint: "save", Binding: bind("save the rule: it is in force, and in later runs", "enter")},
	{Where: InRule, Action: Down, Hint: "next", Binding: bindAs("tab", "the next line", "tab")},
	{Where: InRule, Action: Earlier, Hint: "other", Binding: bindAs("↑ ↓", "something else there: the filter in force, the row; what other rules have", "up")},
	{Where: InRule, Action: Later, Hint: "other", Binding: bindAs("", "something else there: the filter in force, the row; what other rules have", "down")},
	{Where: InRule, Action: Leave, Name: "alert-leave", Hint: "leave", Binding: bind("leave without a rule", "esc")},
	{Where: InRule, Action: Up, Binding: quiet("shift+tab")},
}

// bind is a binding that is shown by the names of its keys.
func bind(does string, names ...string) key.Binding { return bindAs(shown(names), does, names...) }

// bindAs is a binding that is shown in another way.
func bindAs(show, does string, names ...string) key.Binding {
	return key.NewBinding(key.WithKeys(names...), key.WithHelp(show, does))
}

// quiet is a binding for the habits of fingers.
func quiet(names ...string) key.Binding { return key.NewBinding(key.WithKeys(names...)) }

// shown is how the names of keys are printed.
func shown(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = Show(name)
	}
	return strings.Join(out, " ")
}

// listed reports whether the lists of keys name it.
func (k *Key) listed() bool { return k.Help().Key != "" }

// habit reports whether it gives way to what a user binds.
func (k *Key) habit() bool { return !k.listed() && k.Hint == "" }

// called is how a clash names an action and one of its keys.
func (k *Key) called(name string) string {
	switch {
	case k.Action == Tab:
		return "tab " + name
	case k.Name == "":
		return k.Hint + " in the " + k.Where
	}
	return k.Name
}

// list is a table as it is shown: two halves of one line are one.
func list(table []Key) (out []Key) {
	for _, k := range table {
		switch {
		case k.listed():
			out = append(out, k)
		case !k.habit():
			last := &out[len(out)-1]
			last.SetKeys(append(last.Keys()[:len(last.Keys()):len(last.Keys())], k.Keys()...)...)
		}
	}
	return out
}

// Table lists the built-in keys.
func Table() []Key { return list(table) }
