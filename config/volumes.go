package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
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

// VolumesPath is where volumes are kept beside a state file, "" for "".
func VolumesPath(statePath string) string { return beside(statePath, volumesName) }

// RecallVolumes reads what earlier runs noted. No file is no error, and lines
// that nobody wrote are left out.
func RecallVolumes(path string) ([]Volume, error) {
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
	if t, err := ticker(v.Ticker); err != nil || t != v.Ticker {
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

// RememberVolumes writes the volumes for later runs, whole or not at all. A path
// of "" keeps nothing, which is no error.
func RememberVolumes(path string, list []Volume) error {
	if path == "" {
		return nil
	}
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
	if err := store(path, file); err != nil {
		return fmt.Errorf("keep the volume of this session: %w", err)
	}
	return nil
}
