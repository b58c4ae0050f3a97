package api

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
	"optflow/model/crash"
)

var bodies = sync.Pool{New: func() any { return new(body) }}

// get is the one function that issues requests. It reads the whole answer, of at
// most so many bytes, into a buffer, hands that to read, and takes it back: read
// must copy what it keeps.
func (r *REST) get(ctx context.Context, target *url.URL, most int64, read func(body []byte) error) error {
	endpoint := wire.Clean(target.Path, endpointCells, r.o.Key)
	body := bodies.Get().(*body)
	body.turn = r.turn
	defer func() {
		body.free()
		if body.Cap() <= pooledBody {
			body.Reset()
			bodies.Put(body)
		}
	}()
	x := Exchange{Asked: time.Now(), Method: http.MethodGet, Target: target, Base: r.base}
	err := r.fetch(ctx, target, body, most, &x)
	if r.o.OnExchange != nil {
		x.Body, x.Err = body.Bytes(), err
		r.o.OnExchange(&x)
	}
	if err != nil {
		if failure, is := errors.AsType[*source.Failure](err); is {
			failure.Endpoint = endpoint
		}
		return err
	}
	if err := read(body.Bytes()); err != nil {
		if failure, is := errors.AsType[*source.Failure](err); is { // the body itself says that it is an error
			failure.Endpoint, failure.Status = endpoint, http.StatusOK
			return failure
		}
		return &source.Failure{Status: http.StatusOK, Kind: source.ErrorNotJSON, Endpoint: endpoint, Message: wire.Clean(err.Error(), wire.MessageCells, r.o.Key), Cause: err}
	}
	return nil
}

// fetch makes one request and reads the answer's body.
func (r *REST) fetch(parent context.Context, target *url.URL, body *body, most int64, x *Exchange) error {
	ctx, cancel := context.WithTimeoutCause(parent, wholeTimeout, errSlow)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	stall := time.AfterFunc(connectTimeout+headerTimeout, crash.Guarded("REST", func() { stop(errStalled) }))
	defer stall.Stop()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return &source.Failure{Kind: source.ErrorOther, Message: "request cannot be made", Cause: wire.Bare(err, r.o.Key)}
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "gzip") // asked for by ourselves: inflated under our own limit
	request.Header.Set("User-Agent", "optflow")
	if r.o.Key != nil && r.o.Key.Reveal() != "" {
		request.Header.Set("Authorization", "Bearer "+r.o.Key.Reveal())
	}
	answer, err := r.client.Do(request)
	if err != nil {
		return r.failed(parent, ctx, target, 0, err)
	}
	defer answer.Body.Close()
	x.Status, x.Type, x.Date = answer.StatusCode, answer.Header.Get("Content-Type"), answer.Header.Get("Date")
	wall := time.Now()
	if r.o.OnServer != nil {
		r.o.OnServer(answer.Header.Get("Server"))
	}
	good := answer.StatusCode >= 200 && answer.StatusCode < 300 // an error may come from anybody on the way
	if server, err := http.ParseTime(answer.Header.Get("Date")); err == nil && good && r.o.OnDate != nil {
		r.o.OnDate(server, wall)
	}
	stall.Reset(stallTimeout)
	progress := &progressReader{from: answer.Body, stall: stall, ctx: ctx}
	if answer.StatusCode != http.StatusOK {
		// What the error says is a bonus: a body that fails leaves it out.
		_ = body.read(answer, progress, wire.MaxErrorBody)
		return r.statusError(answer, body.Bytes(), wall)
	}
	notJSON := &source.Failure{Status: answer.StatusCode, Kind: source.ErrorNotJSON, Message: "the answer is not JSON: captive portal?"}
	typed, says := contentOf(answer.Header.Get("Content-Type"))
	if says && !typed {
		return notJSON
	}
	if err := body.read(answer, progress, most); err != nil {
		x.Cut = true
		return r.failed(parent, ctx, target, answer.StatusCode, err)
	}
	if !typed && !looksLikeJSON(body.Bytes()) {
		return notJSON
	}
	return nil
}

// contentOf tells by a Content-Type whether a body is JSON, if it says so at all:
// gateways send JSON with the type of any text, or with none. A page never is.
func contentOf(header string) (json, says bool) {
	kind, _, err := mime.ParseMediaType(header)
	switch {
	case err != nil, kind == "text/plain", kind == "application/octet-stream", kind == "binary/octet-stream":
		return false, false
	}
	return strings.HasSuffix(kind, "/json") || strings.HasSuffix(kind, "+json"), true
}

// looksLikeJSON reports whether a body begins as an object or an array does.
func looksLikeJSON(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	return len(body) > 0 && (body[0] == '{' || body[0] == '[')
}

var (
	errSlow    = errors.New("took longer than 30 s")
	errStalled = errors.New("no byte came for 10 s")
)

// failed sorts an error of the transport or of the body.
func (r *REST) failed(parent, ctx context.Context, target *url.URL, status int, err error) error {
	if cause := parent.Err(); cause != nil {
		return fmt.Errorf("ask %s: %w", target.Host, cause)
	}
	e := &source.Failure{Status: status, Kind: source.ErrorNetwork, Remedy: wire.Remedy(err), Cause: wire.Bare(err, r.o.Key)}
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errSlow), errors.Is(cause, errStalled):
		e.Kind, e.Message = source.ErrorTimeout, cause.Error()
	case errors.Is(err, errTooBig):
		e.Kind, e.Message = source.ErrorTooLarge, err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Kind, e.Message = source.ErrorTruncated, "the answer ended early"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), corrupt, errors.Is(err, errEncoding):
		e.Kind, e.Message = source.ErrorNotJSON, "the answer cannot be unpacked"
	default:
		var kind wire.DialKind
		if kind, e.Message = wire.SortFailure(ctx, target, err); kind == wire.DialTimeout {
			e.Kind = source.ErrorTimeout
		}
		if e.Message == "" {
			e.Message = wire.Clean(e.Cause.Error(), wire.MessageCells, r.o.Key)
		}
	}
	return e
}

// progressReader puts the stall timer off with each byte.
type progressReader struct {
	from  io.Reader
	stall *time.Timer
	ctx   context.Context // of the request
}

func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	if n > 0 {
		p.stall.Reset(stallTimeout)
	}
	return n, err
}

// wait waits for a token while nothing is read, which is not the server's doing.
func (p *progressReader) wait(turn <-chan struct{}) error {
	p.stall.Stop()
	defer p.stall.Reset(stallTimeout)
	select {
	case <-turn:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}
