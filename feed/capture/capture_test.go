package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"optflow/logs"
)

// record begins a capture and returns it with what ends it and reads its file.
func record(t testing.TB, o Options) (r *Recorder, ended func() []byte) {
	t.Helper()
	r, err := Open(filepath.Join(t.TempDir(), "deep", "capture"), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return r, func() []byte {
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		packed, err := os.ReadFile(r.Path())
		if err != nil {
			t.Fatal(err)
		}
		return packed
	}
}

func unpacked(t testing.TB, packed []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// some puts a connection and an answer into a capture.
func some(r *Recorder) {
	r.Take(Entry{Kind: Dial, Conn: 1, Host: "socket.test"}, nil)
	r.Take(Entry{Kind: Up, Conn: 1}, nil)
	r.Take(Entry{Kind: Frame, Conn: 1}, []byte("[{\"ev\":\"A\"}]\n\x00\xff"))
	r.Take(Entry{Kind: Answer, Method: "GET", Path: "/v1/marketstatus/now", Status: 200, Type: "application/json"}, []byte(`{"market":"open"}`))
	r.Take(Entry{Kind: Goodbye, Conn: 1, Status: 1008, Why: "max connections"}, nil)
}

func TestCaptureIsReadAsItWasTaken(t *testing.T) {
	r, ended := record(t, Options{Program: "optflow 1", REST: "https://api.test/base"})
	some(r)
	ended()
	if text := r.String(); !strings.Contains(text, "captured 1 messages and 1 answers in "+r.Path()) {
		t.Error(text)
	}
	for _, path := range []string{r.Path(), filepath.Dir(r.Path())} {
		c, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if c.REST != "https://api.test/base" || c.Program != "optflow 1" || time.Since(c.At) > time.Minute || c.Cut || c.Lost != 0 || c.Why != "the run is over" {
			t.Errorf("%+v", c)
		}
		if len(c.Conns) != 1 || len(c.Conns[0].Events) != 3 || len(c.Answers) != 1 || c.Frames != 1 {
			t.Fatalf("%+v", c)
		}
		frame, err := c.Body(c.Conns[0].Events[1])
		if err != nil || string(frame) != "[{\"ev\":\"A\"}]\n\x00\xff" {
			t.Errorf("%q, %v", frame, err)
		}
		body, err := c.Body(c.Answers[0])
		if err != nil || string(body) != `{"market":"open"}` {
			t.Errorf("%q, %v", body, err)
		}
		if bye := c.Conns[0].Events[2]; bye.Kind != Goodbye || bye.Status != 1008 || bye.Why != "max connections" {
			t.Errorf("%+v", bye.Entry)
		}
	}
}

func TestCaptureIsItsOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such bits")
	}
	r, ended := record(t, Options{})
	ended()
	for path, want := range map[string]os.FileMode{r.Path(): 0o600, filepath.Dir(r.Path()): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

func TestCaptureNeverHoldsTheKey(t *testing.T) {
	const canary = "cAnArY-key/+0123456789"
	r, ended := record(t, Options{Redact: logs.NewRedactor(canary).Redact})
	forms := []string{canary, url.QueryEscape(canary), url.PathEscape(canary)}
	for before := range 3 {
		beside := strings.Repeat("x", before) + canary + "&limit=250"
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(beside)), base64.RawURLEncoding.EncodeToString([]byte(beside)))
	}
	for _, form := range forms {
		r.Take(Entry{Kind: Dial, Conn: 1, Host: form}, nil)
		r.Take(Entry{Kind: Frame, Conn: 1}, []byte(`[{"ev":"status","message":"`+form+`"}]`))
		r.Take(Entry{Kind: Answer, Method: "GET", Path: "/v3/" + form, Query: "cursor=" + form, Why: form, Type: form, Date: form}, []byte(`{"next_url":"`+form+`"}`))
	}
	text := unpacked(t, ended())
	for _, form := range forms {
		if strings.Contains(text, form) {
			t.Errorf("it holds %q", form)
		}
		if long := form[6 : len(form)-16]; len(long) > 8 && strings.Contains(text, long) {
			t.Errorf("it holds %q, part of a form of the key", long)
		}
	}
	if n := strings.Count(text, "[redacted]"); n < 8*len(forms) {
		t.Errorf("%d places are redacted, want %d", n, 8*len(forms))
	}
}

