package feed

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// frameKind is a way in which a server may put its payloads on the wire.
type frameKind struct {
	name       string
	extensions string // in the handshake's answer
	level      int    // of deflate
	fresh      bool   // each frame is packed by itself
}

var (
	plainFrames = frameKind{name: "plain"}
	frameKinds  = []frameKind{
		plainFrames,
		{name: "each by itself", extensions: "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n", level: flate.BestSpeed, fresh: true},
		{name: "by those before", extensions: "Sec-WebSocket-Extensions: permessage-deflate\r\n", level: flate.BestSpeed},
	}
)

// pack makes frames of payloads.
func (k frameKind) pack(payloads [][]byte) [][]byte {
	frames := make([][]byte, len(payloads))
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, max(k.level, flate.BestSpeed))
	if err != nil {
		panic(err)
	}
	for i, payload := range payloads {
		if k.extensions == "" {
			frames[i] = wsFrame(payload)
			continue
		}
		if packed.Reset(); k.fresh {
			w.Reset(&packed)
		}
		_, _ = w.Write(payload)
		_ = w.Flush() // to memory: it cannot fail
		frames[i] = wsFrame(packed.Bytes()[:packed.Len()-4])
		frames[i][0] |= 0x40 // compressed (RFC 7692 section 6)
	}
	return frames
}

// mixedFrames are n bars whose numbers differ as those of a market do: what packs
// them is their form, their names and the day's figures. Each contract has at
// most one a second.
func mixedFrames(n, per int) [][]byte {
	random := rand.New(rand.NewPCG(3, 4))
	symbols := chainSymbols("SPY", 2000)
	type day struct {
		volume      int
		first, last float64
		money       float64
	}
	days := make([]day, len(symbols))
	start := time.Now().Add(-time.Duration(n/len(symbols)+10) * time.Second).Truncate(time.Second).UnixMilli()
	var frames [][]byte
	frame, held := []byte("["), 0
	for i := range n {
		if i%len(symbols) == 0 {
			random.Shuffle(len(symbols), func(x, y int) {
				symbols[x], symbols[y] = symbols[y], symbols[x]
				days[x], days[y] = days[y], days[x]
			})
			start += 1000
		}
		d := &days[i%len(symbols)]
		if d.volume == 0 {
			d.first = float64(5+random.IntN(2000)) / 100
			d.last = d.first
		}
		open := d.last
		last := max(open+float64(random.IntN(11)-5)/100, 0.01)
		size := 1 + int(random.ExpFloat64()*12)
		mean := (open + last) / 2
		d.volume, d.last, d.money = d.volume+size, last, d.money+mean*float64(size)
		frame = fmt.Appendf(frame, `{"ev":"A","sym":%q,"v":%d,"av":%d,"op":%.2f,"vw":%.4f,"o":%.2f,"c":%.2f,"h":%.2f,"l":%.2f,"a":%.4f,"z":%d,"s":%d,"e":%d}`,
			symbols[i%len(symbols)], size, d.volume, d.first, mean, open, last, max(open, last), min(open, last),
			d.money/float64(d.volume), 1+size/3, start, start+1000)
		if held++; held == per || i == n-1 {
			frames = append(frames, append(frame, ']'))
			frame, held = []byte("["), 0
			continue
		}
		frame = append(frame, ',')
	}
	return frames
}

// BenchmarkCompression is BenchmarkSocketToTape with what the server may send:
// bytes on the wire and processor time, that of writing to the socket included
// and that of packing not.
func BenchmarkCompression(b *testing.B) {
	for _, per := range []int{1, 100, 1000} {
		for _, kind := range frameKinds {
			b.Run(fmt.Sprintf("%d events a frame, %s", per, kind.name), func(b *testing.B) {
				took, processor, allocations, wire := throughSocketAs(b, b.N, mixedFrames(b.N, per), kind)
				b.ReportMetric(float64(took)/float64(b.N), "ns/event")
				b.ReportMetric(float64(processor)/float64(b.N), "cpu-ns/event")
				b.ReportMetric(float64(wire)/float64(b.N), "wire-B/event")
				b.ReportMetric(float64(allocations)/float64(b.N), "allocs/event")
			})
		}
	}
}
