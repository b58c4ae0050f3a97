package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"optflow/bench/heap"
	"optflow/feed/faults"
	"optflow/feed/massive/wire"
	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
	"optflow/model"
)

// askWithin has every call answered with the body, and measures each.
func askWithin(t testing.TB, body []byte) {
	r, err := NewREST(RESTOptions{BaseURL: "http://host.test", Key: wiretest.Secret(wiretest.Canary), HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(*http.Request) (*http.Response, error) {
		a := wiretest.Answer("")
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
			_, _, _, _ = r.aggsPage(ctx, r.target("/v2", nil), model.Second, wire.MinTime, wire.MaxTime, aggRows+pageSlack)
		},
		"market":   func() { _, _ = r.MarketStatus(ctx) },
		"holidays": func() { _, _ = r.Upcoming(ctx) },
	} {
		heap.Within(t, name, len(body), wiretest.HeapFactor, 1, ask)
	}
}

// costlyAnswers are bodies that cost, or once did cost, far more than their size.
func costlyAnswers(size int) map[string]string {
	list := func(element string) string {
		return `{"status":"OK","request_id":"x","results":[` + wiretest.Repeated(element, size) + `]}`
	}
	return map[string]string{
		"nothing": list("{}"), "numbers": list("1"), "lists": list("[[]]"), "rows": list(strings.ReplaceAll(chainRow, "\n", "")),
		"bars":         list(`{"o":1,"h":1,"l":1,"c":1,"v":4,"vw":1,"t":1765809000000}`),
		"empty rows":   list(`{"details":{"ticker":"","T":""}}`),
		"empty texts":  list(`{"ticker":"","ticker":"","ticker":"","ticker":"","ticker":"","ticker":""}`),
		"many lists":   `{"status":"OK",` + wiretest.Repeated(`"results":[{},{},{}]`, size) + `}`,
		"holidays":     "[" + wiretest.Repeated("{}", size) + "]",
		"long text":    `{"status":"OK","next_url":"` + strings.Repeat("x", size) + `"}`,
		"long escapes": `{"status":"OK","message":"` + strings.Repeat(`\u0041`, size/6) + `"}`,
		"keys":         `{"status":"OK",` + wiretest.Keys(size) + `}`,
		"deep":         `{"status":"OK","results":` + strings.Repeat("[", min(size, 9000)) + strings.Repeat("]", min(size, 9000)) + `}`,
	}
}

func TestFault49AnswersCostWhatTheyAre(t *testing.T) {
	faults.Open(t, 49)
	sizes := []int{1 << 10, 100 << 10, 3 << 20}
	if raced > 1 { // the largest takes a minute there
		sizes = sizes[:2]
	}
	for _, size := range sizes {
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
	r := newTestREST(t, RESTOptions{BaseURL: "http://host.test", HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(*http.Request) (*http.Response, error) {
		a := wiretest.Answer(packed.String())
		a.Header.Set("Content-Encoding", "gzip")
		return a, nil
	})}})
	cost := heap.Allocated(func() {
		_, err := r.Chain(context.Background(), "SPY", source.ChainFilter{})
		if e := apiError(t, err, source.ErrorTooLarge); !strings.Contains(e.Error(), "more rows than were asked for") {
			t.Error(e)
		}
	})
	if cost > raced*3*pageBody {
		t.Errorf("%d MB for a million elements in %d KB", cost>>20, packed.Len()>>10)
	}
}
