package massive

import (
	"encoding/json"
	"optflow/feed/link"
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
		kind            link.Word
		pair            string
	}{
		{"connected", "Connected Successfully", link.Greets, ""},
		{"auth_success", "authenticated", link.TakesKey, ""},
		{"auth_failed", "authentication failed", link.RefusesKey, ""},
		{"auth_failed", "", link.RefusesKey, ""},
		{"auth_failed", noPlan, link.NoStream, ""},
		{"auth_failed", noPlanOld, link.NoStream, ""},
		{"error", noPlan, link.NoStream, ""},
		{"error", lateOnly, link.OnlyDelayed, ""},
		{"error", unsigned, link.OnlyDelayed, ""},
		{"auth_failed", lateOnly, link.OnlyDelayed, ""},
		{"not_authorized", lateOnly, link.OnlyDelayed, ""},
		{"success", lateOnly, 0, ""},
		{"auth_timeout", "No authentication request received.", link.LoginTooLate, ""},
		{"success", "subscribed to: AM.O:SPY251219C00650000", subscribed, "AM.O:SPY251219C00650000"},
		{"success", "subscribed to: A.*", subscribed, "A.*"},
		{"success", "unsubscribed to: T.O:SPY251219C00650000", unsubscribed, "T.O:SPY251219C00650000"},
		{"success", "unsubscribed from: A.*", unsubscribed, "A.*"},
		{"success", "something else", 0, ""},
		{"error", "not authorized", link.NotAuthorized, ""},
		{"error", "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing", link.NotAuthorized, ""},
		{"error", "subscription limit reached", link.Errs, ""},
		{"max_connections", tooMany, link.TakesSlot, ""},
		{"max_connections", "Maximum number of websocket connections exceeded. ", link.TakesSlot, ""},
		{"max_connections", "Maximum number of connections exceeded.", link.TakesSlot, ""},
		{"error", "Maximum number of connections exceeded.", link.TakesSlot, ""},
		{"force_disconnect", "bye", 0, ""},
		{"", "", 0, ""},
	} {
		element, _ := json.Marshal(map[string]string{"ev": "status", "status": c.status, "message": c.message})
		frame := "[" + minuteBar + "," + string(element) + "]"
		b := decode(t, newDecoder(), frame)
		want := []Status{{Word: c.kind, Status: c.status, Message: c.message, Pair: c.pair}}
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
		`[{"status":"connected"}]`:                                                      {{Word: link.Greets, Status: "connected"}},
		`[{"ev":"status"}]`:                                                             {{}},
		`[{"ev":"status","status":"connected","message":7}]`:                            {{Word: link.Greets, Status: "connected"}},
		`[{"ev":"st\u0061tus","status":"AUTH_SUCCESS","message":"ok"}]`:                 {{Word: link.TakesKey, Status: "AUTH_SUCCESS", Message: "ok"}},
		`[{"ev":"status","status":"error","message":"not authorized\u001b[31m\u202e"}]`: {{Word: link.NotAuthorized, Status: "error", Message: "not authorized[31m"}},
		`[{"ev":"status","status":"success","message":"subscribed to: A.*, AM.O:X"}]`: {
			{Word: subscribed, Status: "success", Message: "subscribed to: A.*, AM.O:X", Pair: "A.*"},
			{Word: subscribed, Status: "success", Message: "subscribed to: A.*, AM.O:X", Pair: "AM.O:X"},
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
