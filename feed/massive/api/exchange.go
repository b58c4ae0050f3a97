package api

import (
	"net/http"
	"net/url"
	"time"
)

// Exchange is one request and what came of it, before anybody judges it.
type Exchange struct {
	Asked  time.Time
	Method string
	Target *url.URL
	Base   *url.URL // of which Target is part
	Status int      // 0: there was no answer
	Type   string   // the answer's Content-Type
	Date   string   // the server's time
	Body   []byte   // unpacked, as far as it was read
	Cut    bool     // it did not come whole
	Err    error    // nil: it was what was asked for
}

// answered notes what stands above the body.
func (x *Exchange) answered(answer *http.Response) {
	x.Status, x.Type, x.Date = answer.StatusCode, answer.Header.Get("Content-Type"), answer.Header.Get("Date")
}
