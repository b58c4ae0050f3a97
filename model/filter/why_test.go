package filter

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// Each condition that was met is said with what the row has.
func TestWhy(t *testing.T) {
	for line, want := range map[string][]string{
		"nvda prem>=500k side=ask sure":   {"NVDA", "premium 1,120,350 ≥ 500,000", "side A = ask", "sure"},
		"prem>=2m or calls dte<=30":       {"calls", "DTE 25 ≤ 30"},
		"spy,nvda prem>1m":                {"NVDA", "premium 1,120,350 > 1,000,000"},
		"not puts":                        {"not puts"},
		"puts,prem>=1m":                   {"premium 1,120,350 ≥ 1,000,000"},
		"iv<60 otm>1%":                    {"IV 41% < 60%", "OTM 1.00443% > 1%"},
		"top<=5%":                         {"top 5% ≤ 5%"},
		"abs(delta)>0.4 delta!=0.5":       {"abs(delta) 0.48 > 0.4", "delta 0.48 ≠ 0.5"},
		"strike=170..190 price<5":         {"strike 180 = 170..190", "price 4.85 < 5"},
		"vol/oi>1.25 oi>1k vol=3104":      {"volume/OI 1.68696 > 1.25", "OI 1,840 > 1,000", "volume 3,104 = 3,104"},
		"exp<=24dec time>=10:30 age<5m":   {"expiry 18Dec26 ≤ 24dec", "time 10:40:58 ≥ 10:30", "age 2s < 5m"},
		"mark=U,W source=ws root=nvda":    {"mark WU> = U,W", "source ws = ws", "root NVDA"},
		"ticker!=spy,qqq ticker=nvda":     {"ticker NVDA ≠ SPY,QQQ", "ticker NVDA"},
		"has(iv) prints=1 size=2310":      {"has(iv)", "prints 1 = 1", "size 2,310 = 2,310"},
		"spot>178.2 side=A,AA whale bull": {"spot 178.21 > 178.2", "side A = A,AA", "whale", "bull"},
		"size>oi strike>spot":             {"size 2,310 > OI 1,840", "strike 180 > spot 178.21"},
		"abs(otm)<iv":                     {"abs(OTM) 1.00443% < IV 41%"},
		"@mag7 @big":                      {"NVDA", "premium 1,120,350 ≥ 1,000,000", "abs(delta) 0.48 < 0.9"},
		"@all":                            {"@all"},
		"puts":                            nil,
		"":                                nil,
	} {
		r, c := sample(nil)
		if got := parse(t, line).Why(r, c, now()); !slices.Equal(got, want) {
			t.Errorf("%s:\n%q, want\n%q", line, got, want)
		}
	}
	r, c := sample(func(r *model.Burst, _ *model.Contract) { r.Premium = 499_999.6 })
	if got := parse(t, "prem<500k").Why(r, c, now()); !slices.Equal(got, []string{"premium 499,999 < 500,000"}) {
		t.Errorf("%q", got)
	}
	r, c = sample(func(r *model.Burst, c *model.Contract) { c.Type, r.Delta = model.Put, -0.48 })
	if got := parse(t, "delta<-0.4").Why(r, c, now()); !slices.Equal(got, []string{"delta -0.48 < -0.4"}) {
		t.Errorf("%q", got)
	}
}

// Whatever matches has a reason, and nothing else has.
func TestWhyIsThereWhereItMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, c := drawRow(t)
		f, err := Parse(Print(drawNode(t, 3)), testEnv())
		if err != nil {
			t.Fatal(err)
		}
		if why := f.Why(r, c, now()); (len(why) > 0) != (f.Match(r, c, now()) == True) {
			t.Fatalf("%s is %v because %q", f, f.Match(r, c, now()), why)
		}
	})
}

// What has no meaning where a filter is used is refused, with its place.
func TestSense(t *testing.T) {
	for _, test := range []struct {
		line      string
		senseless func(string) string
		part      string
		text      string
	}{
		{"nvda vol>1k oi<100", OfContract, "", ""},
		{"nvda SIZE>5", OfContract, "SIZE", "size speaks of a burst; here a row is a whole day; vol is the day's"},
		{"nvda (vol>5 or not sure)", OfContract, "sure", "sure speaks of a burst"},
		{"nvda prt=1", OfContract, "prt", "prints speaks of a burst"},
		{"has(top)", OfContract, "top", "top speaks of a burst"},
		{"nvda premium>=1m spot>5", OfTicker, "", ""},
		{"nvda premium>=1m expiry<dec2026", OfTicker, "expiry", "exp speaks of a contract; here a row is a ticker"},
		{"nvda vol>size", OfContract, "size", "size speaks of a burst"},
		{"nvda @far, @mine", OfContract, "@mine", "side speaks of a burst"},
		{"side=ask", OfTicker, "side", "side speaks of a burst"},
	} {
		err := parse(t, test.line).Sense(test.line, test.senseless)
		var e *Error
		switch {
		case test.part == "" && err != nil:
			t.Errorf("%s: %v", test.line, err)
		case test.part == "":
		case !errors.As(err, &e) || !strings.HasPrefix(e.Text, test.text) || test.line[e.Pos:e.End] != test.part:
			t.Errorf("%s: %v at %+v", test.line, err, e)
		}
	}
}

// The meaning of a filter changes with what its names stand for.
func TestMeaning(t *testing.T) {
	means := func(line string, saved ...Saved) string {
		env := testEnv()
		env.Saved = func() []Saved { return saved }
		f, err := Parse(line, env)
		if err != nil {
			t.Fatal(err)
		}
		return f.Meaning()
	}
	line := "(@tech or not @big) calls,puts"
	one := means(line, Saved{Name: "tech", Tickers: []string{"NVDA"}}, Saved{Name: "big", Filter: "prem>=1m"})
	for name, other := range map[string]string{
		"the list": means(line, Saved{Name: "tech", Tickers: []string{"NVDA", "AMD"}}, Saved{Name: "big", Filter: "prem>=1m"}),
		"the tab":  means(line, Saved{Name: "tech", Tickers: []string{"NVDA"}}, Saved{Name: "big", Filter: "prem>=2m"}),
		"the line": means(line+" whale", Saved{Name: "tech", Tickers: []string{"NVDA"}}, Saved{Name: "big", Filter: "prem>=1m"}),
	} {
		if other == one {
			t.Errorf("another value of %s means the same: %s", name, one)
		}
	}
	if again := means(" ( @TECH or not @Big )  calls,puts", Saved{Name: "big", Filter: "premium>=1m"}, Saved{Name: "tech", Tickers: []string{"NVDA"}}); again != one {
		t.Errorf("%s and %s", again, one)
	}
	if plain := parse(t, "nvda prem>=1m"); plain.Meaning() != plain.String() {
		t.Error(plain.Meaning())
	}
}
