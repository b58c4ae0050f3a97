package ui

// Where a key works.
const (
	WhereTape     = "tape"
	WhereFilter   = "filter line"
	WhereFind     = "find line"
	WherePicker   = "ticker picker"
	WhereHelp     = "help"
	WhereMessages = "messages"
	WhereCommand  = "command line"
)

// Key is one line of the key table: the dispatch, the footer, the help screen,
// `optflow keys` and the README all read it.
type Key struct {
	Where string
	Keys  []string // names as a terminal library gives them: "ctrl+d", "space"
	Show  string   // how they are printed: "space", "↓"
	Does  string   // a sentence for the help screen
	Hint  string   // a word or two for the footer; "" is not shown there
	act   action
}

// action is what a key of the tape does.
type action uint8

// The actions.
const (
	actNone action = iota
	actDown
	actUp
	actPageDown
	actPageUp
	actHalfDown
	actHalfUp
	actNewest
	actOldest
	actLeft
	actRight
	actSort
	actNextMark
	actPreviousMark
	actFilter
	actClear
	actOnly
	actHide
	actUndo
	actFind
	actFindNext
	actFindPrevious
	actPin
	actCopyContract
	actCopyRow
	actCopyCommand
	actExport
	actCalls
	actPuts
	actTickers
	actInterval
	actFreeze
	actTab
	actNextTab
	actPreviousTab
	actPoll
	actCommand
	actHelp
	actMessages
	actView
	actOpen
	actZoom
	actRedraw
	actSuspend
	actEscape
	actClose
	actQuit
)

// actionNames are the actions as the config file names them.
var actionNames = [...]string{
	actNone: "", actDown: "down", actUp: "up", actPageDown: "page-down", actPageUp: "page-up", actHalfDown: "half-page-down",
	actHalfUp: "half-page-up", actNewest: "newest", actOldest: "oldest", actLeft: "previous-column", actRight: "next-column",
	actSort: "sort", actNextMark: "next-mark", actPreviousMark: "previous-mark", actFilter: "filter", actClear: "clear",
	actOnly: "only", actHide: "hide", actUndo: "undo", actFind: "find", actFindNext: "next-hit", actFindPrevious: "previous-hit",
	actPin: "pin", actCopyContract: "copy-contract", actCopyRow: "copy-row", actCopyCommand: "copy-view", actExport: "export",
	actCalls: "calls", actPuts: "puts", actTickers: "tickers", actInterval: "interval", actFreeze: "freeze", actTab: "tab", actNextTab: "next-tab", actPreviousTab: "previous-tab", actPoll: "poll",
	actCommand: "command", actHelp: "help", actMessages: "messages", actView: "view", actOpen: "open", actZoom: "enlarge",
	actRedraw: "redraw", actSuspend: "suspend", actEscape: "escape", actClose: "close", actQuit: "quit",
}

