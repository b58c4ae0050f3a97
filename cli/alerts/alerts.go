// Package alerts is what becomes of a rule that fires: it reads the tape beside
// the faces, writes down what is to go out, and takes it to the terminal, the log,
// programs and hooks.
//
// It promises that delivery is never in the way of the feed or the screen: each
// place has a bounded queue and goroutines of its own; that an alert goes out at
// most once, also over a crash, since its id is on the disk before; and that
// fired alerts are always the sum of those that wait, were delivered, held back,
// dropped and failed. Nothing of the feed is ever more than text to a shell, a
// terminal or a chat, and of a hook only its host is shown.
package alerts

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net"
	"time"

	"optflow/model"
	"optflow/model/alert"
	"optflow/model/filter"
	"optflow/model/market"
	"optflow/model/rules"
)

// Lock is the right to deliver: of the programs that share a state folder one
// has it.
type Lock interface {
	// Claim takes it. Holder is the process that has it, 0 unknown.
	Claim() (mine bool, holder int, err error)
	// Lost reports that it is ours no more: its file was taken away.
	Lost() bool
	Release() error
}

// Source is a rule, where it is written, and what is wrong with what is written
// there now.
type Source struct {
	alert.Rule
	From string
}

// Ledger is told what the rules said, where this program may deliver.
type Ledger interface {
	Take([]rules.Event) // without waiting
	// End returns once all that it was told is kept, or will not be. The right to
	// deliver is still this program's.
	End()
}

// Options are what delivery and runner are given.
type Options struct {
	Market market.Market
	Rules  *model.Rules          // thresholds of whale and unusual
	Saved  func() []filter.Saved // what @name stands for; nil: nothing
	List   []Source              // the rules to begin with, which Judge accepted
	Dir    string                // of the state; "" nowhere: only the terminal is told
	Lock   Lock                  // nil where there is no Dir
	Execs  map[string]Exec
	Hooks  map[string]Hook
	Save   func(alert.Rule) error // writes a rule down; nil cannot

	// Signal hands something to the terminal's writer; nil: there is no terminal.
	Signal func(alert.Signal)
	// Notification is the sequence that shows a line of text, "" none.
	Notification func(text string) string
	// Row is a row as optflow tail prints it in JSON, Text an alert in a line.
	Row  func(r *model.Burst, c *model.Contract) []byte
	Text func(a *alert.Alert) string
	// Print is told of each event as it comes, held back ones too; nil nobody.
	Print  func(a *alert.Alert, event, text string, body []byte)
	Ledger Ledger // nil keeps none

	AlertLog io.Writer // of `to = "log"`; nil nowhere
	Log      *slog.Logger
	Now      func() time.Time // wall clock
	Env      []string
	Secrets  []string // what no program is given
	Resolver *net.Resolver

	pause    func(ctx context.Context, d time.Duration) error
	execTime time.Duration
}

// complete fills what tests leave out.
func (o *Options) complete() {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	if o.pause == nil {
		o.pause = wait
	}
	o.execTime = cmp.Or(o.execTime, execTime)
	if o.Notification == nil {
		o.Notification = func(string) string { return "" }
	}
}

// marketTime is in ms.
func (o *Options) marketTime() int64 {
	if c := o.Market.Clock(); c != nil {
		return c.Now()
	}
	return o.Market.State().Newest
}

// nudge wakes whoever waits at a channel with room for one.
func nudge(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default: // it is awake
	}
}
