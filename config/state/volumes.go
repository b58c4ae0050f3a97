package state

import (
	"strconv"
	"strings"

	"optflow/model"
	"optflow/model/memory"
	"optflow/model/ticker"
)

const (
	volumesName     = "volumes.toml"
	volumesFileMost = 1 << 21
	mostVolumes     = 5000
)

// volumesFile has a line for each ticker and session: the date, the ticker, and
// the figures with - for unknown.
type volumesFile struct {
	Sessions []string `toml:"sessions,multiline"`
}

// savedVolumes are the volumes of earlier sessions, kept beside a state file.
// Two copies of the program may have noted different times of one session.
func savedVolumes(statePath string) *kept[memory.Volumes] {
	return &kept[memory.Volumes]{
		path: beside(statePath, volumesName), what: "keep the volume of this session",
		read: recallVolumes, save: storeVolumes,
		merge: mergeLists[memory.Volumes](func(v model.SessionVolume) string { return v.Date.String() + " " + v.Ticker }, joinVolumes),
	}
}

// joinVolumes takes what one copy does not know from the other.
func joinVolumes(ours, theirs model.SessionVolume) model.SessionVolume {
	for i := range ours.At {
		if ours.At[i] < 0 {
			ours.At[i] = theirs.At[i]
		}
	}
	return ours
}

// recallVolumes leaves out lines that we did not write, and those with other
// times of day.
func recallVolumes(path string) (memory.Volumes, error) {
	var file volumesFile
	if err := load(path, volumesFileMost, "the volume of earlier sessions", &file); err != nil {
		return nil, err
	}
	var out memory.Volumes
	for _, line := range file.Sessions {
		if v, ok := parseVolume(line); ok && len(out) < mostVolumes {
			out = append(out, v)
		}
	}
	return out, nil
}

func parseVolume(line string) (v model.SessionVolume, ok bool) {
	words := strings.Fields(line)
	if len(words) != 2+len(v.At) {
		return v, false
	}
	var err error
	if v.Date, err = model.ParseDate(words[0]); err != nil {
		return v, false
	}
	if v.Ticker = words[1]; ticker.Vendor(v.Ticker) != v.Ticker {
		return v, false
	}
	for i, w := range words[2:] {
		n := int64(-1)
		if w != "-" {
			if n, err = strconv.ParseInt(w, 10, 64); err != nil || n < 0 {
				return v, false
			}
		}
		v.At[i] = n
	}
	return v, true
}

func storeVolumes(path string, list memory.Volumes) error {
	var file volumesFile
	for _, v := range list {
		var b strings.Builder
		b.WriteString(v.Date.String() + " " + v.Ticker)
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
