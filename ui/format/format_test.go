package format

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Money(0), "$0"}, {Money(950), "$950"}, {Money(999.6), "$1.00K"}, {Money(25_000), "$25.0K"}, {Money(31_049), "$31.0K"},
		{Money(411_320), "$411K"}, {Money(999_499), "$999K"}, {Money(999_950), "$1.00M"}, {Money(1_120_350), "$1.12M"},
		{Money(48.2e6), "$48.2M"}, {Money(99.96e6), "$100M"}, {Money(102e6), "$102M"}, {Money(-9.6e6), "-$9.60M"}, {Money(1.5e9), "$1.50B"},
		{RoundMoney(25_000), "$25K"}, {RoundMoney(100_000), "$100K"}, {RoundMoney(1_250_000), "$1.25M"}, {RoundMoney(0), "$0"}, {RoundMoney(100), "$100"},
		{Count(0), "0"}, {Count(999), "999"}, {Count(1_204), "1,204"}, {Count(58_112), "58,112"}, {Count(-1_000_000), "-1,000,000"},
		{string(AppendCountIn(nil, 99_999, 6)), "99,999"}, {string(AppendCountIn(nil, 100_000, 6)), "100K"},
		{string(AppendPrice(nil, 4.85)), "4.85"}, {string(AppendPrice(nil, 999.994)), "999.99"}, {string(AppendPrice(nil, 1234.5)), "1234.5"}, {string(AppendPrice(nil, 99_999)), "99999"},
		{string(AppendRatio(nil, 1.687)), "1.7"}, {string(AppendRatio(nil, 99.96)), "100"}, {string(AppendRatio(nil, 1e9)), ">9K"},
		{string(AppendPercent(nil, 0.01004)), "+1.0%"}, {string(AppendPercent(nil, -0.122)), "-12.2%"}, {string(AppendPercent(nil, 1.2)), "+120%"}, {string(AppendPercent(nil, -0.0001)), "+0.0%"},
		{string(AppendDelta(nil, 0.48)), "+.48"}, {string(AppendDelta(nil, -0.29)), "-.29"}, {string(AppendDelta(nil, 0.996)), "+1.0"}, {string(AppendDelta(nil, 0.004)), "+.00"},
		{string(AppendStrike(nil, 180_000)), "180"}, {string(AppendStrike(nil, 182_500)), "182.5"}, {string(AppendStrike(nil, 1_250)), "1.25"}, {string(AppendStrike(nil, 500)), "0.5"}, {string(AppendStrike(nil, 1_005)), "1.005"},
		{Age(0), "0.0s"}, {Age(1_900), "1.9s"}, {Age(9_999), "9.9s"}, {Age(42_000), "42s"}, {Age(185_000), "3m05s"}, {Age(7_800_000), "2h10m"}, {Age(86_400_000 * 3), "3d0h"}, {Age(-5), "0.0s"},
		{Interval(5_000), "5s"}, {Interval(900_000), "15m"}, {Interval(1_500), "1.5s"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestFormatsFit holds every format to its column, whatever the number.
func TestFormatsFit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := math.Abs(rapid.Float64Range(0, 1e15).Draw(rt, "v"))
		for _, f := range []struct {
			name string
			text []byte
			most int
		}{
			{"money", AppendMoney(nil, v), 7},
			{"count", AppendCountIn(nil, int64(v), 6), 6},
			{"price", AppendPrice(nil, min(v, 1e12)), 6},
			{"ratio", AppendRatio(nil, v), 4},
			{"percent", AppendPercent(nil, v/1e9), 6},
			{"percent", AppendPercent(nil, -min(v, 9)), 6},
			{"delta", AppendDelta(nil, min(v, 1)), 4},
		} {
			if len(f.text) > f.most {
				rt.Fatalf("%s of %v is %q, over %d cells", f.name, v, f.text, f.most)
			}
		}
	})
}

func TestZoneRemembersHours(t *testing.T) {
	z, err := NewZone("exchange")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ms   int64
		want string
	}{
		{1_795_448_487_000, "10:41:27"}, {1_795_452_087_000, "11:41:27"}, // 23 Nov 2026
		{1_793_512_799_000, "01:59:59"}, {1_793_512_800_000, "01:00:00"}, // 1 Nov 2026: clocks go back
		{1_772_953_199_000, "01:59:59"}, {1_772_953_200_000, "03:00:00"}, // 8 Mar 2026: forward
	} {
		if got := z.Clock(c.ms); got != c.want {
			t.Errorf("%d is %s, want %s", c.ms, got, c.want)
		}
	}
	if _, err := NewZone("mars"); err == nil {
		t.Error("mars is a time zone")
	}
}

func TestLocalName(t *testing.T) {
	for _, c := range []struct {
		name    string
		seconds int
		want    string
	}{{"CET", 3600, "CET"}, {"UTC", 0, "UTC"}, {"+0530", 19800, "UTC+5:30"}, {"-03", -10800, "UTC-3:00"}, {"", 0, "UTC+0:00"}} {
		if got := localName(c.name, c.seconds); got != c.want {
			t.Errorf("%s %d: %s, want %s", c.name, c.seconds, got, c.want)
		}
	}
}
