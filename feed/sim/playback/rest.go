package playback

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"time"

	"optflow/feed/capture"
)

// answers are those of REST by what was asked, from the exact question to one
// that differs in times alone.
type answers struct{ exact, path, alike map[string][]capture.Event }

func sorted(c *capture.Capture) answers {
	a := answers{map[string][]capture.Event{}, map[string][]capture.Event{}, map[string][]capture.Event{}}
	for _, e := range c.Answers {
		question := e.Method + " " + e.Path
		exact, alike := question+"?"+e.Query, timeless(question)
		a.exact[exact] = append(a.exact[exact], e)
		a.path[question] = append(a.path[question], e)
		a.alike[alike] = append(a.alike[alike], e)
	}
	return a
}

// stamp is a time in ms in a path: bars are asked for from one to another.
var stamp = regexp.MustCompile(`/\d{12,}\b`)

func timeless(path string) string { return stamp.ReplaceAllString(path, "/t") }

// nearest is the captured answer to a request that was asked for nearest to a time.
func (a *answers) nearest(r *http.Request, at time.Duration) (best capture.Event, ok bool) {
	query := r.URL.Query()
	query.Del("apiKey")
	question := r.Method + " " + r.URL.Path
	for _, found := range [][]capture.Event{a.exact[question+"?"+query.Encode()], a.path[question], a.alike[timeless(question)]} {
		for _, e := range found {
			if !ok || (e.Time()-at).Abs() < (best.Time()-at).Abs() {
				best, ok = e, true
			}
		}
		if ok {
			return best, true
		}
	}
	return best, false
}

// answer answers a request as it was answered then.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, at time.Duration) {
	header := w.Header()
	e, ok := s.answers.nearest(r, at)
	header["Date"] = nil // ours would be another time than the capture's
	if !ok {
		header.Set("Retry-After", "5")
		http.Error(w, "this was not asked for in the capture", http.StatusServiceUnavailable)
		return
	}
	if date, err := http.ParseTime(e.Date); err == nil {
		header.Set("Date", date.Add(at-e.Time()).UTC().Format(http.TimeFormat))
	}
	body, err := s.capture.Body(e)
	if err != nil || e.Status < 100 || e.Status > 999 {
		panic(http.ErrAbortHandler) // the connection ends without an answer, as it did
	}
	body = s.homeward(body, "http://"+r.Host)
	if e.Type != "" {
		header.Set("Content-Type", e.Type)
	} else {
		header["Content-Type"] = nil
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(body) // #nosec G705 -- a program that speaks the wire reads it; what browsers send is refused
	if e.Cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// homeward leads the next page's address, which names the server of then, to this
// one.
func (s *Server) homeward(body []byte, here string) []byte {
	there := s.capture.REST
	if there == "" {
		return body
	}
	escaped := func(text string) []byte { return []byte(strings.ReplaceAll(text, "/", `\/`)) }
	body = bytes.ReplaceAll(body, []byte(`"`+there+`/`), []byte(`"`+here+`/`))
	return bytes.ReplaceAll(body, escaped(`"`+there+`/`), escaped(`"`+here+`/`))
}
