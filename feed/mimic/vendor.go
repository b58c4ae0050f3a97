// Package mimic is a second vendor, smaller and stranger than the simulated
// market, that the feed's accounts are held against. It promises to share no
// code with the simulator or with the client, so that one misreading of the wire
// cannot hide in both: it knows the vendor's own description only. It is for
// tests; nothing of the program uses it.
package mimic

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options set a Vendor up.
type Options struct {
	Seed       uint64
	Key        string
	Underlying string
	Strikes    int       // of two expiries, a call and a put each
	Expiry     time.Time // of the first; the second is four weeks later
	Prints     float64   // a second, on average
	RESTLag    time.Duration
}

// print is one trade.
type print struct {
	at     int64   // ms: executed
	seen   int64   // ms: from when the day's volume counts it
	barred int64   // ms: from when its bars count it; never: math.MaxInt64
	price  float64 // dollars
	size   int64   // contracts
}

// option is one contract with its prints of the day.
type option struct {
	symbol string
	expiry time.Time
	strike float64
	put    bool
	value  float64
	prints []print
}

// Vendor serves one underlying's options. All times are the machine's clock.
type Vendor struct {
	o Options

	mu      sync.Mutex
	random  *rand.Rand
	options []*option
	viewers []*viewer
	pending []frame
	broken  time.Time // REST answers 503 until then
}

// frame is a message to be sent at a time.
type frame struct {
	due  int64
	bars []bar
}

// bar names a window of an option; what is in it is worked out when it is sent.
type bar struct {
	option *option
	from   int64
	width  int64
	again  bool // it was sent before
}

// New returns a vendor that trades once it serves.
func New(o Options) *Vendor {
	v := &Vendor{o: o, random: rand.New(rand.NewPCG(o.Seed, 0x3ec0))}
	for month := range 2 {
		expiry := o.Expiry.AddDate(0, 0, 28*month)
		for i := range o.Strikes {
			for _, put := range []bool{false, true} {
				strike, kind := 90+2.5*float64(i), "C"
				if put {
					kind = "P"
				}
				v.options = append(v.options, &option{
					symbol: fmt.Sprintf("O:%s%s%s%08.0f", o.Underlying, expiry.Format("060102"), kind, strike*1000),
					expiry: expiry, strike: strike, put: put, value: 1 + 6*v.random.Float64(),
				})
			}
		}
	}
	slices.SortFunc(v.options, func(a, b *option) int { return strings.Compare(a.symbol, b.symbol) })
	return v
}

// Serve trades and answers until ctx ends.
func (v *Vendor) Serve(ctx context.Context, on net.Listener) error {
	server := &http.Server{Handler: v.routes(), ReadHeaderTimeout: 10 * time.Second}
	var trading sync.WaitGroup
	trading.Go(func() {
		clock := time.NewTicker(250 * time.Millisecond)
		defer clock.Stop()
		for {
			select {
			case <-ctx.Done():
				v.Cut(0)
				_ = server.Close()
				return
			case now := <-clock.C:
				v.quarter(now.UnixMilli())
			}
		}
	})
	err := server.Serve(on)
	trading.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Pace sets how many prints there are in a second, on average.
func (v *Vendor) Pace(prints float64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.o.Prints = prints
}

// Break lets REST fail for a while.
func (v *Vendor) Break(d time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.broken = time.Now().Add(d)
}

// Traded is each contract's volume so far.
func (v *Vendor) Traded() map[string]int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := map[string]int64{}
	for _, o := range v.options {
		if total := o.volume(math.MaxInt64); total > 0 {
			all[o.symbol] = total
		}
	}
	return all
}

// Unbarred is each contract's volume that is in no bar ever, and that which came
// late into one: who was away when that bar was sent again has to look for it.
func (v *Vendor) Unbarred() (never, late map[string]int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	never, late = map[string]int64{}, map[string]int64{}
	for _, o := range v.options {
		for _, p := range o.prints {
			switch {
			case p.barred == math.MaxInt64:
				never[o.symbol] += p.size
			case p.barred > p.at:
				late[o.symbol] += p.size
			}
		}
	}
	return never, late
}

// volume is what the day's volume counts at a time.
func (o *option) volume(at int64) (total int64) {
	for i := range o.prints {
		if o.prints[i].seen <= at {
			total += o.prints[i].size
		}
	}
	return total
}

// quarter makes a quarter of a second of trading and sends what is due.
func (v *Vendor) quarter(now int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	from := now - 250
	for x := v.o.Prints / 4; v.random.Float64() < x; x-- {
		v.trade(from + v.random.Int64N(250))
	}
	if now%1000 < 250 {
		v.close(now - now%1000)
	}
	v.pending = slices.DeleteFunc(v.pending, func(f frame) bool {
		if f.due > now {
			return false
		}
		v.send(f, now)
		return true
	})
}

// trade makes one print: most are in time, some late, some in no bar at all.
func (v *Vendor) trade(at int64) {
	o := v.options[int(float64(len(v.options))*v.random.Float64()*v.random.Float64())]
	o.value = max(0.05, o.value+0.05*v.random.NormFloat64())
	p := print{at: at, seen: at, barred: at, price: math.Round(o.value*100) / 100, size: 1 + int64(math.Exp(3*v.random.Float64()*v.random.Float64()*2))}
	switch x := v.random.Float64(); {
	case x < 0.02: // late: everybody learns of it later
		p.seen += 1_000 + v.random.Int64N(9*60_000)
		p.barred = p.seen
		v.again(o, at, p.seen)
	case x < 0.03: // counted, and in no bar
		p.barred = math.MaxInt64
	}
	o.prints = append(o.prints, p)
}

// again has the windows of a late print sent anew.
func (v *Vendor) again(o *option, at, seen int64) {
	for _, width := range []int64{1_000, 60_000} {
		v.pending = append(v.pending, frame{due: seen + 300 + v.random.Int64N(900), bars: []bar{{o, at - at%width, width, true}}})
	}
}

// close has the windows that ended sent, each contract when it likes.
func (v *Vendor) close(end int64) {
	widths := []int64{1_000}
	if end%60_000 == 0 {
		widths = append(widths, 60_000)
	}
	for _, width := range widths {
		var bars []bar
		for _, o := range v.options {
			if o.traded(end-width, end, end) {
				bars = append(bars, bar{o, end - width, width, false})
			}
		}
		v.random.Shuffle(len(bars), func(i, j int) { bars[i], bars[j] = bars[j], bars[i] })
		for len(bars) > 0 {
			n := 1 + v.random.IntN(len(bars))
			v.pending = append(v.pending, frame{due: end + 900 + v.random.Int64N(1_800), bars: bars[:n]})
			if v.random.IntN(40) == 0 { // and the same again
				v.pending = append(v.pending, frame{due: end + 3_000, bars: bars[:n]})
			}
			bars = bars[n:]
		}
	}
}

// traded reports whether a bar of a window has anything in it at a time.
func (o *option) traded(from, to, at int64) bool {
	return slices.ContainsFunc(o.prints, func(p print) bool { return p.at >= from && p.at < to && p.barred <= at })
}
