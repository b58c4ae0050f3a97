package sim

import (
	"encoding/base64"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
	"optflow/model"
)

// query is the parameters of one request, those inside a cursor included.
type query struct {
	values url.Values
	offset int
	limit  int
	desc   bool
	sort   string
}

// readQuery reads what all listings share. A limit above most is refused, as the
// vendor does; sorts names the fields that may be sorted by, the first one being
// the default.
func readQuery(r *http.Request, usual, most int, sorts ...string) (query, *failure) {
	q := query{values: r.URL.Query(), limit: usual, sort: sorts[0]}
	if cursor := q.values.Get("cursor"); cursor != "" {
		text, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			return q, badRequest("cursor is not valid")
		}
		if q.values, err = url.ParseQuery(string(text)); err != nil {
			return q, badRequest("cursor is not valid")
		}
		if q.offset, err = strconv.Atoi(q.values.Get("offset")); err != nil || q.offset < 0 {
			return q, badRequest("cursor is not valid")
		}
	}
	if text := q.values.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			return q, badRequest("limit must be between 1 and %d", most)
		}
		q.limit = n
	}
	if text := q.values.Get("sort"); text != "" {
		if !slices.Contains(sorts, text) {
			return q, badRequest("sort must be one of %v", sorts)
		}
		q.sort = text
	}
	switch q.values.Get("order") {
	case "", "asc":
	case "desc":
		q.desc = true
	default:
		return q, badRequest("order must be asc or desc")
	}
	return q, nil
}

// next is the address of the page that begins at an offset. It is absolute, as
// the vendor's, and never holds a key: the client adds its own.
func (q *query) next(r *http.Request, offset int) string {
	values := url.Values{}
	for name, list := range q.values {
		if name != "apiKey" && name != "cursor" {
			values[name] = list
		}
	}
	values.Set("offset", strconv.Itoa(offset))
	return address(r, r.URL.EscapedPath(), values)
}

// address is the absolute address of a path with a cursor made of values.
func address(r *http.Request, path string, values url.Values) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	cursor := base64.RawURLEncoding.EncodeToString([]byte(values.Encode()))
	return scheme + "://" + r.Host + path + "?cursor=" + cursor
}

// pageOf cuts a page out of a listing, with the address of the next one.
func pageOf[T any](q *query, r *http.Request, all []T) ([]T, string) {
	from := min(q.offset, len(all))
	to := min(from+q.limit, len(all))
	if to < len(all) {
		return all[from:to], q.next(r, to)
	}
	return all[from:to], ""
}

// span is a range of whole numbers, both ends included.
type span struct{ low, high int64 }

func (s span) holds(n int64) bool { return n >= s.low && n <= s.high }

// between reads field, field.gte, .gt, .lte and .lt. Read says the first and the
// last number that a text means.
func (q *query) between(field string, read func(string) (first, last int64, ok bool)) (span, *failure) {
	s := span{math.MinInt64, math.MaxInt64}
	for _, suffix := range []string{"", ".gte", ".gt", ".lte", ".lt"} {
		text := q.values.Get(field + suffix)
		if text == "" {
			continue
		}
		first, last, ok := read(text)
		if !ok {
			return s, badRequest("%s is not valid", field+suffix)
		}
		switch suffix {
		case ".gte":
			s.low = max(s.low, first)
		case ".gt":
			s.low = max(s.low, first+1)
		case ".lte":
			s.high = min(s.high, first)
		case ".lt":
			s.high = min(s.high, first-1)
		default:
			s.low, s.high = max(s.low, first), min(s.high, last)
		}
	}
	return s, nil
}

// strikeUnit is the part of a dollar in which strikes are compared; they have
// three decimals.
const strikeUnit = 1_000_000

func readStrike(text string) (first, last int64, ok bool) {
	dollars, err := strconv.ParseFloat(text, 64)
	n := int64(math.Round(dollars * strikeUnit))
	return n, n, err == nil && math.Abs(dollars) < 1e9
}

func readDay(text string) (first, last int64, ok bool) {
	d, err := model.ParseDate(text)
	return int64(d), int64(d), err == nil
}

// readTime reads nanoseconds, a date, which is all of its day, or an RFC 3339 time.
func readTime(text string) (first, last int64, ok bool) {
	if d, err := model.ParseDate(text); err == nil {
		return basis.StartOfDay(d) * basis.Nanoseconds, basis.StartOfDay(d+1)*basis.Nanoseconds - 1, true
	}
	if strings.Contains(text, "T") {
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UnixNano(), t.UnixNano(), err == nil
	}
	ns, err := strconv.ParseInt(text, 10, 64)
	return ns, ns, err == nil && ns >= 0 && ns < math.MaxInt64
}

// readTimes reads the query of a listing by time, newest first unless asked
// otherwise.
func readTimes(r *http.Request) (q query, times span, bad *failure) {
	if q, bad = readQuery(r, 1000, 50_000, "timestamp"); bad != nil {
		return q, times, bad
	}
	q.desc = q.values.Get("order") != "asc"
	times, bad = q.between("timestamp", readTime)
	return q, times, bad
}

// contractFilter is the filter that chains and contract lists share.
type contractFilter struct {
	strike, expiry span
	kind           string
}

func (q *query) contractFilter() (f contractFilter, bad *failure) {
	if f.strike, bad = q.between("strike_price", readStrike); bad != nil {
		return f, bad
	}
	if f.expiry, bad = q.between("expiration_date", readDay); bad != nil {
		return f, bad
	}
	f.kind = q.values.Get("contract_type")
	if f.kind != "" && f.kind != "call" && f.kind != "put" {
		return f, badRequest("contract_type must be call or put")
	}
	return f, nil
}

func (f *contractFilter) holds(c *exchange.Contract) bool {
	return f.strike.holds(int64(c.Strike)*strikeUnit/1000) && f.expiry.holds(int64(c.Expiry)) &&
		(f.kind == "" || f.kind == c.Kind())
}
