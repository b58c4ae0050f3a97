package massive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"optflow/feed/link"
	"optflow/feed/massive/wiretest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
)

var wordNames = map[link.Word]string{
	link.Greets: "connected", link.TakesKey: "auth ok", link.NotAuthorized: "not authorized", subscribed: "subscribed", unsubscribed: "unsubscribed",
}

// converse reads frames until n statuses came and returns their words and pairs.
func converse(t *testing.T, c *Conn, d *Decoder, n int) (said []string) {
	t.Helper()
	var buf []byte
	for len(said) < n {
		frame, err := c.Read(wiretest.Bounded(t), buf)
		if err != nil {
			t.Fatal(err)
		}
		buf = frame
		for _, s := range decode(t, d, string(frame)).Statuses {
			said = append(said, strings.TrimSpace(wordNames[s.Word]+" "+s.Pair))
		}
	}
	return said
}

func TestMassiveConversation(t *testing.T) {
	wrong := make(chan string, 1)
	server := newStreamServer(t, transcript(`
S [{"ev":"status","status":"connected","message":"Connected Successfully"}]
C {"action":"auth","params":"`+wiretest.Canary+`"}
S [{"ev":"status","status":"auth_success","message":"authenticated"}]
C {"action":"subscribe","params":"AM.O:SPY251219C00650000,AM.O:SPY251219P00650000"}
S [{"ev":"status","status":"error","message":"not authorized"}]
S [{"ev":"status","status":"success","message":"subscribed to: AM.O:SPY251219C00650000"},`+minuteBar+`,{"ev":"status","status":"success","message":"subscribed to: AM.O:SPY251219P00650000"}]
C {"action":"subscribe","params":"A.*"}
S [{"ev":"status","status":"success","message":"subscribed to: A.*"}]
C {"action":"unsubscribe","params":"AM.O:SPY251219P00650000"}
S [{"ev":"status","status":"success","message":"unsubscribed to: AM.O:SPY251219P00650000"}]
`, wrong))
	ctx := wiretest.Bounded(t)
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	d := newDecoder()
	said := converse(t, c, d, 1)
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	do(c.Login(ctx))
	said = append(said, converse(t, c, d, 1)...)
	do(c.Subscribe(ctx, link.MinuteBars, []string{"O:SPY251219C00650000", "O:SPY251219P00650000"}))
	said = append(said, converse(t, c, d, 3)...)
	do(c.Subscribe(ctx, link.MinuteBars, []string{}))
	do(c.Subscribe(ctx, link.SecondBars, nil))
	said = append(said, converse(t, c, d, 1)...)
	do(c.Unsubscribe(ctx, link.MinuteBars, []string{"O:SPY251219P00650000"}))
	said = append(said, converse(t, c, d, 1)...)
	want := []string{"connected", "auth ok", "not authorized", "subscribed " + Pair(link.MinuteBars, "O:SPY251219C00650000"),
		"subscribed AM.O:SPY251219P00650000", "subscribed " + Pair(link.SecondBars, ""), "unsubscribed AM.O:SPY251219P00650000"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	if r := server.last(); r.URL.Path != "/options" || r.URL.RawQuery != "" || r.Header.Get("Referer") != "" || r.Header.Get("Sec-WebSocket-Extensions") != "" || r.Header.Get("Authorization") != "" {
		t.Errorf("upgrade asked for %v with %v", r.URL, r.Header)
	}
	c.Close() // the script ends without a goodbye of its own
	if w := <-wrong; w != "" {
		t.Error(w)
	}
}

func TestOriginConversation(t *testing.T) {
	wrong := make(chan string, 1)
	server := newStreamServer(t, transcript(`
C {"action":"subscribe","ticker":"O:SPY251219C00650000"}
C {"action":"subscribe","ticker":"O:SPY251219P00650000"}
C {"action":"unsubscribe","ticker":"O:SPY251219P00650000"}
C {"action":"subscribe","ticker":"*"}
S [`+without("ev")+`]
`, wrong))
	ctx := wiretest.Bounded(t)
	c := dialTest(t, server.ws()+"/options/A?x=1&APIKEY=old", StreamOptions{Dialect: Origin}, link.MinuteBars)
	for _, err := range []error{
		c.Login(ctx),
		c.Subscribe(ctx, link.MinuteBars, []string{"O:SPY251219C00650000", "O:SPY251219P00650000"}),
		c.Unsubscribe(ctx, link.MinuteBars, []string{"O:SPY251219P00650000"}),
		c.Subscribe(ctx, link.MinuteBars, nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	frame, err := c.Read(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDecoder()
	d.Assume = link.MinuteBars
	if b := decode(t, d, string(frame)); len(b.Bars) != 1 {
		t.Errorf("%+v", b)
	}
	if q := server.last().URL.Query(); server.last().URL.Path != "/options/AM" || q.Get("apiKey") != wiretest.Canary || q.Has("APIKEY") || q.Get("x") != "1" {
		t.Errorf("upgrade asked for %v", server.last().URL)
	}
	c.CloseNow()
	if w := <-wrong; w != "" {
		t.Error(w)
	}
}

func TestSubscribeRefusesWhatIsNoSymbol(t *testing.T) {
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) { _, _, _ = ws.Read(ctx) })
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	for _, symbol := range []string{"", "SPY", "O:SPY251219C00650000,AM.*", "O:SPY*", "\x1b[31m"} {
		if err := c.Subscribe(wiretest.Bounded(t), link.MinuteBars, []string{symbol}); err == nil || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v", symbol, err)
		}
	}
}

func TestReadTellsHowTheServerLeft(t *testing.T) {
	for _, want := range []CloseError{
		{1000, ""}, {1001, "going away"}, {1008, "policy"}, {1009, ""}, {1011, "keepalive ping timeout"}, {1012, ""}, {1013, "later"},
		{4000, "\x1b]0;owned\a\u009b31m" + wiretest.Canary + "\u202e"}, {int(websocket.StatusNoStatusRcvd), ""},
	} {
		server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
			_ = ws.Close(websocket.StatusCode(want.Code), want.Reason)
		})
		c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
		_, err := c.Read(wiretest.Bounded(t), nil)
		var got *CloseError
		if !errors.As(err, &got) || got.Code != want.Code {
			t.Errorf("%v: %v", want, err)
			continue
		}
		wiretest.NoCanary(t, "close reason", got.Error())
		if want.Code == 4000 {
			if got.Reason != "]0;owned31m[redacted]" {
				t.Errorf("reason %q", got.Reason)
			}
		} else if got.Reason != want.Reason {
			t.Errorf("reason %q, want %q", got.Reason, want.Reason)
		}
	}
}

