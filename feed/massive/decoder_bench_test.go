package massive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// barStruct is how a program without a decoder of its own reads a bar.
type barStruct struct {
	Ev  string  `json:"ev"`
	Sym string  `json:"sym"`
	V   float64 `json:"v"`
	AV  float64 `json:"av"`
	OP  float64 `json:"op"`
	VW  float64 `json:"vw"`
	O   float64 `json:"o"`
	C   float64 `json:"c"`
	H   float64 `json:"h"`
	L   float64 `json:"l"`
	A   float64 `json:"a"`
	Z   float64 `json:"z"`
	S   int64   `json:"s"`
	E   int64   `json:"e"`
}

// benchFrame is a frame of n second bars over 2,000 contracts.
func benchFrame(n, from int) []byte {
	var b bytes.Buffer
	for i := range n {
		b.WriteByte("[,"[min(i, 1)])
		k := (i*7919 + from) % 2000
		fmt.Fprintf(&b, `{"ev":"A","sym":"O:%s251219%c%08d","v":%d,"av":%d,"op":%.2f,"vw":%.4f,"o":%.2f,"c":%.2f,"h":%.2f,"l":%.2f,"a":%.4f,"z":%d,"s":%d,"e":%d}`,
			[]string{"SPY", "QQQ", "NVDA", "SPXW"}[k%4], "CP"[k%2], 100000+k*500, 1+k%900, 1000+k, 4.85, 5.1132+float64(k)/100, 5.08, 5.15, 5.16, 5.06, 4.9871, 1+k%9,
			1765809000000+i*1000, 1765809001000+i*1000)
	}
	b.WriteByte(']')
	return b.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		frame := benchFrame(n, 0)
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			d, batch := newDecoder(), Batch{}
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				batch.Reset()
				if err := d.Decode(frame, &batch); err != nil || len(batch.Bars) != n {
					b.Fatal(err, len(batch.Bars))
				}
			}
			perEvent := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(n)
			b.ReportMetric(perEvent, "ns/event")
			b.ReportMetric(encodingJSON(b, frame, n)/perEvent, "x-json")
		})
	}
}

// encodingJSON is what encoding/json takes for the same events, ns an event.
func encodingJSON(b *testing.B, frame []byte, n int) float64 {
	rounds := max(1, 4000/n)
	start := time.Now()
	for range rounds {
		var bars []barStruct
		if err := json.Unmarshal(frame, &bars); err != nil || len(bars) != n {
			b.Fatal(err)
		}
	}
	return float64(time.Since(start).Nanoseconds()) / float64(rounds) / float64(n)
}

func BenchmarkDecodeFiltered(b *testing.B) {
	frame := benchFrame(100, 0)
	d, batch := newDecoder(), Batch{}
	d.Keep = func(string) bool { return false }
	b.ReportAllocs()
	for b.Loop() {
		batch.Reset()
		if err := d.Decode(frame, &batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/event")
}
