package format

import (
	"fmt"
	"strings"
	"time"

	"optflow/model"
)

// Zone writes market times in the zone that the user chose. It remembers
// the offset of the last hour asked for: rows of one screen share it.
type Zone struct {
	loc    *time.Location
	from   int64 // ms, the start of the hour whose offset is known
	offset int64 // ms to add to UTC
	name   string
}

// zoneHour is how long an offset is trusted: zones change on the hour.
const zoneHour = 3_600_000

// NewZone returns the zone of a setting: exchange, local or utc.
func NewZone(setting string) (*Zone, error) {
	switch setting {
	case "", "exchange":
		return Exchange(), nil
	case "utc":
		return &Zone{loc: time.UTC, from: -1, name: "UTC"}, nil
	case "local":
		return &Zone{loc: time.Local, from: -1, name: localName(time.Now().In(time.Local).Zone())}, nil
	}
	return nil, fmt.Errorf("time zone %q: allowed are exchange, local and utc", setting)
}

// Exchange is the zone of the market, New York's.
func Exchange() *Zone { return &Zone{loc: model.NewYork, from: -1, name: "ET"} }

// localName is what stands behind the clock in local time: the zone's letters,
// or the offset where it has none.
func localName(name string, seconds int) string {
	if name != "" && len(name) <= 5 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return name
	}
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("UTC%c%d:%02d", sign, seconds/3600, seconds/60%60)
}

// Location is where the zone's clocks are.
func (z *Zone) Location() *time.Location { return z.loc }

// String is what stands behind a time: ET, UTC, CET.
func (z *Zone) String() string { return z.name }

// Clock is a market time in ms as HH:MM:SS.
func (z *Zone) Clock(ms int64) string { return string(z.AppendClock(nil, ms)) }

// AppendClock writes a market time in ms as HH:MM:SS.
func (z *Zone) AppendClock(b []byte, ms int64) []byte {
	if z.from < 0 || ms < z.from || ms >= z.from+zoneHour {
		z.from = ms - ms%zoneHour
		_, seconds := time.UnixMilli(ms).In(z.loc).Zone()
		z.offset = int64(seconds) * 1000
		if z.offset%zoneHour != 0 { // zones with half hours change within our hours: trust nothing
			z.from = -1
		}
	}
	s := (ms + z.offset) / 1000 % 86400
	h, m := s/3600, s/60%60
	s %= 60
	return append(b, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10), ':', byte('0'+s/10), byte('0'+s%10))
}

// Minute is a market time in ms as HH:MM.
func (z *Zone) Minute(ms int64) string { return string(z.AppendMinute(nil, ms)) }

// AppendMinute writes a market time in ms as HH:MM.
func (z *Zone) AppendMinute(b []byte, ms int64) []byte {
	b = z.AppendClock(b, ms)
	return b[:len(b)-len(":SS")]
}
