package massive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
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
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
		})
	}
}

// BenchmarkDecodeAgainstEncodingJSON takes turns, so that whatever else the
// machine does falls on all alike, and reports medians: "x-json" against one
// json.Unmarshal into structs, which a wrong type anywhere spoils, and
// "x-json-safe" against one a bar, which costs that bar only, as Decoder does.
func BenchmarkDecodeAgainstEncodingJSON(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		frame := benchFrame(n, 0)
		b.Run(fmt.Sprintf("events=%d", n), func(b *testing.B) {
			d, batch := newDecoder(), Batch{}
			ours := func() {
				batch.Reset()
				if err := d.Decode(frame, &batch); err != nil {
					b.Fatal(err)
				}
			}
			plain := func() {
				var bars []barStruct
				if err := json.Unmarshal(frame, &bars); err != nil {
					b.Fatal(err)
				}
			}
			safe := func() {
				var elements []json.RawMessage
				if err := json.Unmarshal(frame, &elements); err != nil {
					b.Fatal(err)
				}
				for _, element := range elements {
					var bar barStruct
					if err := json.Unmarshal(element, &bar); err != nil {
						b.Fatal(err)
					}
				}
			}
			var times [3][]float64
			for b.Loop() {
				for i, decode := range [...]func(){ours, plain, safe} {
					start := time.Now()
					for range max(1, 200/n) {
						decode()
					}
					times[i] = append(times[i], float64(time.Since(start)))
				}
			}
			median := func(i int) float64 { slices.Sort(times[i]); return times[i][len(times[i])/2] }
			b.ReportMetric(median(1)/median(0), "x-json")
			b.ReportMetric(median(2)/median(0), "x-json-safe")
		})
	}
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
