// Package relaytest has a small feed that writes a day log, for the tests of those
// who carry it.
package relaytest

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"optflow/feed/history"
	"optflow/feed/relay"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/model/tape"
)

const (
	noon   = int64(1_795_798_800_000) // Fri 27 Nov 2026, 12:00 ET
	symbol = "O:SPY261218C00600000"
)

// Friday is its day.
var Friday = model.TradingDate(noon)

// Feed is a feed that writes its log, as an engine would.
type Feed struct {
	t     testing.TB
	Tape  *tape.Writer
	book  *book.Book
	enc   daylog.Encoder
	Store history.Store
	Desk  *relay.Desk
	Hello relay.Hello

	mu   sync.Mutex
	file *os.File
	n    int   // files
	last int64 // where the last block is in it
	next uint64
	now  int64
	id   model.ContractID
}

// New is one of a Friday at noon, in a folder of the test's.
func New(t testing.TB) *Feed {
	p := &Feed{t: t, Store: history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, now: noon}
	p.Anew("first", true)
	t.Cleanup(func() { _ = p.file.Close() })
	return p
}

// Anew begins a file of another epoch, with an empty book.
func (p *Feed) Anew(epoch string, fresh bool) {
	p.Tape = tape.New(tape.Options{})
	p.book = book.New(p.Tape, book.Options{})
	p.Desk = relay.NewDesk(market.Open{Tape: &p.Tape.Tape}, func() market.Seat { return nil })
	p.Hello = relay.NewHello("sim", epoch, 0, 0)
	p.Hello.Process = os.Getpid()
	dir := filepath.Join(p.Store.Dir, Friday.String())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		p.t.Fatal(err)
	}
	p.n++
	file, err := os.Create(filepath.Join(dir, fmt.Sprintf("%04d.oflog", p.n)))
	if err != nil {
		p.t.Fatal(err)
	}
	if p.file != nil {
		_ = p.file.Close()
	}
	p.file = file
	head, _ := json.Marshal(history.Header{Version: 1, Feed: "sim", Date: Friday.String(), Epoch: epoch, Fresh: fresh})
	if _, err := p.file.Write(append(head, '\n')); err != nil {
		p.t.Fatal(err)
	}
	p.enc.Key(p.book)
	c := book.Contract{Symbol: symbol, Traded: true}
	p.tell(&book.Date{Date: Friday}, &c)
	p.id = c.ID
	p.enc.State(&model.State{Link: model.Live, Tickers: []string{"SPY"}, Session: model.Session{Open: true, Text: "open"}})
	p.cut(true)
}

func (p *Feed) tell(all ...book.Input) {
	for _, in := range all {
		p.book.Apply(in)
		p.enc.Put(in)
	}
}

// Bars books some windows, each a row.
func (p *Feed) Bars(n int) {
	for range n {
		p.mu.Lock()
		p.now += 1000
		p.mu.Unlock()
		b := book.Bar{Bar: model.Bar{Contract: p.id, Span: model.Second, Start: p.now, Volume: 2, DayVolume: 2 * (p.now - noon) / 1000, Open: 1, High: 2, Low: 1, Close: 1.5, Vwap: 1.2, DayVwap: 1.2}}
		p.tell(&b, &book.Tick{Now: p.now + 1000})
		if p.enc.Len() > 32<<10 {
			p.cut(false)
		}
	}
	p.cut(false)
}

// Damage damages what was written last, and goes on behind it with a key.
func (p *Feed) Damage() {
	if _, err := p.file.WriteAt([]byte("damage"), p.last); err != nil {
		p.t.Fatal(err)
	}
	p.enc.Key(p.book)
	p.tell(&book.Tick{Now: p.now})
	p.cut(true)
}

func (p *Feed) cut(key bool) {
	if p.enc.Ops() == 0 {
		return
	}
	b := daylog.Block{First: p.next, Ops: p.enc.Ops(), Start: p.now, Key: key, Raw: p.enc.Len(), Stored: p.enc.Bytes()}
	history.Pack(&b)
	p.mu.Lock()
	defer p.mu.Unlock()
	data := b.Append(nil)
	if _, err := p.file.Write(data); err != nil {
		p.t.Fatal(err)
	}
	end, err := p.file.Seek(0, io.SeekCurrent)
	if err != nil {
		p.t.Fatal(err)
	}
	p.last = end - int64(len(data))
	p.next += uint64(b.Ops)
	p.enc.Reset()
	p.Tape.Publish()
}

// Next is the op that is next.
func (p *Feed) Next() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next
}

// Equal awaits that a follower has the feed's rows, and compares them.
func (p *Feed) Equal(m market.Market) {
	p.t.Helper()
	Await(p.t, "the publisher's rows", func() bool { return m.State().Link == model.Live && m.Rows().Next() == p.Tape.Next() })
	for n := range p.Tape.Next() {
		a, _ := p.Tape.At(n)
		b, _ := m.Rows().At(n)
		if a != b && fmt.Sprint(a) != fmt.Sprint(b) { // NaN is as NaN
			p.t.Fatalf("row %d\nhere  %+v\nthere %+v", n, a, b)
		}
	}
}

// Await waits until something is so.
func Await(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain: ", what)
		}
	}
}

// Log is what carriers are lent of it.
func (p *Feed) Log() *relay.Log {
	return &relay.Log{
		Hello:  p.Hello,
		Follow: func(date model.Date, from uint64) relay.Blocks { return p.Store.Follow(date, from) },
		Position: func() (model.Date, uint64) {
			p.mu.Lock()
			defer p.mu.Unlock()
			return Friday, p.next
		},
		Trouble: func() string { return "" },
		Now: func() int64 {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.now
		},
	}
}

// Truncate has the day end before an op.
func (p *Feed) Truncate(op uint64) {
	if err := p.file.Close(); err != nil {
		p.t.Fatal(err)
	}
	path := filepath.Join(p.Store.Dir, Friday.String(), fmt.Sprintf("%04d.oflog", p.n))
	data, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	at := strings.IndexByte(string(data), '\n') + 1
	for {
		b, size, err := daylog.Next(data[at:])
		if err != nil || b.First+uint64(b.Ops) > op {
			p.next = b.First
			break
		}
		at += size
	}
	if err := os.Truncate(path, int64(at)); err != nil {
		p.t.Fatal(err)
	}
	p.file = nil
}