func TestReadTellsADrop(t *testing.T) {
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) { _ = ws.CloseNow() })
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	_, err := c.Read(wiretest.Bounded(t), nil)
	var goodbye *CloseError
	if err == nil || errors.As(err, &goodbye) || errors.Is(err, ErrTooBig) {
		t.Errorf("%v", err)
	}
}

func TestReadReusesItsBuffer(t *testing.T) {
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		for n := range 200 {
			_ = ws.Write(ctx, websocket.MessageText, []byte(strings.Repeat("x", n*50)))
		}
		_, _, _ = ws.Read(ctx)
	})
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	ctx := wiretest.Bounded(t)
	buf := make([]byte, 0, 16<<10)
	next := 0
	read := func() {
		frame, err := c.Read(ctx, buf)
		if err != nil || len(frame) != next*50 || len(frame) > 0 && &frame[0] != &buf[:1][0] {
			t.Fatalf("frame %d: %d bytes, %v", next, len(frame), err)
		}
		next++
	}
	read()
	if n := testing.AllocsPerRun(150, read); n > 1 { // the server's are counted, too
		t.Logf("%v allocations a frame, client and server", n)
	}
	grown, err := c.Read(ctx, make([]byte, 3))
	if err != nil || len(grown) != next*50 {
		t.Errorf("%d bytes into 3: %v", len(grown), err)
	}
}

// A frame as large as the one before takes one buffer, and not all sizes up to it.
func TestLargeFramesTakeOneBuffer(t *testing.T) {
	const size = 5 << 20
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		frame := make([]byte, size)
		for range 2 {
			_ = ws.Write(ctx, websocket.MessageText, frame)
		}
		_, _, _ = ws.Read(ctx)
	})
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	for n, most := range []uint64{8 * size, size + size/4} { // the server's own frame is of the first
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		frame, err := c.Read(wiretest.Bounded(t), make([]byte, 0, 4096))
		runtime.ReadMemStats(&after)
		if err != nil || len(frame) != size {
			t.Fatalf("%d bytes, %v", len(frame), err)
		}
		if all := after.TotalAlloc - before.TotalAlloc; all > most {
			t.Errorf("frame %d: %d KB were allocated", n, all>>10)
		}
	}
}

func TestFrameLimit(t *testing.T) {
	for size, fits := range map[int]bool{DefaultReadLimit: true, DefaultReadLimit + 1: false, 64 << 20: false} {
		server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
			_ = ws.Write(ctx, websocket.MessageText, make([]byte, size))
			_, _, _ = ws.Read(ctx)
		})
		c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
		buf := make([]byte, 0, DefaultReadLimit) // past it Read need not grow it
		frame, err := c.Read(wiretest.Bounded(t), buf)
		if fits && (err != nil || len(frame) != size) || !fits && !errors.Is(err, ErrTooBig) {
			t.Errorf("%d bytes: %d, %v", size, len(frame), err)
		}
		c.CloseNow()
	}
}

func TestSmallerLimitHolds(t *testing.T) {
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		_ = ws.Write(ctx, websocket.MessageText, make([]byte, 101))
		_, _, _ = ws.Read(ctx)
	})
	if _, err := dialTest(t, server.ws(), StreamOptions{ReadLimit: 100}, link.MinuteBars).Read(wiretest.Bounded(t), nil); !errors.Is(err, ErrTooBig) {
		t.Error(err)
	}
}

