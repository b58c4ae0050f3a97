package script

import (
	"fmt"
	"sync"
	"time"
)

// truth is what was traded: bars of one second, sent or not.
type truth struct {
	mu        *sync.Mutex
	now       func() time.Time
	contracts []contract
	turn      int
	bars      []bar
}

type contract struct {
	symbol, expiry, kind string
	strike               float64
	day                  int64
	last                 int64 // ms: start of its newest bar
}

// bar is a second of one contract.
type bar struct {
	symbol    string
	start     int64
	size, day int64
}

const price = 4.0

func newTruth(now func() time.Time) truth {
	t := truth{mu: new(sync.Mutex), now: now}
	t.resize(8)
	return t
}

// resize sets how many contracts there are: SPY, expiring in a month.
func (t *truth) resize(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	expiry := t.now().AddDate(0, 1, 0)
	for i := len(t.contracts); i < n; i++ {
		kind := "call"
		if i%2 == 1 {
			kind = "put"
		}
		strike := 100 + i/2
		t.contracts = append(t.contracts, contract{
			symbol: fmt.Sprintf("O:SPY%s%c%08d", expiry.Format("060102"), kind[0]-'a'+'A', strike*1000),
			expiry: expiry.Format(time.DateOnly), kind: kind, strike: float64(strike),
		})
	}
	t.contracts = t.contracts[:n]
}

// trade makes n bars, each a second of a contract that had none yet, ending now.
func (t *truth) trade(n int) []bar {
	t.mu.Lock()
	defer t.mu.Unlock()
	second := t.now().UnixMilli() / 1000 * 1000 // this one: nothing is traded in the past
	rounds := int64((n + len(t.contracts) - 1) / len(t.contracts))
	made := make([]bar, 0, n)
	for i := range n {
		c := &t.contracts[t.turn%len(t.contracts)]
		t.turn++
		size := int64(1 + i%9)
		c.last = max(c.last+1000, second-(rounds-1)*1000)
		c.day += size
		made = append(made, bar{c.symbol, c.last, size, c.day})
	}
	t.bars = append(t.bars, made...)
	return made
}

func (t *truth) volumes() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[string]int64{}
	for _, c := range t.contracts {
		all[c.symbol] = c.day
	}
	return all
}

func (b bar) json(channel string) string {
	return fmt.Sprintf(`{"ev":%q,"sym":%q,"v":%d,"av":%d,"op":4,"vw":4,"o":4,"c":4,"h":4,"l":4,"a":4,"z":1,"s":%d,"e":%d}`,
		channel, b.symbol, b.size, b.day, b.start, b.start+1000)
}
