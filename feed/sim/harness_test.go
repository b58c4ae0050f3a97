package sim

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"optflow/feed/massive/wiretest"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// monday is an ordinary trading day at 10:41 New York.
var monday = model.MakeDate(2026, time.November, 23).At(10, 41)

// floorUnderTest is a running server with a client's means to reach it.
type floorUnderTest struct {
	t      *testing.T
	market *exchange.Market
	server *Server
	client *http.Client
	stop   func()
}

// serve runs a server until the test ends.
func serve(t *testing.T, o exchange.Options, so ServerOptions) *floorUnderTest {
	t.Helper()
	m := exchange.NewMarket(o)
	s := NewServer(m, so)
	l := wiretest.NewPipes()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()
	transport := &http.Transport{DialContext: l.Dial, DisableCompression: true}
	f := &floorUnderTest{t: t, market: s.Market(), server: s, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	f.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		transport.CloseIdleConnections()
	})
	t.Cleanup(f.stop)
	return f
}

// dial opens a WebSocket on a path.
func (f *floorUnderTest) dial(path string) (*peer, error) {
	c, _, err := websocket.Dial(f.t.Context(), "ws://sim"+path, &websocket.DialOptions{HTTPClient: f.client})
	if err != nil {
		return nil, err
	}
	c.SetReadLimit(8 << 20)
	p := &peer{t: f.t, conn: c}
	f.t.Cleanup(func() { _ = c.CloseNow() })
	return p, nil
}

func (f *floorUnderTest) mustDial(path string) *peer {
	f.t.Helper()
	p, err := f.dial(path)
	if err != nil {
		f.t.Fatalf("dial %s: %v", path, err)
	}
	return p
}

// login dials /options and authenticates.
func (f *floorUnderTest) login() *peer {
	f.t.Helper()
	p := f.mustDial("/options")
	p.send(`{"action":"auth","params":"k"}`)
	p.expect("connected Connected Successfully", "auth_success authenticated")
	return p
}

// get asks REST and decodes the body into out, which may be nil.
func (f *floorUnderTest) get(path string, out any, headers ...string) *http.Response {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, "http://sim"+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer k")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := f.client.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	if out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			f.t.Fatalf("%s: %v in %.300s", path, err, body)
		}
	}
	return resp
}

// peer is a plain client that reads events one by one.
type peer struct {
	t      *testing.T
	conn   *websocket.Conn
	queued []wireEvent
	frames [][]byte
}

// wireEvent is any event, as a client would read it.
type wireEvent struct {
	EV      string          `json:"ev"`
	Status  string          `json:"status"`
	Message string          `json:"message"`
	Sym     string          `json:"sym"`
	V       float64         `json:"v"`
	AV      float64         `json:"av"`
	OP      float64         `json:"op"`
	VW      float64         `json:"vw"`
	O       float64         `json:"o"`
	C       json.RawMessage `json:"c"`
	H       float64         `json:"h"`
	L       float64         `json:"l"`
	A       float64         `json:"a"`
	Z       float64         `json:"z"`
	S       int64           `json:"s"`
	E       int64           `json:"e"`
	P       float64         `json:"p"`
	X       int             `json:"x"`
	T       int64           `json:"t"`
	Q       int64           `json:"q"`
	BP      float64         `json:"bp"`
	AP      float64         `json:"ap"`
	BS      int64           `json:"bs"`
	AS      int64           `json:"as"`
	BX      int             `json:"bx"`
	AX      int             `json:"ax"`
}

func (p *peer) send(text string) {
	p.t.Helper()
	if err := p.conn.Write(p.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		p.t.Fatalf("send %.80s: %v", text, err)
	}
}

// next reads one event, or the error that ended the connection.
func (p *peer) next(ctx context.Context) (wireEvent, error) {
	for len(p.queued) == 0 {
		_, text, err := p.conn.Read(ctx)
		if err != nil {
			return wireEvent{}, err
		}
		p.frames = append(p.frames, text)
		if err := json.Unmarshal(text, &p.queued); err != nil {
			p.t.Fatalf("frame is not an array of events: %v in %.300s", err, text)
		}
	}
	e := p.queued[0]
	p.queued = p.queued[1:]
	return e, nil
}

// must reads one event.
func (p *peer) must() wireEvent {
	p.t.Helper()
	e, err := p.next(p.t.Context())
	if err != nil {
		p.t.Fatalf("read: %v", err)
	}
	return e
}

// expect reads statuses, written "status message".
func (p *peer) expect(want ...string) {
	p.t.Helper()
	for _, w := range want {
		e := p.must()
		if got := e.Status + " " + e.Message; e.EV != "status" || got != w {
			p.t.Fatalf("got %s %q, want status %q", e.EV, got, w)
		}
	}
}

// during collects the events of a span of (virtual) time. The connection is
// unusable afterwards.
func (p *peer) during(d time.Duration) []wireEvent {
	ctx, cancel := context.WithTimeout(p.t.Context(), d)
	defer cancel()
	var events []wireEvent
	for {
		e, err := p.next(ctx)
		if err != nil {
			return events
		}
		events = append(events, e)
	}
}

// inBubble runs a test under the virtual clock.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func ms(t int64) string { return strconv.FormatInt(t, 10) }

func cents32(dollars float64) int32 { return int32(math.Round(dollars * 100)) }

func rawCents(number json.RawMessage) int32 {
	x, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		return -1
	}
	return cents32(x)
}

// count reads a volume in any of its forms; none is 0.
func count(n json.Number) int64 {
	x, err := n.Float64()
	if err != nil {
		return 0
	}
	return int64(x)
}
