package playback

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"optflow/feed/capture"
	"optflow/feed/massive/wiretest"
)

const second = int64(time.Second / time.Microsecond)

// serve plays what is put into a capture, on loopback.
func serve(t *testing.T, speed float64, put func(r *capture.Recorder)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, l, speed, put)
	return l.Addr().String()
}

// serveOn plays what is put into a capture until the test ends.
func serveOn(t *testing.T, l net.Listener, speed float64, put func(r *capture.Recorder)) {
	t.Helper()
	r, err := capture.Open(t.TempDir(), capture.Options{REST: "https://api.test/base"})
	if err != nil {
		t.Fatal(err)
	}
	put(r)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	c, err := capture.Read(r.Path())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- NewServer(c, speed, nil).Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func get(t *testing.T, target string) (answer *http.Response, body string) {
	t.Helper()
	answer, err := http.Get(target) //nolint:noctx // on loopback
	if err != nil {
		return nil, err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return answer, err.Error()
	}
	return answer, string(text)
}

func TestAnswersAreThoseOfTheRequest(t *testing.T) {
	answered := func(at int64, path, query, body string) (capture.Entry, []byte) {
		return capture.Entry{At: at, Kind: capture.Answer, Method: "GET", Path: path, Query: query, Status: 200, Type: "application/json",
			Date: time.Date(2026, 11, 23, 15, 41, int(at/second), 0, time.UTC).Format(http.TimeFormat)}, []byte(body)
	}
	address := "http://" + serve(t, 1, func(r *capture.Recorder) {
		r.Take(answered(1*second, "/chain", "limit=250", `{"page":1,"next_url":"https://api.test/base/chain?cursor=abc"}`))
		r.Take(answered(2*second, "/chain", "cursor=abc", `{"page":2,"next_url":"https:\/\/api.test\/base\/chain?cursor=def"}`))
		r.Take(answered(900*second, "/chain", "limit=250", `{"page":"much later"}`))
		r.Take(answered(3*second, "/v2/aggs/ticker/O:X/range/1/second/1795448486000/1795448487000", "sort=asc", `{"bars":1}`))
		r.Take(capture.Entry{At: 4 * second, Kind: capture.Answer, Method: "GET", Path: "/none", Why: "no connection"}, nil)
		r.Take(capture.Entry{At: 4 * second, Kind: capture.Answer, Method: "GET", Path: "/cut", Status: 200, Cut: true}, []byte(`{"half":`))
		r.Take(capture.Entry{At: 4 * second, Kind: capture.Answer, Method: "GET", Path: "/many", Status: 429, Type: "application/json"}, []byte(`{"status":"ERROR"}`))
	})
	for _, c := range []struct {
		ask    string
		status int
		says   string
	}{
		{"/chain?limit=250", 200, `{"page":1,"next_url":"` + address + `/chain?cursor=abc"}`},
		{"/chain?limit=250&apiKey=k", 200, `"page":1`},
		{"/chain?cursor=abc", 200, `{"page":2,"next_url":"` + strings.ReplaceAll(address, "/", `\/`) + `\/chain?cursor=def"}`},
		{"/chain?cursor=other", 200, `"page":1`},
		{"/v2/aggs/ticker/O:X/range/1/second/1795448400000/1795448499000", 200, `{"bars":1}`},
		{"/v2/aggs/ticker/O:Y/range/1/second/1795448400000/1795448499000", 503, "not asked for in the capture"},
		{"/none", 0, "EOF"},
		{"/cut", 200, "EOF"},
		{"/many", 429, "ERROR"},
		{"/other", 503, "not asked for in the capture"},
	} {
		answer, body := get(t, address+c.ask)
		if status := 0; answer != nil {
			if status = answer.StatusCode; status != c.status || answer.Header.Get("Server") != ServerName {
				t.Errorf("%s: %d by %q, want %d", c.ask, status, answer.Header.Get("Server"), c.status)
			}
		} else if c.status != 0 {
			t.Errorf("%s: no answer", c.ask)
		}
		if !strings.Contains(body, c.says) {
			t.Errorf("%s: %s, want %s", c.ask, body, c.says)
		}
	}
	answer, _ := get(t, address+"/chain?limit=250")
	if date := answer.Header.Get("Date"); !strings.HasPrefix(date, "Mon, 23 Nov 2026 15:41:0") {
		t.Errorf("its time is %q", date)
	}
}

// The play of a connection waits for the client where the server did, and else for
// the time.
func TestMessagesComeAtTheirPace(t *testing.T) {
	address := serve(t, 10, func(r *capture.Recorder) {
		frame := func(at int64, text string) {
			r.Take(capture.Entry{At: at, Kind: capture.Frame, Conn: 1}, []byte(text))
		}
		r.Take(capture.Entry{At: second, Kind: capture.Dial, Conn: 1}, nil)
		frame(second, "connected")
		r.Take(capture.Entry{At: second, Kind: capture.Login, Conn: 1}, nil)
		frame(second, "authenticated")
		r.Take(capture.Entry{At: second, Kind: capture.Subscribe, Conn: 1}, nil)
		frame(second, "subscribed")
		frame(4*second, "later")
		r.Take(capture.Entry{At: 5 * second, Kind: capture.Goodbye, Conn: 1, Status: 1008, Why: "enough"}, nil)
		r.Take(capture.Entry{At: 6 * second, Kind: capture.Dial, Conn: 2}, nil)
		r.Take(capture.Entry{At: 6 * second, Kind: capture.Refused, Conn: 2, Status: 503, Why: "no"}, nil)
	})
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+address+"/options", nil)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	defer conn.CloseNow()
	hears := func(want string) {
		t.Helper()
		if _, text, err := conn.Read(ctx); err != nil || string(text) != want {
			t.Fatalf("%q, %v, want %q", text, err, want)
		}
	}
	said := func(text string) {
		t.Helper()
		if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	hears("connected")
	said(`{"action":"auth","params":"k"}`)
	hears("authenticated")
	said(`{"action":"subscribe","params":"A.*"}`)
	hears("subscribed")
	hears("later")
	if took := time.Since(begun); took < 250*time.Millisecond {
		t.Errorf("three seconds at tenfold pace took %s", took)
	}
	if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != 1008 {
		t.Errorf("%v", err)
	}
	if _, answer, err := websocket.Dial(ctx, "ws://"+address+"/options", nil); err == nil || answer == nil || answer.StatusCode != 503 {
		t.Errorf("the second dial: %v", err)
	}
}

func TestGoesOnWhereItWasForWhoComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := wiretest.NewPipes()
		serveOn(t, l, 1, func(r *capture.Recorder) {
			r.Take(capture.Entry{At: 1, Kind: capture.Dial, Conn: 1}, nil)
			r.Take(capture.Entry{At: 2, Kind: capture.Frame, Conn: 1}, []byte("connected"))
			r.Take(capture.Entry{At: 3, Kind: capture.Subscribe, Conn: 1}, nil)
			r.Take(capture.Entry{At: 4, Kind: capture.Frame, Conn: 1}, []byte("passed"))
			r.Take(capture.Entry{At: 3 * second / 2, Kind: capture.Frame, Conn: 1}, []byte("to come"))
		})
		client := &http.Client{Transport: &http.Transport{DialContext: l.Dial}}
		for n, want := range [][]string{{"connected", "passed"}, {"connected", "to come"}} {
			conn, _, err := websocket.Dial(t.Context(), "ws://pipes/options", &websocket.DialOptions{HTTPClient: client})
			if err != nil {
				t.Fatal(err)
			}
			for i, text := range want {
				if i == 1 {
					if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"action":"subscribe","params":"A.*"}`)); err != nil {
						t.Fatal(err)
					}
				}
				if _, got, err := conn.Read(t.Context()); err != nil || string(got) != text {
					t.Fatalf("dial %d: %q, %v, want %q", n+1, got, err, text)
				}
			}
			_ = conn.CloseNow() // the first before the last one has come
			time.Sleep(time.Second)
		}
	})
}
