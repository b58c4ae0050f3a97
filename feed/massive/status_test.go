package massive

import (
	"encoding/json"
	"optflow/feed/massive/wiretest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every status text that was seen in use or is documented.
func TestStatusTexts(t *testing.T) {
	const (
		noPlan    = "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade."
		noPlanOld = "Your plan doesn't include websocket access. Visit https://polygon.io/pricing to upgrade."
		lateOnly  = "You don't have access real-time data. If your plan only includes delayed data, you can connect to the delayed websocket at wss://delayed.polygon.io/options."
		unsigned  = "You don't have access real-time data. If you're already subscribed to a plan that includes real-time data, you may need to visit the dashboard to sign your agreements."
		tooMany   = "Maximum number of websocket connections exceeded. You have reached the connection limit for your account. Please contact support at https://polygon.io/contact to increase your limit."
	)
	for _, c := range []struct {
		status, message string
		kind            StatusKind
		pair            string
	}{
		{"connected", "Connected Successfully", StatusConnected, ""},
		{"auth_success", "authenticated", StatusAuthOK, ""},
		{"auth_failed", "authentication failed", StatusAuthFailed, ""},
		{"auth_failed", "", StatusAuthFailed, ""},
		{"auth_failed", noPlan, StatusNoWebSocket, ""},
		{"auth_failed", noPlanOld, StatusNoWebSocket, ""},
		{"error", noPlan, StatusNoWebSocket, ""},
		{"error", lateOnly, StatusDelayedOnly, ""},
		{"error", unsigned, StatusDelayedOnly, ""},
		{"auth_failed", lateOnly, StatusDelayedOnly, ""},
		{"not_authorized", lateOnly, StatusDelayedOnly, ""},
		{"success", lateOnly, StatusUnknown, ""},
		{"auth_timeout", "No authentication request received.", StatusAuthTimeout, ""},
		{"success", "subscribed to: AM.O:SPY251219C00650000", StatusSubscribed, "AM.O:SPY251219C00650000"},
		{"success", "subscribed to: A.*", StatusSubscribed, "A.*"},
		{"success", "unsubscribed to: T.O:SPY251219C00650000", StatusUnsubscribed, "T.O:SPY251219C00650000"},
		{"success", "unsubscribed from: A.*", StatusUnsubscribed, "A.*"},
		{"success", "something else", StatusUnknown, ""},
		{"error", "not authorized", StatusNotAuthorized, ""},
		{"error", "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing", StatusNotAuthorized, ""},
		{"error", "subscription limit reached", StatusError, ""},
		{"max_connections", tooMany, StatusMaxConnections, ""},
		{"max_connections", "Maximum number of websocket connections exceeded. ", StatusMaxConnections, ""},
		{"max_connections", "Maximum number of connections exceeded.", StatusMaxConnections, ""},
		{"error", "Maximum number of connections exceeded.", StatusMaxConnections, ""},
		{"force_disconnect", "bye", StatusUnknown, ""},
		{"", "", StatusUnknown, ""},
	} {
		element, _ := json.Marshal(map[string]string{"ev": "status", "status": c.status, "message": c.message})
		frame := "[" + minuteBar + "," + string(element) + "]"
		b := decode(t, newDecoder(), frame)
		want := []Status{{Kind: c.kind, Status: c.status, Message: c.message, Pair: c.pair}}
		if diff := cmp.Diff(want, b.Statuses); diff != "" || len(b.Bars) != 1 {
			t.Errorf("%s %q:\n%s", c.status, c.message, diff)
		}
		if !HasStatus([]byte(frame)) {
			t.Errorf("HasStatus misses %s", frame)
		}
	}
}

func TestStatusesInOtherForms(t *testing.T) {
	for frame, want := range map[string][]Status{
		`[{"status":"connected"}]`:                                                      {{Kind: StatusConnected, Status: "connected"}},
		`[{"ev":"status"}]`:                                                             {{}},
		`[{"ev":"status","status":"connected","message":7}]`:                            {{Kind: StatusConnected, Status: "connected"}},
		`[{"ev":"st\u0061tus","status":"AUTH_SUCCESS","message":"ok"}]`:                 {{Kind: StatusAuthOK, Status: "AUTH_SUCCESS", Message: "ok"}},
		`[{"ev":"status","status":"error","message":"not authorized\u001b[31m\u202e"}]`: {{Kind: StatusNotAuthorized, Status: "error", Message: "not authorized[31m"}},
		`[{"ev":"status","status":"success","message":"subscribed to: A.*, AM.O:X"}]`: {
			{Kind: StatusSubscribed, Status: "success", Message: "subscribed to: A.*, AM.O:X", Pair: "A.*"},
			{Kind: StatusSubscribed, Status: "success", Message: "subscribed to: A.*, AM.O:X", Pair: "AM.O:X"},
		},
	} {
		if diff := cmp.Diff(want, decode(t, newDecoder(), frame).Statuses); diff != "" {
			t.Errorf("%s\n%s", frame, diff)
		}
		if !HasStatus([]byte(frame)) {
			t.Errorf("HasStatus misses %s", frame)
		}
	}
	if b := decode(t, newDecoder(), `[{"ev":"status","status":7}]`); b.Malformed != 1 || len(b.Statuses) != 0 {
		t.Errorf("%+v", b)
	}
	if HasStatus([]byte("[" + minuteBar + "]")) {
		t.Error("an ordinary frame is taken for a status")
	}
}

func TestTheKeyIsBlottedOut(t *testing.T) {
	d := newDecoder()
	d.Key = wiretest.Secret(wiretest.Canary)
	b := decode(t, d, `[{"ev":"status","status":"auth_failed","message":"unknown key `+wiretest.Canary+`"},{"ev":"status","status":"success","message":"subscribed to: `+wiretest.Canary+`"},{"ev":"A","sym":"`+wiretest.Canary+`"},{"status":"`+wiretest.Canary+`"}]`)
	for _, s := range b.Statuses {
		wiretest.NoCanary(t, "status", s.Status+s.Message+s.Pair)
	}
	if len(b.Statuses) != 3 || len(b.Samples) != 1 {
		t.Fatalf("%+v", b)
	}
	wiretest.NoCanary(t, "sample", b.Samples[0])
}
