package parquet

import (
	"encoding/json"
	"fmt"
	"strconv"

	"optflow/model/book"
	"optflow/model/daylog"
)

// About is what a file says of itself as a whole, in Parquet's key-value metadata.
type About struct {
	Feed, Date string
	Version    string // of the optflow that wrote it
	Bytes      int64  // of the log that was read
	Until      int64  // ms, market time of its last tick
	Older      bool   // the day was recorded under other rules than the version's (book.Rules)
	Holes      []daylog.Hole
}

const (
	keyFeed    = "optflow.feed"
	keyDate    = "optflow.date"
	keyVersion = "optflow.version"
	keyBytes   = "optflow.log_bytes"
	keyUntil   = "optflow.until_ms"
	keyOlder   = "optflow.older_rules"
	keyHoles   = "optflow.holes" // [{"from_ms","to_ms","why"}]: times that were not recorded
)

type holeText struct {
	From int64  `json:"from_ms"`
	To   int64  `json:"to_ms"`
	Why  string `json:"why"`
}

func (q *Request) about(c *collector) *About {
	return &About{q.Day.Feed, q.Day.Date.String(), q.Version, q.Day.Size, c.now, c.rules != 0 && c.rules != book.Rules, c.holes}
}

func (a *About) said() map[string]string {
	holes := make([]holeText, 0, len(a.Holes))
	for _, h := range a.Holes {
		holes = append(holes, holeText{h.From, h.To, h.Why})
	}
	text, _ := json.Marshal(holes) // of numbers and words
	return map[string]string{
		keyFeed: a.Feed, keyDate: a.Date, keyVersion: a.Version, keyBytes: strconv.FormatInt(a.Bytes, 10),
		keyUntil: strconv.FormatInt(a.Until, 10), keyOlder: strconv.FormatBool(a.Older), keyHoles: string(text),
	}
}

// ReadAbout reads what a file says of itself.
func ReadAbout(path string) (a About, err error) {
	defer damaged(&err)
	f, err := open(path)
	if err != nil {
		return a, err
	}
	defer f.Close()
	return f.about()
}

func (f *File) about() (a About, err error) {
	of := func(key string) string { value, _ := f.Lookup(key); return value }
	a.Feed, a.Date, a.Version, a.Older = of(keyFeed), of(keyDate), of(keyVersion), of(keyOlder) == "true"
	a.Bytes, _ = strconv.ParseInt(of(keyBytes), 10, 64)
	a.Until, _ = strconv.ParseInt(of(keyUntil), 10, 64)
	var holes []holeText
	if err := json.Unmarshal([]byte(of(keyHoles)), &holes); err != nil {
		return a, fmt.Errorf("%w: %w", errDamaged, err)
	}
	for _, h := range holes {
		a.Holes = append(a.Holes, daylog.Hole{From: h.From, To: h.To, Why: h.Why})
	}
	return a, nil
}
