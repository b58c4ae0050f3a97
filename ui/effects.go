package ui

import (
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/memory"
	"optflow/ui/keys"
	"optflow/ui/paint"
)

// effect is something that a page, a pane or a command wants done. It is a
// value: only Model carries it out, in order, until one is refused.
type effect any

// What is said in the footer.
type (
	// sayThis waits in line.
	sayThis struct {
		ink  paint.Ink
		text string
	}
	// answerWith takes the place of what came of the key before.
	answerWith struct {
		ink  paint.Ink
		text string
	}
)

// What has the keys, and what is shown.
type (
	pressAction struct{ action keys.Action } // as if its key was pressed
	openPane    struct {
		place string // where its keys work
		text  string // to begin with, in a line
	}
	closePane   struct{}
	showPage    struct{ name string } // in front, unless it is
	nextPage    struct{}
	drillDown   struct{ to narrowing }  // to some contracts; esc comes back
	comeBack    struct{ to string }     // to the page that was drilled down from
	openDetails struct{ what detailed } // of a contract
	shutDetails struct{}                // close them
	zoomNothing struct{}
	sortPage    struct{ column string } // by a column's name
	filterPage  struct{ text string }   // by a line
	findRows    struct{ text string }   // that say so
	joinBursts  struct{ by burst.Interval }
	setFloor    struct {
		ticker string // "" is all
		amount float64
	}
	toTab     struct{ at int }
	stepTab   struct{ by int }
	saveTab   struct{ name string }
	forgetTab struct{ name string }
	togglePin struct{}
	unpinAll  struct{}
	repinned  struct{} // other contracts are
)

// What the feed is asked.
type (
	followTickers struct{ tickers []string }
	lookUp        struct {
		gen    int
		symbol string
	}
	readDay struct {
		gen int
		id  model.ContractID
	}
	pollNow     struct{}
	setWindow   struct{ span model.Span }
	autoRefresh struct{ on bool }
)

// How the screen is, from now on.
type (
	setTheme  struct{ name string }
	setFPS    struct{ n int }
	setZone   struct{ name string }
	setMouse  struct{ on bool }
	setStill  struct{ on bool }
	redraw    struct{}
	suspend   struct{}
	quit      struct{}
	interrupt struct{}
)

// What leaves the program, and what the next run goes on from.
type (
	copyContract struct{}                    // the symbol of the selected one
	copyText     struct{ text, what string } // what is the text in short
	exportRows   struct {
		name string // of the file, "" to choose one
		over bool   // a file that is there may be written over
	}
	keepThis  struct{ item memory.Item }
	keepTabs  struct{}
	keepPins  struct{}
	keepLines struct{}
	// rememberCommand keeps a line that could be carried out.
	rememberCommand struct{ text string }
)

// one is a single effect.
func one(e effect) []effect { return []effect{e} }

// answer says what came of a key.
func answer(i paint.Ink, text string) []effect { return one(answerWith{i, text}) }
