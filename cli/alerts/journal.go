package alerts

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"optflow/config/textfile"
	"optflow/model/alert"
)

const (
	journalName = "alerts-sent.jsonl"
	// journalKeeps is how long an id is remembered: a long weekend after which the
	// last session is read again, and some.
	journalKeeps = 8 * 24 * time.Hour
	// journalMost bounds what is read of it: no day has so many alerts.
	journalMost  = 32 << 20
	longestEntry = 16 << 10
)

// entry is one line of the journal. The first of an id says that it goes out,
// the next one what came of it.
type entry struct {
	ID      string `json:"id,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Version string `json:"rule_version,omitempty"`
	At      int64  `json:"at_ms"`              // wall time
	Fired   int64  `json:"fired_ms,omitempty"` // market time
	Outcome string `json:"outcome,omitempty"`  // "" is open
	Note    string `json:"note,omitempty"`
	Text    string `json:"text,omitempty"`
	Held    uint64 `json:"held,omitempty"` // of a line without an id: alerts held back since the last one
}

// journal is the file that makes an alert fire once: its id is on the disk before
// anything goes out.
type journal struct {
	file *os.File
	ids  map[string]bool
	now  func() time.Time
	torn bool // the file may end within a line
}

// openJournal reads the journal of a folder, settles what was open when the
// program that wrote it ended, and goes on in it. A torn last line is left out.
// Before are those whose program ended before it knew.
func openJournal(dir string, now func() time.Time) (j *journal, before []entry, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("open the journal of alerts: %w", err)
	}
	path := filepath.Join(dir, journalName)
	all, stale, err := readJournal(path, now().Add(-journalKeeps))
	if err != nil {
		return nil, nil, fmt.Errorf("read the journal of alerts: %w", err)
	}
	j = &journal{ids: make(map[string]bool), now: now, torn: true}
	for i := range all {
		e := &all[i]
		j.ids[e.ID] = true
		if e.Outcome == "" && e.ID != "" {
			e.Outcome, e.Note, stale = alert.Dropped.String(), "restart", true
			before = append(before, *e)
		}
	}
	if stale {
		if err := rewrite(path, all); err != nil {
			return nil, nil, fmt.Errorf("write the journal of alerts: %w", err)
		}
	}
	if j.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return nil, nil, fmt.Errorf("open the journal of alerts: %w", err)
	}
	return j, before, nil
}

// readJournal reads the lines since a time, the last one of each id in the place
// of the first. Stale says that the file has more than that.
func readJournal(path string, since time.Time) (list []entry, stale bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = f.Close() }()
	at := make(map[string]int)
	lines := bufio.NewScanner(io.LimitReader(f, journalMost))
	lines.Buffer(nil, longestEntry)
	for lines.Scan() {
		var e entry
		if len(lines.Bytes()) == 0 {
			continue
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.At < since.UnixMilli() {
			stale = true
			continue
		}
		if i, known := at[e.ID]; known && e.ID != "" {
			list[i].Outcome, list[i].Note = e.Outcome, e.Note
			continue
		}
		at[e.ID] = len(list)
		list = append(list, e)
	}
	if err := lines.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return nil, false, err
	}
	return list, stale || lines.Err() != nil, nil
}

// rewrite puts a new journal in the old one's place.
func rewrite(path string, list []entry) error {
	var b bytes.Buffer
	for i := range list {
		b.Write(append(encode(&list[i]), '\n'))
	}
	return textfile.Replace(path, b.Bytes())
}

// open writes the ids of what goes out and returns once they are on the disk.
func (j *journal) open(list []entry) error {
	if err := j.write(list); err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	for i := range list {
		j.ids[list[i].ID] = true
	}
	return nil
}

// write appends lines, all of them at once.
func (j *journal) write(list []entry) error {
	var b bytes.Buffer
	if j.torn {
		b.WriteByte('\n')
	}
	for i := range list {
		list[i].At = j.now().UnixMilli()
		b.Write(append(encode(&list[i]), '\n'))
	}
	_, err := j.file.Write(b.Bytes())
	j.torn = err != nil
	return err
}

// has reports whether an alert went out before.
func (j *journal) has(id string) bool { return j != nil && j.ids[id] }

func (j *journal) close() {
	if j != nil {
		_ = j.file.Close()
	}
}

// Past are the alerts since a time by rule, as the journal in a folder has them.
// What has no outcome yet is on its way.
func Past(dir string, since time.Time) (map[string]alert.Counts, error) {
	list, _, err := readJournal(filepath.Join(dir, journalName), since)
	if err != nil {
		return nil, fmt.Errorf("read the journal of alerts: %w", err)
	}
	past := make(map[string]alert.Counts)
	for _, e := range list {
		c, n := past[e.Rule], max(e.Held, 1)
		o := alert.Held
		if e.ID != "" {
			o = alert.OutcomeOf(e.Outcome)
		}
		c.Fired += n
		*c.Of(o) += n
		past[e.Rule] = c
	}
	return past, nil
}
