package sim

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"optflow/feed/sim/basis"
	"optflow/model"
)

// nanoRange is a range of times in ns, both ends included.
type nanoRange struct{ low, high int64 }

func (n nanoRange) holds(ns int64) bool { return ns >= n.low && ns <= n.high }

// timestamps reads timestamp and timestamp.gte, .gt, .lte and .lt: nanoseconds, a
// date, which without a suffix is all of its day, or an RFC 3339 time.
func (q *query) timestamps() (nanoRange, *failure) {
	span := nanoRange{math.MinInt64, math.MaxInt64}
	for _, suffix := range []string{"", ".gte", ".gt", ".lte", ".lt"} {
		text := q.values.Get("timestamp" + suffix)
		if text == "" {
			continue
		}
		ns, end, ok := parseNanoseconds(text)
		if !ok {
			return span, badRequest("timestamp%s is not valid", suffix)
		}
		switch suffix {
		case ".gte":
			span.low = max(span.low, ns)
		case ".gt":
			span.low = max(span.low, ns+1)
		case ".lte":
			span.high = min(span.high, ns)
		case ".lt":
			span.high = min(span.high, ns-1)
		default:
			span.low, span.high = max(span.low, ns), min(span.high, end)
		}
	}
	return span, nil
}

// parseNanoseconds reads a time as the first and the last ns that it means.
func parseNanoseconds(text string) (first, last int64, ok bool) {
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
func readTimes(r *http.Request) (q query, span nanoRange, bad *failure) {
	if q, bad = readQuery(r, 1000, 50_000, "timestamp"); bad != nil {
		return q, span, bad
	}
	q.desc = q.values.Get("order") != "asc"
	span, bad = q.timestamps()
	return q, span, bad
}
