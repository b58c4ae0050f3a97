package massive

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"optflow/feed/faults"
	"optflow/feed/source"
	"optflow/model"
)

// What reading may allocate in all, what is thrown away at once included.
const (
	heapFactor = 32        // bytes for each byte of input
	heapBase   = 256 << 10 // bytes, whatever the input: buffers, the first tables
)

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// withinHeap fails when f allocates more than size bytes of input may cost. What
// other goroutines allocate meanwhile may be in it, so it is asked a second time.
func withinHeap(t testing.TB, what string, size int, f func()) {
	t.Helper()
	most := uint64(heapFactor*size + heapBase)
	if got := allocated(f); got > most {
		if got = min(got, allocated(f)); got > most {
			t.Errorf("%s: %d KB for %d KB of input, at most %d KB", what, got>>10, size>>10, most>>10)
		}
	}
}

func repeated(element string, size int) string {
	n := max(size/(len(element)+1), 1)
	return strings.TrimSuffix(strings.Repeat(element+",", n), ",")
}

// costlyFrames are frames that cost, or once did cost, far more than their size.
func costlyFrames(size int) map[string]string {
	distinct := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format+",", i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	status := func(message string) string {
		return `{"ev":"status","status":"success","message":"` + message + `"}`
	}
	return map[string]string{
		"bars":            repeated(minuteBar, size),
		"nothing":         repeated("{}", size),
		"numbers":         repeated("1", size),
		"odd bars":        repeated(`{"a":{},"v":"x"}`, size),
		"statuses":        repeated(status("x"), size),
		"commas":          status("subscribed to: " + strings.Repeat(",", size)),
		"pairs":           status("subscribed to: " + strings.Repeat("A.*,", size/4)),
		"one long status": status(strings.Repeat("x", size)),
		"escapes":         status(strings.Repeat(`\u0041`, size/6)),
		"keys":            `{"ev":"status",` + repeatedKeys(size) + `}`,
		"deep":            strings.Repeat("[", min(size/2, maxNesting-2)) + strings.Repeat("]", min(size/2, maxNesting-2)),
		"roots":           distinct(`{"ev":"A","sym":"O:A%05d251219C00650000","v":1,"vw":1,"o":1,"h":1,"l":1,"c":1,"s":1765809000000}`),
		"contracts":       distinct(`{"ev":"A","sym":"O:SPY251219C%08d","v":1,"vw":1,"o":1,"h":1,"l":1,"c":1,"s":1765809000000}`),
	}
}

