package cli

import (
	"testing"
	"time"

	"optflow/config"
	"optflow/model"
	"optflow/model/burst"
)

// loaded are the settings of an empty environment but for what is given.
func loaded(t *testing.T, env ...string) *config.Settings {
	t.Helper()
	s, err := config.Load(config.Options{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTranslatedSettings(t *testing.T) {
	for text, want := range map[string]burst.Interval{"off": burst.IntervalOff, "10s": burst.Interval10s, "1m": burst.Interval1m, "5m": burst.Interval5m, "30m": burst.Interval30m} {
		if got := intervalOf(loaded(t, "OPTFLOW_INTERVAL="+text)); got != want {
			t.Errorf("interval %s: %v", text, got)
		}
	}
	for text, want := range map[string]string{"exchange": "America/New_York", "utc": "UTC", "local": time.Local.String()} {
		if got := zoneOf(loaded(t, "OPTFLOW_TIME_ZONE="+text)).String(); got != want {
			t.Errorf("time zone %s: %s", text, got)
		}
	}
	for word := range subscribeModes {
		if s := loaded(t, "OPTFLOW_SUBSCRIBE="+word); subscribeModes[s.Subscribe] != subscribeModes[word] {
			t.Error(word)
		}
	}
	if r := rulesOf(loaded(t, "OPTFLOW_MIN_PREMIUM=1m")); r.Floor != 1e6 || r.Whale != model.DefaultRules().Whale {
		t.Errorf("%+v", r)
	}
}
