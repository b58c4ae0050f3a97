package sim

import (
	"encoding/base64"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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

// bounds is a range of numbers, both ends included.
type bounds struct{ low, high float64 }

func (b bounds) hold(x float64) bool { return x >= b.low && x <= b.high }

// between reads field, field.gte, .gt, .lte and .lt through parse.
func (q *query) between(field string, parse func(string) (float64, error)) (bounds, *failure) {
	b := bounds{math.Inf(-1), math.Inf(1)}
	for _, suffix := range []string{"", ".gte", ".gt", ".lte", ".lt"} {
		text := q.values.Get(field + suffix)
		if text == "" {
			continue
		}
		x, err := parse(text)
		if err != nil {
			return b, badRequest("%s is not valid", field+suffix)
		}
		switch suffix {
		case ".gte":
			b.low = max(b.low, x)
		case ".gt":
			b.low = max(b.low, math.Nextafter(x, math.Inf(1)))
		case ".lte":
			b.high = min(b.high, x)
		case ".lt":
			b.high = min(b.high, math.Nextafter(x, math.Inf(-1)))
		default:
			b.low, b.high = max(b.low, x), min(b.high, x)
		}
	}
	return b, nil
}

func parseNumber(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

func parseDay(s string) (float64, error) {
	d, err := model.ParseDate(s)
	return float64(d), err
}

// contractFilter is the filter that chains and contract lists share.
type contractFilter struct {
	strike, expiry bounds
	kind           string
}

func (q *query) contractFilter() (f contractFilter, bad *failure) {
	if f.strike, bad = q.between("strike_price", parseNumber); bad != nil {
		return f, bad
	}
	if f.expiry, bad = q.between("expiration_date", parseDay); bad != nil {
		return f, bad
	}
	f.kind = q.values.Get("contract_type")
	if f.kind != "" && f.kind != "call" && f.kind != "put" {
		return f, badRequest("contract_type must be call or put")
	}
	return f, nil
}

func (f *contractFilter) holds(c *exchange.Contract) bool {
	return f.strike.hold(c.StrikeDollars()) && f.expiry.hold(float64(c.Expiry)) &&
		(f.kind == "" || f.kind == c.Kind())
}
