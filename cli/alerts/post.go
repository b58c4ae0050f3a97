package alerts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"optflow/config/textfile"
	"optflow/model/alert"
	"optflow/model/crash"
)

const (
	// endTime is how long the post goes on once the program ends, which waits a
	// little longer for all of its parts.
	endTime = time.Second
	// heldEvery is how often the journal is told how many alerts were held back.
	heldEvery = time.Minute
)

// post takes mails to their places. Whoever hands one over never waits.
type post struct {
	o     *Options
	desk  *Desk
	lanes map[string]*lane
	hooks map[string]*hook

	mu   sync.Mutex
	in   []*mail
	held map[string]*entry // by rule, since the journal was told last
	told time.Time
	wake chan struct{}

	claim   sync.Mutex // while the right to deliver is looked at
	disk    sync.Mutex // of what follows
	journal *journal   // nil while another program has the right to deliver
	state   []byte     // what the rules have to know in the next run, nil is kept already
}

func newPost(o *Options, d *Desk) *post {
	p := &post{o: o, desk: d, lanes: map[string]*lane{}, hooks: map[string]*hook{}, held: map[string]*entry{}, wake: make(chan struct{}, 1)}
	add := func(place string, workers int, send func(context.Context, *lane, *mail) result) {
		p.lanes[place] = newLane(place, workers, send, p.done)
	}
	if o.Signal != nil {
		add("bell", 1, (&bell{signal: o.Signal, now: o.Now}).send)
		add("notify", 1, (&notifier{signal: o.Signal, write: o.Notification, pause: o.pause, now: o.Now}).send)
	}
	if o.AlertLog != nil {
		add("log", 1, logFile{o.AlertLog}.send)
	}
	for name, e := range o.Execs {
		add("exec:"+name, execAtOnce, newProgram(name, e, o).run)
	}
	for name, to := range o.Hooks {
		h := newHook(name, to, o, d.Trouble)
		p.hooks["hook:"+name] = h
		add("hook:"+name, 1, h.send)
	}
	return p
}

func (p *post) post(m *mail) {
	p.mu.Lock()
	p.in = append(p.in, m)
	p.mu.Unlock()
	nudge(p.wake)
}

// holdBack counts an alert that does not go out.
func (p *post) holdBack(rule, version string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.held[rule+version]
	if e == nil {
		e = &entry{Rule: rule, Version: version}
		p.held[rule+version] = e
	}
	e.Held++
}

// stateName is the file of what the rules have to know in the next run.
const stateName = "alerts-state.json"

// keep has it written before what fires next goes out.
func (p *post) keep(state []byte) {
	p.disk.Lock()
	p.state = state
	p.disk.Unlock()
	nudge(p.wake)
}

// kept is what an earlier run left.
func (p *post) kept() ([]byte, error) {
	if p.o.Dir == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(p.o.Dir, stateName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, journalMost)) // what is cut off cannot be read
}

// writeState writes it. A failure costs the cooldowns of the next run, and no
// second alert: the ids hold that back.
func (p *post) writeState() {
	p.disk.Lock()
	defer p.disk.Unlock()
	if p.journal == nil || p.state == nil {
		return
	}
	err := textfile.Replace(filepath.Join(p.o.Dir, stateName), p.state)
	if p.state = nil; err != nil {
		p.o.Log.Warn("alert", "text", "the state of the rules: "+diskCause(err))
	}
}

// holds reports whether this program has the right to deliver.
func (p *post) holds() bool {
	p.disk.Lock()
	defer p.disk.Unlock()
	return p.journal != nil
}

// run works until ctx ends, and a moment longer for what is on its way.
func (p *post) run(ctx context.Context) {
	last, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if p.concerned() {
		p.hold()
	}
	taking, full := context.WithCancel(context.WithoutCancel(ctx)) // until the last mail is sorted
	defer full()
	var group sync.WaitGroup
	for _, l := range p.lanes {
		l.start(&group, taking, last)
	}
	for open := true; open; {
		select {
		case <-ctx.Done():
			open = false
		case <-p.wake:
		}
		p.mu.Lock()
		all := p.in
		p.in = nil
		p.mu.Unlock()
		p.writeState()
		p.sort(all)
		p.tellHeld(!open)
	}
	full()
	end := time.AfterFunc(endTime, crash.Guarded("alerts", stop))
	group.Wait()
	end.Stop()
	p.giveUp()
}

// concerned reports whether there are rules, or were: who never had one finds no
// file of theirs.
func (p *post) concerned() bool {
	if len(p.o.List) > 0 || p.o.Dir == "" {
		return true
	}
	_, err := os.Stat(filepath.Join(p.o.Dir, journalName))
	return err == nil
}

