package config

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"optflow/model/ticker"
)

const (
	volumesName     = "volumes.toml"
	volumesFileMost = 1 << 21
	mostVolumes     = 5000
)

// Volume is how many contracts of an underlying had traded at some times of a
// session; -1 is unknown.
type Volume struct {
	Ticker string
	Date   string // 2006-01-02
	At     []int64
}

// volumesFile has a line for each ticker and session: the date, the ticker, and
// the figures with - for unknown.
type volumesFile struct {
	Sessions []string `toml:"sessions,multiline"`
}

// SavedVolumes are the volumes of earlier sessions, kept beside a state file.
// Two copies of the program may have noted different times of one session.
func SavedVolumes(statePath string) *Kept[[]Volume] {
	return &Kept[[]Volume]{
		path: beside(statePath, volumesName), what: "keep the volume of this session",
		read: recallVolumes, save: storeVolumes,
		merge: mergeLists(func(v Volume) string { return v.Date + " " + v.Ticker }, joinVolumes),
	}
}

// joinVolumes takes what one copy does not know from the other.
func joinVolumes(ours, theirs Volume) Volume {
	ours.At = slices.Clone(ours.At)
	for i := range min(len(ours.At), len(theirs.At)) {
		if ours.At[i] < 0 {
			ours.At[i] = theirs.At[i]
		}
	}
	return ours
}

// recallVolumes leaves out lines that nobody wrote.
func recallVolumes(path string) ([]Volume, error) {
	var file volumesFile
	if err := load(path, volumesFileMost, "the volume of earlier sessions", &file); err != nil {
		return nil, err
	}
	var out []Volume
	for _, line := range file.Sessions {
		if v, ok := parseVolume(line); ok && len(out) < mostVolumes {
			out = append(out, v)
		}
	}
	return out, nil
}

func parseVolume(line string) (v Volume, ok bool) {
	words := strings.Fields(line)
	if len(words) < 3 {
		return v, false
	}
	v.Date, v.Ticker = words[0], words[1]
	if _, err := time.Parse(time.DateOnly, v.Date); err != nil {
		return v, false
	}
	if ticker.Vendor(v.Ticker) != v.Ticker {
		return v, false
	}
	for _, w := range words[2:] {
		n := int64(-1)
		if w != "-" {
			var err error
			if n, err = strconv.ParseInt(w, 10, 64); err != nil || n < 0 {
				return v, false
			}
		}
		v.At = append(v.At, n)
	}
	return v, true
}

func storeVolumes(path string, list []Volume) error {
	var file volumesFile
	for _, v := range list {
		var b strings.Builder
		b.WriteString(v.Date + " " + v.Ticker)
		for _, n := range v.At {
			if n < 0 {
				b.WriteString(" -")
			} else {
				b.WriteString(" " + strconv.FormatInt(n, 10))
			}
		}
		file.Sessions = append(file.Sessions, b.String())
	}
	return store(path, file)
}
