package ui

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{money(0), "$0"}, {money(950), "$950"}, {money(999.6), "$1.00K"}, {money(25_000), "$25.0K"}, {money(31_049), "$31.0K"},
		{money(411_320), "$411K"}, {money(999_499), "$999K"}, {money(999_950), "$1.00M"}, {money(1_120_350), "$1.12M"},
		{money(48.2e6), "$48.2M"}, {money(99.96e6), "$100M"}, {money(102e6), "$102M"}, {money(-9.6e6), "-$9.60M"}, {money(1.5e9), "$1.50B"},
		{roundMoney(25_000), "$25K"}, {roundMoney(100_000), "$100K"}, {roundMoney(1_250_000), "$1.25M"}, {roundMoney(0), "$0"}, {roundMoney(100), "$100"},
		{count(0), "0"}, {count(999), "999"}, {count(1_204), "1,204"}, {count(58_112), "58,112"}, {count(-1_000_000), "-1,000,000"},
		{string(appendCountIn(nil, 99_999, 6)), "99,999"}, {string(appendCountIn(nil, 100_000, 6)), "100K"},
		{string(appendPrice(nil, 4.85)), "4.85"}, {string(appendPrice(nil, 999.994)), "999.99"}, {string(appendPrice(nil, 1234.5)), "1234.5"}, {string(appendPrice(nil, 99_999)), "99999"},
		{string(appendRatio(nil, 1.687)), "1.7"}, {string(appendRatio(nil, 99.96)), "100"}, {string(appendRatio(nil, 1e9)), ">9K"},
		{string(appendPercent(nil, 0.01004)), "+1.0%"}, {string(appendPercent(nil, -0.122)), "-12.2%"}, {string(appendPercent(nil, 1.2)), "+120%"}, {string(appendPercent(nil, -0.0001)), "+0.0%"},
		{string(appendDelta(nil, 0.48)), "+.48"}, {string(appendDelta(nil, -0.29)), "-.29"}, {string(appendDelta(nil, 0.996)), "+1.0"}, {string(appendDelta(nil, 0.004)), "+.00"},
		{string(appendStrike(nil, 180_000)), "180"}, {string(appendStrike(nil, 182_500)), "182.5"}, {string(appendStrike(nil, 1_250)), "1.25"}, {string(appendStrike(nil, 500)), "0.5"}, {string(appendStrike(nil, 1_005)), "1.005"},
		{age(0), "0.0s"}, {age(1_900), "1.9s"}, {age(9_999), "9.9s"}, {age(42_000), "42s"}, {age(185_000), "3m05s"}, {age(7_800_000), "2h10m"}, {age(86_400_000 * 3), "3d0h"}, {age(-5), "0.0s"},
		{interval(5_000), "5s"}, {interval(900_000), "15m"}, {interval(1_500), "1.5s"},
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
			{"money", appendMoney(nil, v), 7},
			{"count", appendCountIn(nil, int64(v), 6), 6},
			{"price", appendPrice(nil, min(v, 1e12)), 6},
			{"ratio", appendRatio(nil, v), 4},
			{"percent", appendPercent(nil, v/1e9), 6},
			{"percent", appendPercent(nil, -min(v, 9)), 6},
			{"delta", appendDelta(nil, min(v, 1)), 4},
		} {
			if len(f.text) > f.most {
				rt.Fatalf("%s of %v is %q, over %d cells", f.name, v, f.text, f.most)
			}
		}
	})
}

func TestZoneRemembersHours(t *testing.T) {
	z, err := newZone("exchange")
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
		if got := z.clock(c.ms); got != c.want {
			t.Errorf("%d is %s, want %s", c.ms, got, c.want)
		}
	}
	if _, err := newZone("mars"); err == nil {
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
