package ui

import (
	"reflect"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"optflow/model/crash"
	"optflow/ui/boards"
)

const (
	// renderFPS is how often a changed frame may be painted. Data comes at
	// Options.FPS; keys are to be seen sooner.
	renderFPS = 60
	paintSoon = 2 * time.Millisecond // what comes together is painted together
	paintIdle = time.Second          // how often the library looks though nothing changed
	paintGap  = time.Second / renderFPS
)

// painter has the library paint soon after a view, and else leave the processor
// alone. By itself it looks renderFPS times a second whether there is a new
// frame, which on a virtual machine is most of what an idle program costs and
// half a period of delay for each key. There is no option for that: the painter
// sets the ticker that the library paints by, which is not exported. Should a
// version come without it, frames are painted at renderFPS again.
type painter struct {
	budget *boards.Budget // nil: nobody shares the processor
	shown  func()         // called once the first view is painted; nil: nobody waits for it
	mu     sync.Mutex
	ticker *time.Ticker
	slow   *time.Timer
	next   time.Time // when the latest view is painted
	again  bool      // a view may come too late for that: it is looked for once more
}

// viewed notes that a view is about to be handed over, which a busy machine may
// put off past the time at which it is painted. It is called where the library
// calls View, on the goroutine that starts the ticker.
func (p *painter) viewed(program *tea.Program) {
	if p.shown != nil {
		time.AfterFunc(2*paintSoon, crash.Guarded("painter", p.shown))
		p.shown = nil
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.again = true
	if now.Before(p.next) { // painted with what came before
		return
	}
	if p.ticker == nil {
		if p.ticker = tickerOf(program); p.ticker == nil {
			return
		}
		p.slow = time.AfterFunc(time.Hour, crash.Guarded("painter", p.rest))
	}
	p.paint(now, max(paintSoon, p.next.Add(max(paintGap, p.budget.Gap())).Sub(now)))
}

// paint sets the ticker to paint once, in a while.
func (p *painter) paint(now time.Time, wait time.Duration) {
	p.next = now.Add(wait)
	p.ticker.Reset(wait)
	p.slow.Reset(wait + paintSoon/2)
}

// rest slows the ticker down once the view was looked for twice.
func (p *painter) rest() {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case now.Before(p.next): // another one came
	case p.again:
		p.again = false
		p.paint(now, max(paintGap, p.budget.Gap()))
	default:
		p.ticker.Reset(paintIdle)
	}
}

// tickerOf is the ticker that a running program paints by, nil when this
// version of the library has none.
func tickerOf(program *tea.Program) *time.Ticker {
	field := reflect.ValueOf(program).Elem().FieldByName("ticker")
	if !field.IsValid() || field.Type() != reflect.TypeFor[*time.Ticker]() {
		return nil
	}
	return (*time.Ticker)(field.UnsafePointer())
}
