package rules

import (
	"errors"
	"strings"
	"testing"

	"optflow/model"
)

func TestParse(t *testing.T) {
	r, err := Parse(Written{
		Name: "nvda asks", When: "nvda prem>=500k side=ask sure", On: "burst", To: []string{"bell", "notify", "log", "exec:scribe", "hook:desk"},
		Cooldown: "60s contract", Hours: "09:30-16:00", Quiet: "22:00-06:00", Once: true, Late: true, Max: "20/h",
	}, testEnv())
	if err != nil {
		t.Fatal(err)
	}
	if r.On != OnBurst || r.Cooldown != 60_000 || r.Per != PerContract || r.Hours.String() != "09:30-16:00" || r.Max != 20 || !r.Once || !r.Late {
		t.Errorf("%+v", r)
	}
}

// Every error says which rule, which key, and where in its value.
func TestParseErrors(t *testing.T) {
	for _, test := range []struct {
		w           Written
		text, under string
	}{
		{Written{When: "whale"}, "a rule without a name: name: it needs one", ""},
		{Written{Name: "a\nb", When: "whale"}, `rule "a\nb": name: has something that cannot be shown`, "a�b\n^^^"},
		{Written{Name: "a", When: "nvda prem>=25x"}, `rule "a": when: prem>=25x: "25x" is not a number`, "nvda prem>=25x\n           ^^^"},
		{Written{Name: "a", When: "nvda  sidee=ask"}, "did you mean side?", "nvda  sidee=ask\n      ^^^^^"},
		{Written{Name: "a"}, "a rule needs a filter", ""},
		{Written{Name: "a", When: "vol>5 side=ask", On: "contract"}, "side speaks of a burst", "vol>5 side=ask\n      ^^^^"},
		{Written{Name: "a", When: "premium>1m iv>5", On: "ticker"}, "iv speaks of a contract; here a row is a ticker", "premium>1m iv>5\n           ^^"},
		{Written{Name: "a", When: "whale", On: "order"}, "an order is told from single trades, which are not read yet", "order\n^^^^^"},
		{Written{Name: "a", When: "whale", On: "bursts"}, `"bursts" is none of burst, contract, ticker`, "bursts\n^^^^^^"},
		{Written{Name: "a", When: "whale", To: []string{"mail"}}, `"mail" is none of bell`, "mail\n^^^^"},
		{Written{Name: "a", When: "whale", To: []string{"exec:../x"}}, "wants a name of letters", "exec:../x"},
		{Written{Name: "a", When: "whale", To: []string{"bell", "bell"}}, "stands there twice", ""},
		{Written{Name: "a", When: "whale", To: []string{"log:x"}}, "log takes no name", ""},
		{Written{Name: "a", When: "whale", Cooldown: "60 contract"}, "is not a time span", "60 contract\n^^"},
		{Written{Name: "a", When: "whale", Cooldown: "60s strike"}, `"strike" is none of contract, ticker, rule`, "60s strike\n    ^^^^^^"},
		{Written{Name: "a", When: "vol>5", On: "ticker", Cooldown: "60s contract"}, "knows no contracts", "60s contract\n    ^^^^^^^^"},
		{Written{Name: "a", When: "whale", Rearm: "60s"}, "a burst fires once and is never armed again", "60s\n^^^"},
		{Written{Name: "a", When: "vol>5", On: "contract", Rearm: "99h"}, "out of bounds", ""},
		{Written{Name: "a", When: "whale", Hours: "9.30-16"}, "is not a stretch of the day", "9.30-16\n^^^^^^^"},
		{Written{Name: "a", When: "whale", Max: "20"}, "is not a number an hour", "20\n^^"},
		{Written{Name: "a", When: "whale", Max: "61/h"}, "all rules together tell of 60 an hour at most", ""},
	} {
		_, err := Parse(test.w, testEnv())
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%+v is taken", test.w)
			continue
		}
		if !strings.Contains(e.Error(), test.text) || test.under != "" && !strings.HasPrefix(e.Caret(), test.under) {
			t.Errorf("%+v:\n%s\n%s\nwant %s\n%s", test.w, e, e.Caret(), test.text, test.under)
		}
	}
}

// No rule stands beside one of its name, or one that says the same.
func TestBeside(t *testing.T) {
	others := parsed(t, Written{Name: "a", When: "whale"}, Written{Name: "c", When: "puts"})
	for _, test := range []struct {
		w    Written
		text string
	}{
		{Written{Name: "a", When: "calls"}, "there is another rule of that name"},
		{Written{Name: "d", When: "PUTS", To: []string{"bell"}}, `says the same as the rule "c"`},
	} {
		if err := parsed(t, test.w)[0].Beside(others); err == nil || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%+v: %v", test.w, err)
		}
	}
}

// The version follows from all but name and targets.
func TestVersion(t *testing.T) {
	plain := Written{Name: "a", When: "nvda prem>=500k"}
	version := func(edit func(*Written)) string {
		w := plain
		edit(&w)
		return parsed(t, w)[0].Version
	}
	same := version(func(*Written) {})
	for name, edit := range map[string]func(*Written){
		"name":     func(w *Written) { w.Name = "b" },
		"to":       func(w *Written) { w.To = []string{"bell"} },
		"spelling": func(w *Written) { w.When = "NVDA  premium>=500k" },
		"on":       func(w *Written) { w.On = "burst" },
	} {
		if version(edit) != same {
			t.Errorf("%s makes another version", name)
		}
	}
	seen := map[string]string{same: "plain"}
	for name, edit := range map[string]func(*Written){
		"when":     func(w *Written) { w.When = "nvda prem>=501k" },
		"on":       func(w *Written) { w.On = "contract" },
		"cooldown": func(w *Written) { w.Cooldown = "60s" },
		"scope":    func(w *Written) { w.Cooldown = "60s rule" },
		"hours":    func(w *Written) { w.Hours = "09:30-16:00" },
		"quiet":    func(w *Written) { w.Quiet = "09:30-16:00" },
		"once":     func(w *Written) { w.Once = true },
		"late":     func(w *Written) { w.Late = true },
		"max":      func(w *Written) { w.Max = "20/h" },
		"rearm":    func(w *Written) { w.On, w.Rearm = "contract", "60s" },
	} {
		v := version(edit)
		if other, ok := seen[v]; ok {
			t.Errorf("%s has the version of %s", name, other)
		}
		seen[v] = name
	}
	env := testEnv()
	env.Rules = model.DefaultRules()
	env.Rules.Whale = 2e6
	whale := Written{Name: "a", When: "whale"}
	other, err := Parse(whale, env)
	if err != nil {
		t.Fatal(err)
	}
	if other.Version == parsed(t, whale)[0].Version {
		t.Error("another threshold of whales is the same rule")
	}
}

func TestHours(t *testing.T) {
	for _, test := range []struct {
		hours        string
		hour, minute int
		want         bool
	}{
		{"09:30-16:00", 9, 29, false}, {"09:30-16:00", 9, 30, true}, {"09:30-16:00", 15, 59, true}, {"09:30-16:00", 16, 0, false},
		{"22:00-06:00", 23, 0, true}, {"22:00-06:00", 5, 59, true}, {"22:00-06:00", 6, 0, false}, {"22:00-06:00", 12, 0, false},
	} {
		h, err := ParseHours(test.hours)
		if err != nil {
			t.Fatal(err)
		}
		if h.Holds(day.At(test.hour, test.minute).UnixMilli()) != test.want {
			t.Errorf("%s at %02d:%02d: %v", test.hours, test.hour, test.minute, !test.want)
		}
	}
}
