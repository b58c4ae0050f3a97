package keys

// Action is what a key does.
type Action uint8

// The actions.
const (
	None Action = iota
	Down
	Up
	PageDown
	PageUp
	HalfDown
	HalfUp
	Newest
	Oldest
	Left
	Right
	Sort
	SortMenu
	Columns
	EditTab
	NextMark
	PreviousMark
	Filter
	Clear
	Only
	Hide
	Undo
	Find
	FindNext
	FindPrevious
	Pin
	CopyContract
	CopyRow
	CopyCommand
	Export
	Calls
	Puts
	Tickers
	Interval
	Freeze
	Tab
	NextTab
	PreviousTab
	Poll
	Command
	Help
	Messages
	View
	Inbox
	Ledger
	NewAlert
	Mute
	Open
	Zoom
	DetailsDown
	DetailsUp
	DetailsPageDown
	DetailsPageUp
	PlayPause // of a recording
	PlayOn
	PlayBack
	PlayMinuteOn
	PlayMinuteBack
	PlayFaster
	PlaySlower
	Redraw
	Suspend
	Escape
	Close
	Quit

	// Of lines and boxes.
	Accept
	Leave
	Complete
	CompleteBack
	Earlier // of the lines typed before
	Later
	Search // the lines typed before
	Check
	MoveDown // what the cursor is on
	MoveUp
	Reset
)

// acts reports whether it is a key of the tape, or of a recording on the tape.
func (k *Key) acts() bool { return k.Where == InTape || k.Where == InReplay }

// String is the name of an action of the tape, by which the config file and the
// command line know it; "" for others.
func (a Action) String() string {
	for i := range table {
		if k := &table[i]; k.Action == a && k.acts() {
			return k.Name
		}
	}
	return ""
}

// Named finds an action of the tape, None when there is none of that name.
func Named(name string) Action {
	for i := range table {
		if k := &table[i]; k.Name == name && k.acts() && name != "" {
			return k.Action
		}
	}
	return None
}

// Everywhere reports whether an action is done whatever has the focus.
func (a Action) Everywhere() bool { return a == Quit || a == Redraw || a == Suspend }