// keyTable lists the keys that work, in the order in which the footer offers
// them and the help screen explains them.
var keyTable = []Key{
	{WhereTape, []string{"/"}, "/", "filter the rows, applied while typing", "filter", actFilter},
	{WhereTape, []string{"f"}, "f", "only rows like the cell under the column cursor (at first the ticker), written into the filter", "only", actOnly},
	{WhereTape, []string{"x"}, "x", "hide rows like that cell, written into the filter", "hide", actHide},
	{WhereTape, []string{"t"}, "t", "choose the tickers to follow", "tickers", actTickers},
	{WhereTape, []string{"i"}, "i", "interval of a burst: single windows, 10s, 1m, 5m, 30m", "interval", actInterval},
	{WhereTape, []string{"s"}, "s", "sort by the column under the cursor; again: reverse", "sort", actSort},
	{WhereTape, []string{"v"}, "v", "view: Tape, Contracts, Tickers, Heat map", "view", actView},
	{WhereTape, []string{"space"}, "space", "freeze the picture and keep collecting; again: go on", "freeze", actFreeze},
	{WhereTape, []string{"enter"}, "⏎", "open: a ticker's contracts, a contract's details; esc comes back in place", "open", actOpen},
	{WhereTape, []string{"c"}, "c", "calls only, written into the filter; again: both", "calls", actCalls},
	{WhereTape, []string{"p"}, "p", "puts only, written into the filter; again: both", "puts", actPuts},
	{WhereTape, []string{"F"}, "F", "clear the filter", "clear", actClear},
	{WhereTape, []string{"?", "f1"}, "?", "this help", "help", actHelp},
	{WhereTape, []string{"j", "down"}, "j ↓", "next row; the tape holds still", "", actDown},
	{WhereTape, []string{"k", "up"}, "k ↑", "previous row; on the newest the tape follows", "", actUp},
	{WhereTape, []string{"pgdown"}, "PgDn", "a page down", "", actPageDown},
	{WhereTape, []string{"pgup"}, "PgUp", "a page up", "", actPageUp},
	{WhereTape, []string{"ctrl+d"}, "ctrl+d", "half a page down", "", actHalfDown},
	{WhereTape, []string{"ctrl+u"}, "ctrl+u", "half a page up", "", actHalfUp},
	{WhereTape, []string{"g", "home"}, "g Home", "newest row, and follow; in a sorted view the first", "", actNewest},
	{WhereTape, []string{"G", "end"}, "G End", "oldest row; in a sorted view the last", "", actOldest},
	{WhereTape, []string{"l", "right"}, "l →", "next column; columns that do not fit scroll in", "", actRight},
	{WhereTape, []string{"h", "left"}, "h ←", "previous column", "", actLeft},
	{WhereTape, []string{"u"}, "u", "undo the last change of the filter", "", actUndo},
	{WhereTape, []string{"ctrl+f"}, "ctrl+f", "find without hiding: words of a row, or a filter; the hits are marked *", "", actFind},
	{WhereTape, []string{"n"}, "n", "next hit", "", actFindNext},
	{WhereTape, []string{"N"}, "N", "previous hit", "", actFindPrevious},
	{WhereTape, []string{"z"}, "z", "enlarge the details; again: back beside the rows", "", actZoom},
	{WhereTape, []string{"]"}, "]", "next marked row; in the heat map the next ticker", "", actNextMark},
	{WhereTape, []string{"["}, "[", "previous marked row; in the heat map the previous ticker", "", actPreviousMark},
	{WhereTape, []string{"w"}, "w", "pin the contract above the tape; again: take it away", "", actPin},
	{WhereTape, []string{"y"}, "y", "copy the contract's symbol", "", actCopyContract},
	{WhereTape, []string{"Y"}, "Y", "copy the row as a line of text", "", actCopyRow},
	{WhereTape, []string{"ctrl+g"}, "ctrl+g", "copy this view as an optflow tail command line", "", actCopyCommand},
	{WhereTape, []string{"e"}, "e", "export the rows as filtered and sorted to a CSV file; :export FILE.json for JSON", "", actExport},
	{WhereTape, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, "1-9", "the tab of that number: a saved filter with its own line, sort and columns", "", actTab},
	{WhereTape, []string{"tab"}, "tab", "next tab", "", actNextTab},
	{WhereTape, []string{"shift+tab"}, "shift+tab", "previous tab", "", actPreviousTab},
	{WhereTape, []string{"r"}, "r", "poll now; after a refusal: try again; in the details: read the day again", "", actPoll},
	{WhereTape, []string{"m"}, "m", "messages: what was said here, and how the feed fared", "", actMessages},
	{WhereTape, []string{":"}, ":", "command line: all that has a key or a setting; tab completes", "do", actCommand},
	{WhereTape, []string{"ctrl+l"}, "ctrl+l", "redraw the screen", "", actRedraw},
	{WhereTape, []string{"ctrl+z"}, "ctrl+z", "suspend; fg comes back", "", actSuspend},
	{WhereTape, []string{"esc"}, "esc", "close the innermost thing, then follow again; never quits", "", actEscape},
	{WhereTape, []string{"q"}, "q", "close a pane; at the top quit", "quit", actClose},
	{WhereTape, []string{"ctrl+c"}, "ctrl+c", "quit, anywhere", "", actQuit},

	{WhereFilter, []string{"enter"}, "enter", "keep the filter", "keep", actNone},
	{WhereFilter, []string{"esc"}, "esc", "drop the changes", "drop", actNone},
	{WhereFilter, []string{"tab"}, "tab", "complete the word", "complete", actNone},
	{WhereFilter, []string{"up", "down"}, "↑ ↓", "earlier filters", "earlier", actNone},

	{WhereFind, []string{"enter"}, "enter", "stay on the hit; n and N go on", "stay", actNone},
	{WhereFind, []string{"down", "up"}, "↓ ↑", "next hit, previous hit", "next", actNone},
	{WhereFind, []string{"esc"}, "esc", "end the search, back to where it began", "back", actNone},

	{WherePicker, []string{"space"}, "space", "follow the ticker, or stop following it", "check", actNone},
	{WherePicker, []string{"enter"}, "enter", "apply", "apply", actNone},
	{WherePicker, []string{"esc"}, "esc", "leave as it was", "leave", actNone},
	{WherePicker, []string{"up", "down"}, "↑ ↓", "move; type to search", "move", actNone},

	{WhereHelp, []string{"j", "k", "down", "up"}, "j k ↓ ↑", "move; pages as in the tape", "move", actNone},
	{WhereHelp, []string{"enter"}, "enter", "do what the line says; a command is begun in the command line", "do", actNone},
	{WhereHelp, []string{"esc", "q", "?"}, "esc q", "close", "close", actNone},

	{WhereMessages, []string{"j", "k", "down", "up"}, "j k ↓ ↑", "scroll; pages as in the tape", "scroll", actNone},
	{WhereMessages, []string{"esc", "q", "m"}, "esc q m", "close", "close", actNone},

	{WhereCommand, []string{"enter"}, "enter", "do it", "do", actNone},
	{WhereCommand, []string{"tab"}, "tab", "complete the word", "complete", actNone},
	{WhereCommand, []string{"up", "down"}, "↑ ↓", "earlier commands", "earlier", actNone},
	{WhereCommand, []string{"esc"}, "esc", "leave", "leave", actNone},
}

// Keys returns the key table.
func Keys() []Key { return append([]Key(nil), keyTable...) }

// tapeKeys finds the action of a key name.
var tapeKeys = func() map[string]action {
	m := make(map[string]action)
	for _, k := range keyTable {
		if k.Where != WhereTape {
			continue
		}
		for _, name := range k.Keys {
			m[name] = k.act
		}
	}
	return m
}()