func TestEndOfContextEndsRead(t *testing.T) {
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) { _, _, _ = ws.Read(ctx) })
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(5*time.Millisecond, cancel)
	start := time.Now()
	if _, err := c.Read(ctx, nil); !errors.Is(err, context.Canceled) || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	if _, err := c.Read(context.Background(), nil); err == nil {
		t.Error("a connection whose context ended can be read")
	}
}

func TestPing(t *testing.T) {
	var answers atomic.Bool
	asked := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{OnPingReceived: func(context.Context, []byte) bool {
			asked <- struct{}{}
			return answers.Load() // else the pong is withheld
		}})
		if err == nil {
			_, _, _ = ws.Read(context.Background())
			_ = ws.CloseNow()
		}
	}))
	defer server.Close()
	c := dialTest(t, "ws"+strings.TrimPrefix(server.URL, "http"), StreamOptions{}, link.MinuteBars)
	ended := make(chan error, 1)
	go func() { _, err := c.Read(context.Background(), nil); ended <- err }()
	patience, cancel := context.WithCancel(wiretest.Bounded(t))
	defer cancel()
	before := c.Heard()
	go func() { <-asked; cancel() }()
	if err := c.Ping(patience); !errors.Is(err, ErrNoPong) {
		t.Errorf("without a pong: %v", err)
	}
	if c.Heard() != before {
		t.Error("heard something of a silent server")
	}
	answers.Store(true)
	if err := c.Ping(wiretest.Bounded(t)); err != nil {
		t.Errorf("with a pong: %v", err)
	}
	if !c.Heard().After(before) {
		t.Error("the pong was not heard")
	}
	c.CloseNow()
	if err := <-ended; err == nil {
		t.Error("Read went on after CloseNow")
	}
	if err := c.Ping(wiretest.Bounded(t)); err == nil || errors.Is(err, ErrNoPong) {
		t.Errorf("after CloseNow: %v", err)
	}
}

func TestPartialFramesAreSeen(t *testing.T) {
	release := make(chan struct{})
	server := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		w, err := ws.Writer(ctx, websocket.MessageText)
		if err != nil {
			return
		}
		_, _ = fmt.Fprint(w, strings.Repeat("x", 10_000)) // more than the library's buffer
		<-release
		_ = w.Close()
		_, _, _ = ws.Read(ctx)
	})
	c := dialTest(t, server.ws(), StreamOptions{}, link.MinuteBars)
	if _, coming := c.Partial(); coming {
		t.Error("a frame is coming before there was one")
	}
	started := time.Now()
	got := make(chan int, 1)
	go func() { frame, _ := c.Read(context.Background(), nil); got <- len(frame) }()
	for {
		since, coming := c.Partial()
		if coming {
			if since.Before(started) || since.After(time.Now()) {
				t.Errorf("coming since %v", since)
			}
			break
		}
		if time.Since(started) > 5*time.Second {
			t.Fatal("the partial frame was not seen")
		}
		runtime.Gosched()
	}
	close(release)
	if n := <-got; n != 10_000 {
		t.Errorf("%d bytes", n)
	}
	if _, coming := c.Partial(); coming {
		t.Error("a frame is coming after its end")
	}
}

func TestCloseIsPoliteButShort(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	codes := make(chan websocket.StatusCode, 1)
	polite := newStreamServer(t, func(ctx context.Context, ws *websocket.Conn) {
		_, _, err := ws.Read(ctx)
		codes <- websocket.CloseStatus(err)
	})
	c := dialTest(t, polite.ws(), StreamOptions{}, link.MinuteBars)
	c.Close()
	if code := <-codes; code != 1000 {
		t.Errorf("the server saw %d", code)
	}
	rude := newStreamServer(t, func(context.Context, *websocket.Conn) { <-release })
	c = dialTest(t, rude.ws(), StreamOptions{}, link.MinuteBars)
	ended := make(chan error, 1)
	go func() { _, err := c.Read(context.Background(), nil); ended <- err }()
	start := time.Now()
	c.Close() // in vain: nobody answers
	if took := time.Since(start); took > closeTimeout+2*time.Second {
		t.Errorf("Close took %v", took)
	}
	<-ended
}

func FuzzCloseReason(f *testing.F) {
	f.Add("bye", 1000)
	f.Add("\x1b]52;c;aGk=\a", 4000)
	f.Add(wiretest.Canary+"\u200b"+wiretest.Canary, 1008)
	f.Add("cAn\u200bArY-key/+0123456789", 1008)
	f.Fuzz(func(t *testing.T, reason string, code int) {
		c := &Conn{key: wiretest.Secret(wiretest.Canary)}
		err := c.readError(context.Background(), fmt.Errorf("read: %w", websocket.CloseError{Code: websocket.StatusCode(code), Reason: reason}))
		var goodbye *CloseError
		if !errors.As(err, &goodbye) || goodbye.Code != code {
			t.Fatalf("%v", err)
		}
		if strings.ContainsFunc(goodbye.Error(), func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e }) || strings.Contains(goodbye.Error(), wiretest.Canary) {
			t.Fatalf("%q is not safe", goodbye.Error())
		}
	})
}
