package ui

import (
	"testing"

	"optflow/model"
)

func TestPlanLineClaimsWhatWasSeen(t *testing.T) {
	for _, tt := range []struct {
		plan  model.Plan
		heard bool
		want  string
	}{
		{model.Plan{}, true, ""},
		{model.Plan{Known: true}, false, ""},
		{model.Plan{Known: true}, true, "plan: real time"},
		{model.Plan{Known: true, NoQuotes: true}, false, "plan: no quotes: side unknown"},
		{model.Plan{Known: true, NoQuotes: true}, true, "plan: real time · no quotes: side unknown"},
		{model.Plan{Known: true, Delayed: 900_000}, false, "plan: 15m late"},
		{model.Plan{Known: true, NoWebSocket: true}, false, "plan: no WebSocket: polled"},
	} {
		if got := planLine(tt.plan, tt.heard); got != tt.want {
			t.Errorf("%+v, heard %t: %q, want %q", tt.plan, tt.heard, got, tt.want)
		}
	}
}