// sort writes down what goes out, and hands it to the lanes.
func (p *post) sort(all []*mail) {
	var out []*mail
	var ids []entry
	for _, m := range all {
		if !m.local {
			if why := p.hold(); why != "" {
				p.desk.settled(m, alert.Held, why)
				continue
			}
		}
		if m.once() {
			if p.wentOut(m.id) {
				p.desk.settled(m, alert.Held, "went out before")
				continue
			}
			ids = append(ids, entry{ID: m.id, Rule: m.rule, Version: m.version, Fired: m.fired, Text: m.text})
		}
		out = append(out, m)
	}
	err := p.writeDown(ids)
	for _, m := range out {
		if err != nil && m.once() { // it would go out again after a restart
			p.desk.settled(m, alert.Failed, "not written down: "+diskCause(err))
			continue
		}
		p.send(m)
	}
}

// wentOut reports whether an alert did before, in this run or another.
func (p *post) wentOut(id string) bool {
	p.disk.Lock()
	defer p.disk.Unlock()
	return p.journal.has(id)
}

// errLockGone says that the right to deliver was lost a moment ago.
var errLockGone = errors.New("the lock is gone")

// writeDown has the ids on the disk once it returns.
func (p *post) writeDown(ids []entry) error {
	if len(ids) == 0 {
		return nil
	}
	p.disk.Lock()
	defer p.disk.Unlock()
	err := errLockGone
	if p.journal != nil {
		err = p.journal.open(ids)
	}
	if err != nil {
		p.desk.Trouble("alerts cannot go out: the state folder: " + diskCause(err))
	}
	return err
}

// send hands a mail to its places, as far as this program has them.
func (p *post) send(m *mail) {
	var to []*lane
	for _, place := range m.places {
		if l := p.lanes[place]; l != nil && p.takes(place, m) {
			to = append(to, l)
		}
	}
	m.outcome, m.open = alert.Delivered, len(to)
	if len(to) == 0 {
		p.finish(m)
	}
	for _, l := range to {
		l.put(m)
	}
}

// takes reports whether a place takes an event. Corrections are for programs,
// and nobody is called for what was held back.
func (p *post) takes(place string, m *mail) bool {
	switch m.event {
	case revised:
		h := p.hooks[place]
		return place == "log" || strings.HasPrefix(place, "exec:") || h != nil && h.takesAll()
	case digest:
		return place != "bell"
	}
	return true
}

// done takes down what one place made of a mail.
func (p *post) done(m *mail, place string, r result) {
	p.mu.Lock()
	if r.outcome != alert.Delivered {
		if m.note != "" {
			m.note += "; "
		}
		m.note += place + " " + r.note
	}
	m.outcome = max(m.outcome, r.outcome)
	m.open--
	last := m.open == 0
	p.mu.Unlock()
	if last {
		p.finish(m)
	}
}

// finish takes down what became of a mail.
func (p *post) finish(m *mail) {
	if m.once() {
		p.disk.Lock()
		if p.journal != nil {
			err := p.journal.write([]entry{{ID: m.id, Outcome: m.outcome.String(), Note: m.note}})
			if err != nil {
				p.o.Log.Warn("alert", "text", "what became of it is not written down: "+diskCause(err))
			}
		}
		p.disk.Unlock()
	}
	p.desk.settled(m, m.outcome, m.note)
}

// hold says why this program may not deliver, "" it may. It takes the right
// where it is free.
func (p *post) hold() (why string) {
	p.claim.Lock()
	defer p.claim.Unlock()
	if p.o.Lock == nil {
		return "there is no state folder"
	}
	if p.journal != nil && p.o.Lock.Lost() {
		p.desk.Trouble("the lock of the alerts was taken away, and is taken anew")
		p.giveUp()
	}
	if p.journal != nil {
		return ""
	}
	mine, holder, err := p.o.Lock.Claim()
	switch {
	case err != nil:
		why = "the state folder: " + diskCause(err)
	case !mine && holder > 0:
		why = fmt.Sprintf("optflow process %d delivers", holder)
	case !mine:
		why = "another optflow delivers"
	default:
		j, before, err := openJournal(p.o.Dir, p.o.Now)
		if err != nil {
			_ = p.o.Lock.Release()
			why = "the state folder: " + diskCause(err)
			break
		}
		p.disk.Lock()
		p.journal = j
		p.disk.Unlock()
		p.desk.dropped(before)
	}
	p.desk.idle(why)
	return why
}

// giveUp leaves the right to deliver to others.
func (p *post) giveUp() {
	p.disk.Lock()
	defer p.disk.Unlock()
	if p.journal == nil {
		return
	}
	p.journal.close()
	p.journal = nil
	_ = p.o.Lock.Release() // the end of the program releases it as well
}

// tellHeld writes down how many alerts were held back, now and then and at the
// end.
func (p *post) tellHeld(end bool) {
	now := p.o.Now()
	p.mu.Lock()
	if len(p.held) == 0 || !end && now.Sub(p.told) < heldEvery {
		p.mu.Unlock()
		return
	}
	var list []entry
	for _, e := range p.held {
		list = append(list, *e)
	}
	clear(p.held)
	p.told = now
	p.mu.Unlock()
	p.disk.Lock()
	defer p.disk.Unlock()
	if p.journal != nil {
		_ = p.journal.write(list) // a count that is too low harms nobody
	}
}
