package exchange

import (
	"math/rand/v2"

	"optflow/feed/sim/basis"
)

// Prints are the trades as the market saw them, and the bars that are made of
// them.
type Prints struct {
	time     *timing
	options  *Options
	listing  *Listing
	past     *past
	schedule *schedule

	log      tradeLog
	fits     int64  // trades that the log may hold for longer than needed
	settling uint32 // the first trade not in its contract's settled sums
	arriving []lateTrade
	barring  []rebar
	touched  touched

	faultRand *rand.Rand
	wireRand  *rand.Rand
}

func newPrints(t *timing, o *Options, l *Listing, before *past, s *schedule) *Prints {
	return &Prints{
		time: t, options: o, listing: l, past: before, schedule: s,
		log: tradeLog{late: make(map[uint32]lateness)}, fits: 500_000,
		faultRand: basis.NewRand(o.Seed, basis.StreamFault, 0), wireRand: basis.NewRand(o.Seed, basis.StreamWire, 0),
	}
}

// trim lets the trades go that need not be remembered.
func (p *Prints) trim() { p.log.trim(p.time.frontier-p.retention(), p.fold) }

// retention is how long trades stay in the log: long enough for half an hour of
// history in seconds and for the latest correction; less when trading is so
// busy that it would not fit, in memory the size of a small program's.
func (p *Prints) retention() int64 {
	const most, correctable, least = 36 * basis.Minute, 17 * basis.Minute, 90 * basis.Second
	kept := most
	if held := int64(p.log.next - p.log.first); held > p.fits {
		kept = min(most, (p.time.frontier-p.log.at(p.log.first).time)*p.fits/held)
	}
	if p.options.Faults.LateTrades {
		return max(kept, correctable)
	}
	return max(kept, least)
}

// oldest is the time of the oldest trade that is remembered or may still arrive.
func (p *Prints) oldest() int64 {
	oldest := p.time.frontier
	if p.log.next > p.log.first {
		oldest = p.log.at(p.log.first).time
	}
	if p.options.Faults.LateTrades {
		oldest -= latestSeen
	}
	return oldest
}

// trade is one entry of the log, 32 bytes.
type trade struct {
	time     int64 // ms: execution
	contract int32
	price    int32  // cents
	size     int32  // contracts
	prev     uint32 // sequence plus 1 of the contract's trade before; 0 none
	met      uint32 // link to the fill whose quote it met
	nth      uint8  // trades of the contract before it in the same ms
	exchange uint8  // from 'A'
	code     uint8  // OPRA's condition letter
	flags    uint8
}

const (
	flagLate  uint8 = 1 << iota // seen or barred later than executed: see tradeLog.late
	flagNoBar                   // in no bar ever
)

// lateness says when a late trade is counted.
type lateness struct {
	seen   int64 // ms: by av and day volume
	barred int64 // ms: by its bar; 0 never
}

// chunkTrades is how many trades the log holds or drops at a time.
const chunkTrades = 4096

// tradeLog is the truth: every trade in the order in which the market saw it,
// in chunks of which the oldest go. Each contract's trades are linked backwards.
type tradeLog struct {
	chunks [][]trade
	first  uint32 // sequence of chunks[0][0]
	next   uint32 // sequence of the trade to come
	late   map[uint32]lateness
}

// add appends a trade and returns its sequence.
func (l *tradeLog) add(t trade) uint32 {
	n := len(l.chunks)
	if n == 0 || len(l.chunks[n-1]) == chunkTrades {
		l.chunks = append(l.chunks, make([]trade, 0, chunkTrades))
		n++
	}
	l.chunks[n-1] = append(l.chunks[n-1], t)
	l.next++
	return l.next - 1
}

// at returns the trade of a sequence that is still in the log.
func (l *tradeLog) at(seq uint32) *trade {
	i := seq - l.first
	return &l.chunks[i/chunkTrades][i%chunkTrades]
}

// seen is when av and day volume count a trade.
func (l *tradeLog) seen(seq uint32, t *trade) int64 {
	if t.flags&flagLate != 0 {
		return l.late[seq].seen
	}
	return t.time
}

// barred is when its bar counts a trade, 0 if never.
func (l *tradeLog) barred(seq uint32, t *trade) int64 {
	switch {
	case t.flags&flagNoBar != 0:
		return 0
	case t.flags&flagLate != 0:
		return l.late[seq].barred
	}
	return t.time
}

// back walks a contract's trades from the newest while yield agrees.
func (l *tradeLog) back(c *Contract, yield func(seq uint32, t *trade) bool) {
	for link := c.last; link > l.first; { // link is a sequence plus 1
		t := l.at(link - 1)
		if !yield(link-1, t) {
			return
		}
		link = t.prev
	}
}

// trim drops whole chunks of trades seen before a time, handing each trade to
// fold first.
func (l *tradeLog) trim(before int64, fold func(seq uint32, t *trade)) {
	for len(l.chunks) > 1 {
		chunk := l.chunks[0]
		newest := l.first + chunkTrades - 1
		if l.seen(newest, &chunk[chunkTrades-1]) >= before {
			return
		}
		for i := range chunk {
			seq := l.first + uint32(i)
			fold(seq, &chunk[i])
			if chunk[i].flags&flagLate != 0 {
				delete(l.late, seq)
			}
		}
		l.chunks[0] = nil
		l.chunks = l.chunks[1:]
		l.first += chunkTrades
	}
}
