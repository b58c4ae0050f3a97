package script

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"net"
	"strings"
	"sync"
	"time"

	"optflow/model/crash"
)

const (
	planText = "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade."
	lateText = "No authentication request received."
)

// play is one session under way: a goroutine listens, the caller's plays.
type play struct {
	server *Server
	conn   net.Conn
	gone   chan struct{} // the client left, or the script dropped it
	login  chan struct{} // a key was shown

	mu        sync.Mutex // of writing and of what follows
	subscribe Step
	mutePongs bool
	frozen    chan struct{} // nil: listening
	pairs     map[string]bool
}

func newPlay(s *Server, conn net.Conn) *play {
	return &play{
		server: s, conn: conn, gone: make(chan struct{}), login: make(chan struct{}, 1),
		subscribe: Step{Word: "ok"}, pairs: map[string]bool{},
	}
}

func (p *play) run(session Session) {
	var listening sync.WaitGroup
	listening.Go(crash.Guarded("script", func() {
		defer close(p.gone)
		p.listen()
	}))
	defer listening.Wait()
	defer p.conn.Close()
	if session[0].Word != "mute" {
		p.status("connected", "Connected Successfully")
	}
	for _, step := range session[1:] {
		if !p.do(step) {
			return
		}
	}
	<-p.gone
}

// do plays one step; false ends the session.
func (p *play) do(step Step) bool {
	switch step.Verb {
	case Auth:
		select {
		case <-p.login:
		case <-p.gone:
			return false
		}
		return p.auth(step)
	case Subscribe:
		p.mu.Lock()
		p.subscribe = step
		p.mu.Unlock()
	case Pongs:
		p.mu.Lock()
		p.mutePongs = step.Word == "off"
		p.mu.Unlock()
	case REST:
		p.server.setREST(step)
	case Contracts:
		p.server.truth.resize(step.N)
	case Lose:
		p.server.truth.trade(step.N)
	case Send:
		return p.bars(step)
	case Status:
		p.status(step.Word, step.Text)
	case Text:
		return p.raw(Frame(opText, []byte(step.Text)), step.Every)
	case Bytes:
		return p.raw([]byte(step.Text), step.Every)
	case Ping:
		for range step.N {
			p.write(Frame(opPing, nil))
			if !p.wait(step.Every) {
				return false
			}
		}
	case Stall:
		return p.wait(step.For)
	case Freeze:
		return p.freeze(step.For)
	case Close:
		p.write(Frame(opClose, append(binary.BigEndian.AppendUint16(nil, uint16(step.N)), step.Text...)))
		return false
	case Drop:
		return false
	}
	return true
}

func (p *play) auth(step Step) bool {
	switch step.Word {
	case "ok":
		p.status("auth_success", "authenticated")
	case "failed":
		text := step.Text
		if text == "" {
			text = "authentication failed"
		}
		p.status("auth_failed", text)
		return false // the vendor drops without a close frame
	case "plan":
		p.status("auth_failed", planText)
		return false
	case "timeout":
		p.status("auth_timeout", lateText)
	}
	return true
}

// bars sends bars, at once in frames of a hundred or one every so often.
func (p *play) bars(step Step) bool {
	if step.Every > 0 {
		for range step.N {
			p.events(p.server.truth.trade(1))
			if !p.wait(step.Every) {
				return false
			}
		}
		return true
	}
	for left := step.N; left > 0; {
		n := min(left, 100)
		p.events(p.server.truth.trade(n))
		left -= n
		select {
		case <-p.gone:
			return false
		default:
		}
	}
	return true
}

// events sends those bars that are subscribed to, in one frame.
func (p *play) events(bars []bar) {
	var all []string
	p.mu.Lock()
	for _, b := range bars {
		for _, channel := range []string{"A", "AM"} {
			if p.pairs[channel+".*"] || p.pairs[channel+"."+b.symbol] {
				all = append(all, b.json(channel))
			}
		}
	}
	p.mu.Unlock()
	if len(all) > 0 {
		p.write(Frame(opText, []byte("["+strings.Join(all, ",")+"]")))
	}
}

// raw writes bytes, one every so often if asked to.
func (p *play) raw(data []byte, every time.Duration) bool {
	if every == 0 {
		p.write(data)
		return true
	}
	for i := range data {
		p.write(data[i : i+1])
		if !p.wait(every) {
			return false
		}
	}
	return true
}

func (p *play) status(word, text string) {
	event, _ := json.Marshal([]map[string]string{{"ev": "status", "status": word, "message": text}})
	p.write(Frame(opText, event))
}

// write sends; that nobody takes it shows in the listening.
func (p *play) write(data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.conn.Write(data)
}

func (p *play) wait(d time.Duration) bool {
	if d == 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-p.gone:
		return false
	}
}

// freeze neither speaks nor listens for a time, and does not notice an end.
func (p *play) freeze(d time.Duration) bool {
	thaw := make(chan struct{})
	p.mu.Lock()
	p.frozen = thaw
	p.mu.Unlock()
	time.Sleep(d)
	p.mu.Lock()
	p.frozen = nil
	p.mu.Unlock()
	close(thaw)
	return p.wait(time.Nanosecond)
}

// listen obeys the client until it leaves.
func (p *play) listen() {
	r := bufio.NewReader(p.conn)
	for {
		op, payload, err := readFrame(r)
		if err != nil {
			return
		}
		p.mu.Lock()
		frozen, muted := p.frozen, p.mutePongs
		p.mu.Unlock()
		if frozen != nil {
			<-frozen
		}
		switch op {
		case opClose:
			p.write(Frame(opClose, payload))
			return
		case opPing:
			if !muted {
				p.write(Frame(opPong, payload))
			}
		case opText:
			p.obey(payload)
		}
	}
}

// obey carries a command out.
func (p *play) obey(payload []byte) {
	var command struct{ Action, Params string }
	if json.Unmarshal(payload, &command) != nil {
		return
	}
	switch command.Action {
	case "auth":
		p.server.mu.Lock()
		p.server.logins++
		p.server.mu.Unlock()
		select {
		case p.login <- struct{}{}:
		default:
		}
	case "subscribe", "unsubscribe":
		p.subscription(command.Action, strings.Split(command.Params, ","))
	}
}

func (p *play) subscription(action string, pairs []string) {
	p.mu.Lock()
	policy := p.subscribe
	var said []string
	for _, pair := range pairs {
		if add := action == "subscribe"; p.pairs[pair] != add {
			if add && policy.Word != "ok" {
				continue
			}
			p.pairs[pair] = add
			said = append(said, action+"d to: "+pair)
		}
	}
	p.mu.Unlock()
	if action == "subscribe" && policy.Word == "refused" {
		text := policy.Text
		if text == "" {
			text = "not authorized"
		}
		p.status("error", text)
	}
	for _, text := range said {
		p.status("success", text)
	}
}
