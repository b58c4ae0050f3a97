package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"optflow/feed/faults"
	"optflow/feed/massive/wiretest"
	"optflow/feed/source"
)

func TestFault47TruncatedBody(t *testing.T) {
	faults.Open(t, 47)
	whole := `{"status":"OK","request_id":"x","results":[` + chainRow + `]}`
	for name, send := range map[string]func(w http.ResponseWriter){
		"shorter than announced": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "50000")
			_, _ = io.WriteString(w, whole)
		},
		"cut between chunks": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, whole[:60])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
	} {
		server := newRESTServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			send(w)
		})
		page, err := newTestREST(t, RESTOptions{BaseURL: server.URL}).Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		if e := apiError(t, err, source.ErrorTruncated); !e.Temporary() || len(page.Snapshots) != 0 {
			t.Errorf("%s: %v, %d snapshots", name, e, len(page.Snapshots))
		}
	}
}

// endless gives zeroes for ever and counts them.
type endless struct{ given int64 }

func (e *endless) Read(b []byte) (int, error) { e.given += int64(len(b)); clear(b); return len(b), nil }
func (e *endless) Close() error               { return nil }

func TestFault49EndlessBody(t *testing.T) {
	faults.Open(t, 49)
	var packed bytes.Buffer
	bomb, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	_, _ = io.Copy(bomb, io.LimitReader(&endless{}, 4*maxBody))
	_ = bomb.Close()
	left := bytes.NewReader(packed.Bytes())
	for name, body := range map[string]func() io.ReadCloser{
		"10 GB": func() io.ReadCloser { return &endless{} },
		"bomb":  func() io.ReadCloser { return io.NopCloser(left) },
	} {
		a := wiretest.Answer("")
		a.Body = body()
		if name == "bomb" {
			a.Header.Set("Content-Encoding", "gzip")
		}
		r := newTestREST(t, RESTOptions{BaseURL: "http://host.test", HTTPClient: &http.Client{Transport: wiretest.RoundTrip(func(*http.Request) (*http.Response, error) { return a, nil })}})
		_, err := r.Chain(wiretest.Bounded(t), "SPY", source.ChainFilter{})
		apiError(t, err, source.ErrorTooLarge)
		if e, ok := a.Body.(*endless); ok && e.given > 2*maxBody+1<<20 {
			t.Errorf("%s: %d MB read", name, e.given>>20)
		}
		if name == "bomb" && left.Len() < packed.Len()/2 {
			t.Errorf("all but %d of %d packed bytes were read", left.Len(), packed.Len())
		}
		if errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: ended by the clock only", name)
		}
	}
}
