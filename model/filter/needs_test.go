package filter

import (
	"fmt"
	"slices"
	"testing"

	"optflow/model"

	"pgregory.net/rapid"
)

// keeps reports whether a row keeps a need.
func keeps(n Need, r *model.Burst, c *model.Contract) bool {
	switch n.Field {
	case "ticker":
		return slices.Contains(n.In, c.Underlying)
	case "side":
		return slices.Contains(n.In, r.Side.String())
	case "sure":
		return r.Side != model.SideUnknown && r.Certainty == model.CertaintySure
	case "twin":
		return r.Twin() == model.True
	case "type":
		return slices.Contains(n.In, c.Type.String())
	case "time":
		at := float64(model.TimeOfDay(r.Start))
		return at >= n.Min && at <= n.Max
	}
	v := fieldNamed(n.Field).get(r, c)
	return v >= n.Min && v <= n.Max
}

// No row that a filter takes is left out by what it needs.
func TestWhatIsTakenKeepsTheNeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		node := drawNode(t, 4)
		f, err := Parse(Print(node), testEnv())
		if err != nil {
			t.Fatal(err)
		}
		r, c := drawRow(t)
		if f.Match(r, c, now()) != True {
			return
		}
		for _, need := range f.Needs() {
			if !keeps(need, r, c) {
				t.Fatalf("%s takes a row that does not keep %+v", f, need)
			}
		}
	})
}

func TestNeeds(t *testing.T) {
	for line, want := range map[string]string{
		"":                                    "[]",
		"nvda calls prem>=1m":                 "[{prem 1e+06 +Inf []} {ticker 0 0 [NVDA NVD.A]} {type 0 0 [call]}]",
		"brk.b":                               "[{ticker 0 0 [BRKB BRK.B]}]",
		"nvda,amd":                            "[{ticker 0 0 [NVDA NVD.A AMD AM.D]}]",
		"nvda prem>=1m or amd prem>=500k":     "[{prem 500000 +Inf []} {ticker 0 0 [NVDA NVD.A AMD AM.D]}]",
		"nvda or prem>=1m":                    "[]",
		"not nvda":                            "[]",
		"prem!=1m size>oi":                    "[]",
		"@mag7 dte=0..7,25":                   "[{ticker 0 0 [NVDA NVD.A AAPL AAP.L MSFT MSF.T]} {dte 0 25 []}]",
		"nvda spy":                            "[{ticker 0 0 []}]",
		"prem>=100k prem<1m":                  "[{prem 100000 999999.9999999999 []}]",
		"abs(delta)<=0.5":                     "[{delta -0.5 0.5 []}]",
		"whale side=ask sure not twin":        "[{prem 1e+06 +Inf []} {side 0 0 [A AA a]} {sure 1 1 []}]",
		"time>=10:30":                         "[{time 3.78e+07 +Inf []}]",
		"exp=2026-12-18 strike>100 ticker!=f": "[{exp 20805 20805 []} {strike 100.00000000000001 +Inf []}]",
	} {
		f, err := Parse(line, testEnv())
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if got := fmt.Sprint(f.Needs()); got != want {
			t.Errorf("%s needs %s, want %s", line, got, want)
		}
	}
}