func repeatedKeys(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `"%x":0,`, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func TestFault29FramesCostWhatTheyAre(t *testing.T) {
	faults.Open(t, 29)
	for _, size := range []int{1 << 10, MaxStatus - 100, DefaultReadLimit - 100} {
		for name, elements := range costlyFrames(size) {
			frame := []byte("[" + elements + "]")
			withinHeap(t, fmt.Sprintf("%s, %d KB", name, size>>10), len(frame), func() {
				var b Batch
				_ = newDecoder().Decode(frame, &b)
				if len(b.Statuses) > MaxStatus { // one may acknowledge many pairs, of a comma each
					t.Errorf("%s: %d statuses in a frame of %d KB", name, len(b.Statuses), len(frame)>>10)
				}
			})
		}
	}
}

// A frame may be long for its bars, as after a pause, and acknowledge something
// as well.
func TestStatusInALongFrame(t *testing.T) {
	bars := strings.Repeat(`{"ev":"A","sym":"O:SPY251219C00650000","v":1},`, 2*MaxStatus/40)
	frame := []byte("[" + bars + `{"ev":"status","status":"success","message":"subscribed to: A.*"}]`)
	var b Batch
	if err := newDecoder().Decode(frame, &b); err != nil || len(frame) <= MaxStatus || len(b.Statuses) != 1 || b.Statuses[0].Kind != StatusSubscribed {
		t.Errorf("%v, %d bytes: %+v", err, len(frame), b.Statuses)
	}
}

func FuzzDecoderHeap(f *testing.F) {
	for _, elements := range costlyFrames(200) {
		f.Add([]byte("["+elements+"]"), true)
	}
	f.Fuzz(func(t *testing.T, frame []byte, assume bool) {
		withinHeap(t, "frame", len(frame), func() {
			d := &Decoder{Contracts: model.NewRegistry(), Key: secret(canary)}
			if assume {
				d.Assume = ChannelA
			}
			var b Batch
			_ = d.Decode(frame, &b)
		})
	})
}

// askWithin has every call answered with the body, and measures each.
func askWithin(t testing.TB, body []byte) {
	r, err := NewREST(RESTOptions{BaseURL: "http://host.test", Key: secret(canary), HTTPClient: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		a := answer("")
		a.Body = io.NopCloser(bytes.NewReader(body))
		return a, nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for name, ask := range map[string]func(){
		"chain":    func() { _, _ = r.Chain(ctx, "SPY", source.ChainFilter{}) },
		"listing":  func() { _, _ = r.Contracts(ctx, "SPY", source.ChainFilter{}) },
		"contract": func() { _, _ = r.Contract(ctx, "SPY", "O:SPY251219C00650000") },
		"unified": func() {
			_, _, _ = r.unifiedPage(ctx, r.target("/v3/snapshot", nil), nil, map[string]string{"O:SPY251219C00650000": ""})
		},
		"bars": func() {
			_, _, _, _ = r.aggsPage(ctx, r.target("/v2", nil), model.Second, minTime, maxTime, aggRows+pageSlack)
		},
		"market":   func() { _, _ = r.MarketStatus(ctx) },
		"holidays": func() { _, _ = r.Upcoming(ctx) },
	} {
		withinHeap(t, name, len(body), ask)
	}
}

// costlyAnswers are bodies that cost, or once did cost, far more than their size.
func costlyAnswers(size int) map[string]string {
	list := func(element string) string {
		return `{"status":"OK","request_id":"x","results":[` + repeated(element, size) + `]}`
	}
	return map[string]string{
		"nothing": list("{}"), "numbers": list("1"), "lists": list("[[]]"), "rows": list(strings.ReplaceAll(chainRow, "\n", "")),
		"bars":         list(`{"o":1,"h":1,"l":1,"c":1,"v":4,"vw":1,"t":1765809000000}`),
		"empty rows":   list(`{"details":{"ticker":"","T":""}}`),
		"empty texts":  list(`{"ticker":"","ticker":"","ticker":"","ticker":"","ticker":"","ticker":""}`),
		"many lists":   `{"status":"OK",` + repeated(`"results":[{},{},{}]`, size) + `}`,
		"holidays":     "[" + repeated("{}", size) + "]",
		"long text":    `{"status":"OK","next_url":"` + strings.Repeat("x", size) + `"}`,
		"long escapes": `{"status":"OK","message":"` + strings.Repeat(`\u0041`, size/6) + `"}`,
		"keys":         `{"status":"OK",` + repeatedKeys(size) + `}`,
		"deep":         `{"status":"OK","results":` + strings.Repeat("[", min(size, 9000)) + strings.Repeat("]", min(size, 9000)) + `}`,
	}
}

func TestFault49AnswersCostWhatTheyAre(t *testing.T) {
	faults.Open(t, 49)
	for _, size := range []int{1 << 10, 100 << 10, 3 << 20} {
		for name, body := range costlyAnswers(size) {
			t.Run(fmt.Sprintf("%s, %d KB", name, size>>10), func(t *testing.T) { askWithin(t, []byte(body)) })
		}
	}
}

func FuzzRESTHeap(f *testing.F) {
	for _, body := range costlyAnswers(200) {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) { askWithin(t, body) })
}

// raced is 1, or under the race detector, where a buffer that grows is made twice,
// how many times as much may be allocated.
var raced uint64 = 1

// Tens of millions of rows in a packed answer of some KB cost no more than the
// limit of an answer, and the answer says that there were too many.
func TestFault49TinyElements(t *testing.T) {
	faults.Open(t, 49)
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	_, _ = io.WriteString(z, `{"status":"OK","request_id":"x","results":[{}`)
	for range 10_000 {
		_, _ = io.WriteString(z, strings.Repeat(",{}", 100))
	}
	_, _ = io.WriteString(z, `]}`)
	_ = z.Close()
	r := newTestREST(t, RESTOptions{BaseURL: "http://host.test", HTTPClient: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		a := answer(packed.String())
		a.Header.Set("Content-Encoding", "gzip")
		return a, nil
	})}})
	cost := allocated(func() {
		_, err := r.Chain(context.Background(), "SPY", source.ChainFilter{})
		if e := apiError(t, err, source.ErrorTooLarge); !strings.Contains(e.Error(), "more rows than were asked for") {
			t.Error(e)
		}
	})
	if cost > raced*3*pageBody {
		t.Errorf("%d MB for a million elements in %d KB", cost>>20, packed.Len()>>10)
	}
}
