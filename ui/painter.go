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
	paintSoon = 2 * time.Millisecond   // what comes together is painted together
	paintIdle = 500 * time.Millisecond // how often the library looks though nothing changed
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
	close  bool      // a view came so shortly before that it may have missed it
}

// viewed notes that a view is about to be handed over. It is called where the
// library calls View, on the goroutine that starts the ticker.
func (p *painter) viewed(program *tea.Program) {
	if p.shown != nil {
		time.AfterFunc(2*paintSoon, crash.Guarded("painter", p.shown))
		p.shown = nil
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if left := p.next.Sub(now); left > 0 { // painted with what came before
		p.close = left < paintSoon
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
	p.next, p.close = now.Add(wait), false
	p.ticker.Reset(wait)
	p.slow.Reset(wait + paintSoon/2)
}

// rest slows the ticker down once the view is painted.
func (p *painter) rest() {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case now.Before(p.next): // another one came
	case p.close:
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