func TestCaptureEndsWhereItIsFull(t *testing.T) {
	said := make(chan string, 1)
	r, ended := record(t, Options{Most: 1 << 20, Ended: func(why string) { said <- why }})
	noise := make([]byte, 64<<10)
	random := rand.New(rand.NewPCG(1, 2)) // which packs to nothing less
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	for deadline := time.Now().Add(time.Minute); len(said) == 0 && time.Now().Before(deadline); {
		r.Take(Entry{Kind: Frame, Conn: 1}, noise)
	}
	if why := <-said; !strings.Contains(why, "full, at 1 MiB") {
		t.Error(why)
	}
	packed := ended()
	if len(packed) < 1<<20 || len(packed) > 2<<20 {
		t.Errorf("%d bytes", len(packed))
	}
	if text := unpacked(t, packed); !strings.Contains(text, `"k":"end","why":"it is full`) {
		t.Error("the end is not in it")
	}
}

// Nobody writes: whoever hands something over must not wait for it.
func TestTakeNeverWaits(t *testing.T) {
	r, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const frames = mostEntries + 1000
	for range frames {
		r.Take(Entry{Kind: Frame, Conn: 1}, make([]byte, 100))
	}
	r.Take(Entry{Kind: Answer}, make([]byte, 100))
	r.Take(Entry{Kind: Up, Conn: 1}, nil) // for which there is room
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	c, err := Read(r.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Lost == 0 || int64(c.Frames)+c.Lost != frames+1 || len(c.Conns[0].Events) != c.Frames+1 {
		t.Errorf("%d messages, %d lost of %d", c.Frames, c.Lost, frames+1)
	}
	if !strings.Contains(r.String(), "faster than they could be written") {
		t.Error(r)
	}
}

func TestWhatIsNoWholeCapture(t *testing.T) {
	r, ended := record(t, Options{})
	some(r)
	packed := ended()
	dir := t.TempDir()
	path := filepath.Join(dir, "one"+suffix)
	read := func(content []byte) (*Capture, error) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return Read(path)
	}
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
		return b.Bytes()
	}
	whole := unpacked(t, packed)
	t.Run("cut", func(t *testing.T) {
		cuts := 0
		for n := 0; n < len(whole); n += 5 {
			c, err := read(pack(whole[:n]))
			if err != nil {
				if !strings.Contains(err.Error(), "no capture of optflow's") && !strings.Contains(err.Error(), "nothing that could be played") {
					t.Fatalf("after %d bytes: %v", n, err)
				}
				continue
			}
			if !c.Cut && n < strings.LastIndex(whole, `{"t"`) {
				t.Errorf("after %d bytes it is said to be whole", n)
			}
			cuts++
			_ = c.Close()
		}
		if c, err := read(packed[:len(packed)-12]); err != nil || !c.Cut {
			t.Errorf("%+v, %v", c, err)
		}
		if cuts < 20 {
			t.Errorf("%d could be read", cuts)
		}
	})
	damaged := bytes.Clone(packed)
	damaged[len(damaged)-8] ^= 1 // of the checksum
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"not packed":  {[]byte(whole), "no capture"},
		"another":     {pack("{}\n"), "no capture"},
		"empty":       {nil, "no capture"},
		"newer":       {pack(`{"v":2}` + "\n"), "needs a newer one"},
		"nothing":     {pack(`{"v":1}` + "\n"), "nothing that could be played"},
		"no JSON":     {pack(strings.Replace(whole, `"k":"up"`, `"k":up`, 1)), "damaged behind its entry 1"},
		"a long body": {pack(`{"v":1}` + "\n" + `{"k":"frame","conn":1,"n":99999999}` + "\n"), "at most"},
		"a wrong n":   {pack(strings.Replace(whole, `"n":17`, `"n":7`, 1)), "longer than it says"},
		"checksum":    {damaged, "damaged"},
		"connections": {pack(`{"v":1}` + "\n" + `{"k":"dial","conn":999999999}` + "\n"), "is of connection"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(c.content); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
	if _, err := Read(t.TempDir()); err == nil || !strings.Contains(err.Error(), "holds no capture") {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "two"+suffix), packed, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "holds 2 captures; name one") {
		t.Error(err)
	}
}
