package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"optflow/model"
)

// Most is how many bytes a month's lines may take; more are not written, which is
// said.
const Most = 50 << 20

// File is the name of the file for a trading date: lines are kept by month.
func File(date model.Date) string { return date.UTC().Format("2006-01") + ".jsonl" }

// Append writes a record and the end of its line.
func Append(dst []byte, r Record) ([]byte, error) {
	r.stamp()
	line, err := json.Marshal(r)
	if err != nil {
		return dst, fmt.Errorf("write a line of the ledger: %w", err)
	}
	return append(append(dst, line...), '\n'), nil
}

// errNewer is a line of a kind that is not known: another version wrote it.
var errNewer = errors.New("a line of another version")

// Decode reads a line.
func Decode(line []byte) (Record, error) {
	var kind struct {
		V     int    `json:"v"`
		Event string `json:"event"`
		ID    string `json:"id"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return nil, fmt.Errorf("read a line of the ledger: %w", err)
	}
	if kind.V > 1 {
		return nil, errNewer
	}
	var r Record
	switch kind.Event {
	case "fired", "control":
		r = &Alert{Price: None, Premium: None, Spot: None, Volume: None, OI: None, IV: None, Delta: None}
	case "mark":
		r = &Mark{Spot: None}
	case "morning":
		r = &Morning{OI: None, Volume: None}
	case "revised":
		r = &Revised{}
	default:
		return nil, errNewer
	}
	if err := json.Unmarshal(line, r); err != nil {
		return nil, fmt.Errorf("read a line of the ledger: %w", err)
	}
	switch r := r.(type) {
	case *Alert:
		if _, err := model.ParseDate(r.Date); err != nil || r.Contract == "" {
			return nil, errors.New("read a line of the ledger: an alert without contract or date")
		}
	case *Mark:
		if !r.Horizon.known() {
			return nil, errNewer
		}
	}
	if kind.ID == "" {
		return nil, errors.New("read a line of the ledger: it names no alert")
	}
	return r, nil
}

// UnmarshalJSON leaves prices that are not there unknown.
func (q *Quote) UnmarshalJSON(b []byte) error {
	type plain Quote
	p := plain{Bid: None, Ask: None}
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*q = Quote(p)
	return nil
}

// Skipped counts the lines that were not taken.
type Skipped struct {
	Torn  int // the last line of a file, without its end: a crash
	Wrong int // cannot be read
	Newer int // of another version
}

// Read takes every record of a file's content.
func Read(content []byte, take func(Record)) (s Skipped) {
	for len(content) > 0 {
		line, rest, whole := bytes.Cut(content, []byte{'\n'})
		content = rest
		if !whole {
			s.Torn++
			return s
		}
		r, err := Decode(line)
		switch {
		case err == nil:
			take(r)
		case errors.Is(err, errNewer):
			s.Newer++
		default:
			s.Wrong++
		}
	}
	return s
}
