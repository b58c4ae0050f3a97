package alerts

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The hook law.
const (
	hookPause   = time.Second // between two requests of a hook: Discord's own limit is 5 in 2 s
	leastRetry  = time.Second // what a 429 asks for, clamped
	mostRetry   = time.Minute
	untoldRetry = 5 * time.Second // after a 429 that does not say
	mostRefused = 5               // 429s of one alert
	answerMost  = 4 << 10         // bytes of an answer that are read
)

// again is when a json hook is tried anew that was not reached, or that broke: it
// can tell by the key that it had the alert already. A chat cannot, and would
// show it twice.
var again = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second}

// Hook is where alerts are posted. URL is a secret: only its host is ever shown.
type Hook struct {
	Format  string
	URL     *url.URL
	Private bool
	Off     string // why it is off from the start, "" it is not
}

// hook is one on its way.
type hook struct {
	name   string
	to     Hook
	url    string
	topic  string // of ntfy
	client *http.Client
	pause  func(ctx context.Context, d time.Duration) error
	now    func() time.Time
	// trouble is told once when it is switched off.
	trouble func(text string)

	mu   sync.Mutex
	off  string
	last time.Time // of the last request
}

func newHook(name string, to Hook, o *Options, trouble func(string)) *hook {
	h := &hook{name: name, to: to, off: to.Off, trouble: trouble, pause: o.pause, now: o.Now}
	if to.URL == nil {
		return h
	}
	at := *to.URL
	if to.Format == "ntfy" { // the topic goes into the body, so that no header has text of ours
		path := strings.Trim(at.Path, "/")
		cut := strings.LastIndexByte(path, '/') + 1
		h.topic, at.Path, at.RawPath = path[cut:], "/"+path[:cut], ""
	}
	h.url = at.String()
	h.client = newClient(isLoopback(at.Hostname()), to.Private, o.Resolver)
	return h
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// host is what may be shown of it.
func (h *hook) host() string {
	if h.to.URL == nil {
		return "no address"
	}
	return h.to.URL.Hostname()
}

// idle says why it is off, "" it is not.
func (h *hook) idle() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.off
}

// switchOff ends it until the program starts again.
func (h *hook) switchOff(why string) {
	h.mu.Lock()
	was := h.off
	h.off = why
	h.mu.Unlock()
	if was == "" {
		h.trouble("hook:" + h.name + " is off: " + why)
	}
}

// send posts one mail by the law.
func (h *hook) send(ctx context.Context, _ *lane, m *mail) result {
	body := h.body(m)
	refused, lost := 0, 0
	for {
		if off := h.idle(); off != "" {
			return failed("off: " + off)
		}
		if err := h.pause(ctx, h.last.Add(hookPause).Sub(h.now())); err != nil {
			return dropped(noteEnded)
		}
		h.last = h.now()
		status, wait, err := h.post(ctx, m, body)
		var delay time.Duration
		switch {
		case err == nil && status < 300:
			return ok
		case status == http.StatusTooManyRequests:
			if refused++; refused > mostRefused {
				return failed(h.said(status) + ", 5 times waited for")
			}
			delay = wait
		case err != nil || status >= 500:
			note := h.said(status)
			if err != nil {
				note = cause(err) + " at " + h.host()
			}
			if h.to.Format != "json" || lost == len(again) || hopeless(err) {
				return failed(note)
			}
			delay = again[lost]
			lost++
		case status == 401 || status == 403 || status == 404 || status == 410:
			h.switchOff(h.said(status))
			return failed(h.said(status))
		case status < 400:
			return failed(h.said(status) + " leads elsewhere, and is not followed")
		default:
			return failed(h.said(status))
		}
		if err := h.pause(ctx, delay); err != nil {
			return dropped(noteEnded)
		}
	}
}

func (h *hook) said(status int) string { return fmt.Sprintf("%d at %s", status, h.host()) }

// post sends one request. The errors do not hold the URL.
func (h *hook) post(ctx context.Context, m *mail, body []byte) (status int, wait time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return 0, 0, errors.New("no request can be made")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "optflow")
	if h.to.Format == "json" {
		request.Header.Set("Idempotency-Key", m.key())
	}
	answer, err := h.client.Do(request)
	if err != nil {
		return 0, 0, plainly(err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, answerMost) // an answer may never end; what it says does not matter
	return answer.StatusCode, retryAfter(answer.Header.Get("Retry-After"), h.now()), nil
}

// key tells one event from another at a receiver that had it already.
func (m *mail) key() string {
	if m.event == fired {
		return m.id
	}
	return m.id + "-" + m.event
}

// plainly is an error without the URL, which the library repeats.
func plainly(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// hopeless reports whether an error will be there the next time too.
func hopeless(err error) bool {
	if errors.Is(err, errForbidden) {
		return true
	}
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	return certificate
}

// cause is an error in a few words, without names and addresses.
func cause(err error) string {
	var timeout interface{ Timeout() bool }
	_, dns := errors.AsType[*net.DNSError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, errForbidden):
		return errForbidden.Error()
	case authority:
		return "certificate of an unknown authority"
	case certificate:
		return "certificate not valid"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer within 5 s"
	case dns:
		return "no such host"
	}
	return "no connection"
}

// retryAfter is what a 429 asks for, within bounds: seconds, or a date. Some old
// servers mean milliseconds; the upper bound takes the sting out of that.
func retryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	wait := untoldRetry
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		wait = mostRetry
		if seconds < mostRetry.Seconds() { // no number is too large for the comparison
			wait = time.Duration(seconds * float64(time.Second))
		}
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, leastRetry), mostRetry)
}

// takesAll reports whether it takes what is no alert for people.
func (h *hook) takesAll() bool { return h.to.Format == "json" }

// body is what a hook's receiver understands.
func (h *hook) body(m *mail) []byte {
	text := m.text
	switch h.to.Format {
	case "slack":
		return encode(map[string]string{"text": slackText.Replace(text)})
	case "discord":
		return encode(map[string]any{
			"content":          cut(text, discordMost),
			"allowed_mentions": map[string][]string{"parse": {}}, // @everyone is a text like any other
		})
	case "ntfy":
		return encode(map[string]string{"topic": h.topic, "title": "optflow", "message": text})
	}
	return m.body
}

// discordMost is how many characters a message to Discord may have.
const discordMost = 2000

// slackText is what Slack wants written otherwise, and what would be a mention.
var slackText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// cut keeps the first characters, counted as JavaScript does.
func cut(text string, most int) string {
	units := 0
	for i, r := range text {
		if units++; r > 0xffff {
			units++
		}
		if units > most {
			return text[:i]
		}
	}
	return text
}
