package filter

import (
	"errors"
	"math"
	"strings"
	"testing"

	"optflow/model"
)

var today = model.MakeDate(2026, 11, 23) // a Monday

func now() int64 { return today.At(10, 41).UnixMilli() }

func testEnv() Env {
	return Env{
		Now:  now,
		Adds: "t adds it", Saved: saved, Followed: []string{"SPY", "QQQ", "NVDA", "SPX", "OR"},
		Expiries: func(underlying string) []model.Date {
			if underlying == "AMD" {
				return nil
			}
			return []model.Date{today, today + 1, model.MakeDate(2026, 12, 18), model.MakeDate(2026, 12, 24), model.MakeDate(2027, 1, 15)}
		},
	}
}

// saved are some lists and tabs, two of which are made of each other.
func saved() []Saved {
	return []Saved{
		{Name: "mag7", Tickers: []string{"NVDA", "AAPL", "MSFT"}}, {Name: "one", Tickers: []string{"NVDA"}}, {Name: "far", Tickers: []string{"A", "B", "BRK.B"}},
		{Name: "Big", Filter: "prem>=1m abs(delta)<0.9"}, {Name: "Big, Puts", Filter: "@big puts"}, {Name: "All"},
		{Name: "wrong", Filter: "nvda prem>=25x"}, {Name: "round", Filter: "@about or puts"}, {Name: "about", Filter: "@round calls"},
		{Name: "self", Filter: "@self"}, {Name: "late", Filter: "age<1m"}, {Name: "doubt", Filter: "prem>=250"}, {Name: "mine", Filter: "side=ask"},
	}
}

// sample is a row in which everything is known: 2,310 lots of the NVDA 180 call.
func sample(edit func(*model.Burst, *model.Contract)) (*model.Burst, *model.Contract) {
	c := &model.Contract{Root: "NVDA", Underlying: "NVDA", Expiry: model.MakeDate(2026, 12, 18), Type: model.Call, Strike: 180_000, Shares: 100}
	r := &model.Burst{Rank: 0.05, Windows: 3, Row: model.Row{
		Start: today.At(10, 41).UnixMilli() - 2_000, Span: model.Second, Kind: model.KindBurst,
		Size: 2_310, Premium: 1_120_350, DayVolume: 3_104, OpenInterest: 1_840, Prints: 1,
		Open: 4.80, High: 4.90, Low: 4.80, Close: 4.85, Vwap: 4.85, Spot: 178.21, IV: 0.41, Delta: 0.48,
		Bid: 4.75, Ask: 4.85, QuoteAge: 800, Side: model.SideAsk, Certainty: model.CertaintySure,
		Flags: model.FlagAlone,
	}}
	if edit != nil {
		edit(r, c)
	}
	return r, c
}

func parse(t *testing.T, line string) *Filter {
	t.Helper()
	f, err := Parse(line, testEnv())
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return f
}

func match(t *testing.T, line string, edit func(*model.Burst, *model.Contract)) Truth {
	t.Helper()
	r, c := sample(edit)
	return parse(t, line).Match(r, c, now())
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		lines []string
		edit  func(*model.Burst, *model.Contract)
		want  Truth
	}{
		{[]string{
			"", "  ", "nvda", "NVDA", "nvda,amd", "amd,nvda", "ticker=nvda", "ticker=amd,nvda", "$nvda", "ticker!=spy", "not spy",
			"!spy", "calls", "not puts", "otm", "not itm", "atm", "unusual", "whale", "bull", "not bear", "sure", "not 0dte", "not twin", "top<=5%", "top=5", "top>4.9", "not top<5%", "has(top)",
			"premium>=250k", "prem>1m", "prem<1.2m", "prem=1.1m..1.2m", "prem>=$250k", "prem=1120350", "premium!=5k", "prem<1b",
			"size>500", "size>=2310", "size<=2310", "size=2310", "size!=2311", "size=1,2310", "size!=1,2",
			"vol>=1000", "volume>=3104", "oi<1841", "vol/oi>1.5", "vol/oi<2", "vol/oi=1..2", "prints=1", "prt=1",
			"dte<=25", "dte=25", "dte=0..30", "dte=7,25", "exp<=18dec", "exp=18dec", "exp=dec", "exp=fri,18dec", "exp=18dec26", "exp=18dec2026",
			"exp=2026-12-18", "exp=dec2026", "exp=18DEC", "exp>fri", "exp<jan", "exp=24nov..18dec", "expiry!=today",
			"strike=170..190", "strike=180", "strike>179.5", "price<5", "price=4.85", "price>=4.85", "price<=4.85", "price!=4.84",
			"iv>40", "iv=41", "iv=41%", "iv<60%", "delta>0.4", "delta=0.48", "abs(delta)>0.4", "abs(delta)<0.5", "otm>1%", "otm<2", "otm=0.5%..1.5%",
			"age<5m", "age<3s", "age>=2s", "age<1h30m", "time>=10:30", "time=10:40", "time<10:41", "time=10:00..11:00", "time=10:40:58", "time!=9:30",
			"spot>178", "spot=178.21",
			"side=ask", "side=A,AA", "side=ASK", "side!=bid", "side=A", "root=nvda", "root!=spxw", "source=ws", "source!=rest", "has(iv)", "HAS(iv)", "has(spot)",
			"mark=W", "mark=U", "mark=u,U", "mark!=u", "mark=>", "mark=W,>", "mark=>,W calls", "mark!==", "mark!= =", "mark=>,=", "mark=U mark=>", "not mark==",
			"size>oi", "vol>size", "size<vol", "oi<=vol", "strike>spot", "price<spot", "spot!=strike", "abs(otm)<iv", "otm<iv", "iv>abs(otm)", "not size=vol",
			"(size>oi),spy", "spy,size>oi calls", "oi!=size", "delta=abs(delta)",
			"nvda calls prem>=250k", "nvda and calls", "nvda or spy", "spy or qqq or nvda", "(spy or nvda) calls", "spy or nvda calls", "nvda,spy calls",
			"not (spy or puts)", "not spy not puts", "! ( spy )", "prem >= 250k", "((nvda))", "not not nvda", "(nvda,spy),qqq", "calls,puts", "spy,prem>=1m",
		}, nil, True},
		{[]string{
			"spy", "spy,qqq", "puts", "itm", "bear", "0dte", "prem<1m", "size=1..5", "dte=0", "exp=fri", "exp<18dec", "exp>18dec", "exp!=dec",
			"strike<180", "price>4.85", "price<4.85", "iv>41", "iv<41", "delta<0.48", "delta>0.48", "otm>5%", "age>5m", "time<10:40", "time>10:40", "side=a", "side=bid", "side=AA",
			"side=mid", "root=spxw", "source=rest,backfill", "not has(iv)", "mark=u", "mark==", "mark=u,=", "mark!=>", "size<oi", "size=oi", "spot>strike", "strike<=spot", "abs(otm)>iv", "delta<abs(delta)", "nvda puts", "nvda (spy or puts)", "size!=2310", "prem!=1m..2m", "not nvda,spy", "not nvda spy",
		}, nil, False},
		{[]string{"otm", "itm", "not otm", "otm>5%", "otm>5% calls", "otm or puts", "spot>1", "not (otm calls)", "spot!=3"},
			func(r *model.Burst, _ *model.Contract) { r.Spot = float32(math.NaN()) }, Unknown},
		{[]string{"otm or calls", "atm", "not (otm puts)", "not has(spot)"},
			func(r *model.Burst, _ *model.Contract) { r.Spot = float32(math.NaN()) }, True},
		{[]string{"otm puts", "puts otm>5%"},
			func(r *model.Burst, _ *model.Contract) { r.Spot = float32(math.NaN()) }, False},
		{[]string{"otm", "spot>1"}, func(r *model.Burst, _ *model.Contract) { r.Flags = model.FlagSpotDelayed }, Unknown},
		{[]string{"oi<100", "vol/oi>2", "oi!=5", "unusual", "not unusual", "mark=U"},
			func(r *model.Burst, _ *model.Contract) { r.OpenInterest = model.UnknownCount }, Unknown},
		{[]string{"unusual", "mark=u,U"}, // too little volume, whatever the open interest
			func(r *model.Burst, _ *model.Contract) { r.OpenInterest, r.DayVolume = model.UnknownCount, 20 }, False},
		{[]string{"size>oi", "size!=oi", "oi<vol", "not size>oi", "mark=>", "mark!=>", "mark=u,>,="},
			func(r *model.Burst, _ *model.Contract) { r.OpenInterest = model.UnknownCount }, Unknown},
		{[]string{"mark=>"}, func(r *model.Burst, _ *model.Contract) { r.OpenInterest, r.Size = model.UnknownCount, 99 }, False},
		{[]string{"mark=>,=", "mark=W,="}, func(r *model.Burst, _ *model.Contract) { r.OpenInterest, r.Flags = model.UnknownCount, model.FlagTwin }, True},
		{[]string{"mark==", "mark!==", "mark=u,="}, func(r *model.Burst, _ *model.Contract) { r.Flags = 0 }, Unknown},
		{[]string{"strike=spot", "strike>=spot", "spot<=strike", "spy,price=strike"},
			func(r *model.Burst, c *model.Contract) { r.Spot, r.Vwap, c.Strike = 178.21, 178.21, 178_210 }, True},
		{[]string{"spot>price", "otm<iv", "not otm>iv"}, func(r *model.Burst, _ *model.Contract) { r.Spot = float32(math.NaN()) }, Unknown},
		{[]string{"vol/oi>2"}, func(r *model.Burst, _ *model.Contract) { r.OpenInterest = 0 }, Unknown},
		{[]string{"iv>60", "iv!=3", "iv=0..100", "iv=1,2", "iv>1 or iv<1"},
			func(r *model.Burst, _ *model.Contract) { r.IV = float32(math.NaN()) }, Unknown},
		{[]string{"delta>0.4", "abs(delta)>0.4"}, func(r *model.Burst, _ *model.Contract) { r.Delta = float32(math.NaN()) }, Unknown},
		{[]string{"whale"}, func(r *model.Burst, _ *model.Contract) { r.Delta = float32(math.NaN()) }, True},
		{[]string{"side=ask", "side!=ask", "bull", "bear", "sure", "not sure"}, func(r *model.Burst, _ *model.Contract) { r.Side = model.SideUnknown }, Unknown},
		{[]string{"top<=5%", "not top<=5%", "top>0 calls"}, func(r *model.Burst, _ *model.Contract) { r.Rank = 0 }, Unknown},
		{[]string{"not has(top)", "top<=5% or prem>=1m"}, func(r *model.Burst, _ *model.Contract) { r.Rank = 0 }, True},
		{[]string{"twin", "not twin"}, func(r *model.Burst, _ *model.Contract) { r.Flags = 0 }, Unknown},
		{[]string{"twin"}, func(r *model.Burst, _ *model.Contract) { r.Flags = model.FlagTwin }, True},
		{[]string{"not sure", "bull"}, func(r *model.Burst, _ *model.Contract) { r.Certainty = model.CertaintyFair }, True},
		{[]string{"side=ask", "side=a", "not side=A"}, func(r *model.Burst, _ *model.Contract) { r.Side = model.SideNearAsk }, True},
		{[]string{"side=bid", "bear", "side=b,B"}, func(r *model.Burst, _ *model.Contract) { r.Side = model.SideNearBid }, True},
		{[]string{"bear", "puts", "abs(delta)>0.4", "delta<-0.4", "itm", "otm<0", "delta=-0.5..-0.4"},
			func(r *model.Burst, c *model.Contract) { c.Type, r.Delta = model.Put, -0.48 }, True},
		{[]string{"unusual", "mark=u", "not mark=U"}, func(r *model.Burst, _ *model.Contract) { r.DayVolume = 9_000 }, True},
		{[]string{"0dte", "dte=0", "exp=today", "exp=mon", "exp=23nov", "not unusual"},
			func(_ *model.Burst, c *model.Contract) { c.Expiry = today }, True},
		{[]string{"not 0dte", "dte=0", "root=spx", "spx"},
			func(_ *model.Burst, c *model.Contract) { c.Expiry, c.Root, c.Underlying = today, "SPX", "SPX" }, True},
		{[]string{"root=spxw", "spx", "not root=spx"}, func(_ *model.Burst, c *model.Contract) { c.Root, c.Underlying = "SPXW", "SPX" }, True},
		{[]string{"source=rest"}, func(r *model.Burst, _ *model.Contract) { r.Source = model.SourceREST }, True},
		{[]string{"exp=jan", "exp=15jan", "exp>dec", "exp=jan2027"}, func(_ *model.Burst, c *model.Contract) { c.Expiry = model.MakeDate(2027, 1, 15) }, True},
		{[]string{"$or", "ticker=or", "not spy"}, func(_ *model.Burst, c *model.Contract) { c.Underlying = "OR" }, True},
		{[]string{"prem>=0", "prem<1k", "price>0", "whale", "unusual"}, func(r *model.Burst, _ *model.Contract) { r.Kind, r.Premium = model.KindGap, 0 }, Unknown},
		{[]string{"nvda", "size>2k"}, func(r *model.Burst, _ *model.Contract) { r.Kind, r.Premium = model.KindGap, 0 }, True},
	} {
		for _, line := range test.lines {
			if got := match(t, line, test.edit); got != test.want {
				t.Errorf("%q is %v, want %v", line, got, test.want)
			}
		}
	}
	if f := parse(t, "nvda"); f.Match(&model.Burst{}, nil, 0) != Unknown {
		t.Error("without a contract")
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ line, wrong, text string }{
		{"prem>=25x", "25x", `prem>=25x: "25x" is not a number (try 25k)`},
		{"nvda prem>=abc", "abc", `prem>=abc: "abc" is not a number`},
		{"size=5k..9x", "9x", `size=5k..9x: "9x" is not a number (try 9k)`},
		{"strike=9x..12", "9x", `strike=9x: "9x" is not a number (try 9)`},
		{"iv>6k", "6k", `iv>6k: "6k" is not a number (try 6)`},
		{"prem>=", "prem>=", `a value is missing after prem>=`},
		{"prem>= calls=", "calls", `prem>= calls: "calls" is not a number`},
		{"premum>=25k", "premum", `premum>=: unknown field "premum", did you mean premium?`},
		{"detla>1", "detla", `detla>: unknown field "detla", did you mean delta?`},
		{"qwrtz=1", "qwrtz", `qwrtz=: unknown field "qwrtz"`},
		{"calls=1", "calls", `calls=: calls stands alone, without a comparison`},
		{"has(foo)", "foo", `foo: unknown field "foo"`},
		{"has(iv", "has(iv", `a ")" is missing after has(iv`},
		{"has()", "has()", `has( needs a field: has(delta)`},
		{"abs(delta)", "abs(delta)", `abs(delta) needs a comparison: abs(delta)>0.4`},
		{"abs(side)=A", "abs(side)", `abs(side): side has no sign`},
		{"exp=19dec", "19dec", `exp=19dec: 19 Dec 2026 is a Saturday; expiries near: 18 Dec, 24 Dec`},
		{"amd exp=19dec", "19dec", `exp=19dec: 19 Dec 2026 is a Saturday; expiries near: 18 Dec, 24 Dec`},
		{"exp=2mai", "2mai", `exp=2mai: "2mai" is not a date (try 18dec, dec, fri or 2026-12-18)`},
		{"exp=31nov", "31nov", `exp=31nov: November has 30 days`},
		{"exp=29feb2027", "29feb2027", `exp=29feb2027: there is no 29 Feb in 2027`},
		{"exp=dec18", "dec18", `exp=dec18: "dec18" is not a date (try 18dec or dec2026)`},
		{"exp<=18dec1066", "18dec1066", `exp<=18dec1066: no options of the year 1066`},
		{"exp=2026-13-01", "2026-13-01", `exp=2026-13-01: "2026-13-01" is not a date (try 18dec, dec, fri or 2026-12-18)`},
		{"age<5", "5", `age<5: "5" is not a time span (try 90s, 5m or 2h)`},
		{"time>25:00", "25:00", `time>25:00: "25:00" is not a time of day (try 10:30)`},
		{"time>10", "10", `time>10: "10" is not a time of day (try 10:30)`},
		{"side=left", "left", `side=left: "left" is not a side (one of ask, bid, mid, A, AA, a, B, BB, b, M)`},
		{"side=A,amd", "amd", `side=A,amd: "amd" is not a side (one of ask, bid, mid, A, AA, a, B, BB, b, M)`},
		{"side>A", "A", `side>A: side can only be = or !=`},
		{"mark>U", ">", `mark>: mark can only be = or !=`},
		{"mark=", "mark=", `a value is missing after mark=`},
		{"mark=WU>", "WU>", `mark=WU>: "WU>" is several marks: mark=W,U,> has one of them, mark=W mark=U mark=> all`},
		{"mark=x", "x", `mark=x: "x" is not a mark (one of W, U, u, >, =, !)`},
		{"mark=>=5", ">=5", `mark=>=5: ">=5" is not a mark (one of W, U, u, >, =, !)`},
		{"mark=W,", "mark=W,", `a value is missing after mark=W,`},
		{"size>iv", "iv", `size>iv: contracts and percent of spot cannot be compared (try size>vol)`},
		{"prem>strike", "strike", `prem>strike: dollars of premium and dollars a share cannot be compared`},
		{"exp>dte", "dte", `exp>dte: dates and days cannot be compared`},
		{"size>side", "side", `size>side: contracts and sides cannot be compared (try size>vol)`},
		{"nvda size>size", "size", `size>size: size is compared with itself (try size>vol)`},
		{"delta<delta", "delta", `delta<delta: delta is compared with itself`},
		{"size=oi,5", "oi", `size=oi: a field stands alone behind = (size=oi or …)`},
		{"size=5,oi", "oi", `size=5,oi: a field stands alone behind = (size=oi or …)`},
		{"size>oi,nvda", "oi", `size>oi: a field stands alone behind > (size>oi or …)`},
		{"size=oi..vol", "oi", `size=oi: "oi" is not a number`},
		{"iv>abs(", "abs(", `abs( needs a field: abs(delta)`},
		{"iv>abs(side)", "abs(side)", `abs(side): side has no sign`},
		{"iv>abs(otm", "abs(otm", `a ")" is missing after abs(otm`},
		{"@mag7=1", "@mag7", `@mag7 stands alone, without a comparison`},
		{"calls @mag8", "@mag8", `there is no @mag8, did you mean @mag7?`},
		{"@zzz", "@zzz", `there is no @zzz: there are @mag7, @one, @far, @big, @big-puts, @all and 7 more`},
		{"@", "@", `a name follows @: there are @mag7, @one, @far, @big, @big-puts, @all and 7 more`},
		{"@wrong", "@wrong", `@wrong: prem>=25x: "25x" is not a number (try 25k)`},
		{"calls or @round", "@round", `@round is made of itself (@round, @about, @round)`},
		{"@self", "@self", `@self is made of itself (@self, @self)`},
		{"source=tv", "tv", `source=tv: "tv" is not a source (one of ws, rest, backfill)`},
		{"prem>=250,000", "000", `prem>=250,000: a comma means "or", which only = and != can have (write 250000 or 250k)`},
		{"dte<0..7", "0..7", `dte<0..7: a range goes with = or != (dte=0..7)`},
		{"dte=7..0", "7..0", `dte=7..0: the range is upside down (try 0..7)`},
		{"dte=7..", "7..", `dte=7..: a range has two ends (try 5..10)`},
		{"top<=x", "x", `top<=x: "x" is not a number`},
		{"twin=1", "twin", `twin=: twin stands alone, without a comparison`},
		{"nvda or", "or", `something is missing after "or"`},
		{"or nvda", "or", `something is missing before "or"`},
		{"nvda not", "not", `something is missing after "not"`},
		{"nvda !", "!", `something is missing after "!"`},
		{"nvda and", "and", `something is missing after "and"`},
		{"and nvda", "and", `something is missing before "and" ($and is the ticker)`},
		{"nvda,", ",", `something is missing after the comma`},
		{",nvda", ",", `something is missing before the comma`},
		{"nvda,!spy", "!", `"!" needs parentheses after a comma`},
		{"(nvda", "(", `a ")" is missing for this "("`},
		{"nvda)", ")", `")" without a "(" before it`},
		{"()", "()", `nothing between the parentheses`},
		{">=5", ">=", `">=" needs a field before it (prem>=25k)`},
		{"250k", "250k", `"250k" stands alone, which field is it? (prem>=250k)`},
		{"0dt", "0dt", `"0dt" is neither a word nor a ticker, did you mean 0dte?`},
		{"nv_da", "nv_da", `"nv_da" is neither a word nor a ticker`},
		{strings.Repeat("(", 65) + "spy" + strings.Repeat(")", 65), "(", `too many parentheses within each other`},
		{strings.Repeat("x ", 2100), "", `the filter is too long`},
	} {
		f, err := Parse(test.line, testEnv())
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q gave %v, %v", test.line, f, err)
			continue
		}
		if test.text != "" && e.Text != test.text {
			t.Errorf("%q:\ngot  %s\nwant %s", test.line, e.Text, test.text)
		}
		if got := test.line[e.Pos:e.End]; test.wrong != "" && got != test.wrong {
			t.Errorf("%q: %q is underlined, want %q", test.line, got, test.wrong)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, test := range []struct{ line, part, text string }{
		{"prem>=250", "250", "did you mean 250k?"},
		{"prem=250..900k", "250", "did you mean 250k?"},
		{"prem>=250k", "", ""},
		{"prem>=0", "", ""},
		{"iv>0.6", "0.6", "iv is in percent, did you mean 60?"},
		{"delta>40", "40", "delta runs from -1 to 1, did you mean 0.4?"},
		{"amd", "amd", "AMD is not followed (t adds it)"},
		{"ticker=nvda,amd", "amd", "AMD is not followed (t adds it)"},
		{"cals", "cals", "CALS is not followed (t adds it); did you mean calls?"},
		{"spxw", "spxw", "SPXW is a root of SPX (root=spxw)"},
		{"exp=17dec", "17dec", "17 Dec 2026 is no listed expiry; expiries near: 24 Nov, 18 Dec"},
		{"exp=31dec", "31dec", "31 Dec 2026 is no listed expiry; expiries near: 24 Dec, 15 Jan 2027"},
		{"exp<=19dec", "", ""},
		{"exp=19dec..31dec", "", ""},
		{"has(size)", "has(size)", "size is always known"},
		{"nvda calls or puts", "", ""},
		{"@mag7 calls", "@mag7", "@mag7: AAPL and MSFT are not followed (t adds it)"},
		{"@far", "@far", "@far: A and 2 more are not followed (t adds it)"},
		{"@one", "", ""},
		{"@doubt", "@doubt", "@doubt: did you mean 250k?"},
	} {
		f := parse(t, test.line)
		switch w := f.Warnings(); {
		case test.text == "" && len(w) > 0:
			t.Errorf("%q: %v", test.line, w)
		case test.text != "" && (len(w) != 1 || w[0].Text != test.text || test.line[w[0].Pos:w[0].End] != test.part):
			t.Errorf("%q: %v, want %q at %q", test.line, w, test.text, test.part)
		}
	}
	if f, err := Parse("amd exp=17dec", Env{Now: now}); err != nil || len(f.Warnings()) != 0 {
		t.Errorf("knowing nothing, nothing is said: %v %v", f, err)
	}
	if _, err := Parse("exp=18dec", Env{}); err == nil || !strings.Contains(err.Error(), "needs a year") {
		t.Errorf("without a clock: %v", err)
	}
	if _, err := Parse("exp=18dec2026", Env{}); err != nil {
		t.Errorf("without a clock: %v", err)
	}
}

func TestRead(t *testing.T) {
	for _, test := range []struct{ line, canonical, read string }{
		{"nvda calls or puts", "nvda calls or puts", "(nvda calls) or puts"},
		{"spy or nvda calls prem>1m", "spy or nvda calls prem>1m", "spy or (nvda calls prem>1m)"},
		{"not nvda calls or puts", "not nvda calls or puts", "(not nvda calls) or puts"},
		{"(nvda calls) or puts", "nvda calls or puts", ""},
		{"nvda (calls or puts)", "nvda (calls or puts)", ""},
		{"nvda or puts", "nvda or puts", ""},
		{"NVDA  and ticker = SPY", "nvda ticker=spy", ""},
		{"Premium >= $250K", "prem>=250k", ""},
		{"expiry=18DEC", "exp=18dec", ""},
		{"(a (b c)) d", "a b c d", ""},
		{"((a or b) or c)", "a or b or c", ""},
		{"!(a b)", "not (a b)", ""},
		{"!!a", "not not a", ""},
		{"(a,b),c", "a,b,c", ""},
		{"(a or b),c", "(a or b),c", ""},
		{"(prem>1m),nvda", "(prem>1m),nvda", ""},
		{"nvda,prem>1m,side=aa,a", "nvda,(prem>1m),side=AA,a", ""},
		{"$or or $not", "$or or $not", ""},
		{"has (a)", "has a", ""},
		{"MARK = W, >", "mark=W,>", ""},
		{"mark==", "mark==", ""},
		{"mark==,w nvda", "mark==,W nvda", ""},
		{"mark == U", "mark=U", ""},
		{"mark==U", "mark=U", ""},
		{"mark== u", "mark== u", ""},
		{"mark===", "mark==", ""},
		{"(mark=>) spy", "mark=> spy", ""},
		{"(mark!==),spy", "(mark!==),spy", ""},
		{"size > OI", "size>oi", ""},
		{"Volume>=SIZE", "vol>=size", ""},
		{"iv>ABS( otm )", "iv>abs(otm)", ""},
		{"@Mag7 calls or @BIG-PUTS", "@mag7 calls or @big-puts", "(@mag7 calls) or @big-puts"},
		{"side==ask", "side=ask", ""},
		{"", "", ""},
	} {
		f := parse(t, test.line)
		if f.String() != test.canonical || f.Read() != test.read {
			t.Errorf("%q prints %q and reads %q, want %q and %q", test.line, f.String(), f.Read(), test.canonical, test.read)
		}
	}
}

func TestLacks(t *testing.T) {
	nan := float32(math.NaN())
	for _, test := range []struct {
		line string
		edit func(*model.Burst)
		want string
	}{
		{"otm", func(r *model.Burst) { r.Spot = nan }, "spot"},
		{"otm prem>9m", func(r *model.Burst) { r.Spot = nan }, ""},
		{"otm", func(r *model.Burst) {}, ""},
		{"otm iv>60", func(r *model.Burst) { r.Spot, r.IV = nan, nan }, "spot and IV"},
		{"not (otm or iv>60)", func(r *model.Burst) { r.Spot = nan }, "spot"},
		{"vol/oi>2", func(r *model.Burst) { r.OpenInterest = model.UnknownCount }, "OI"},
		{"vol/oi>2", func(r *model.Burst) { r.OpenInterest, r.DayVolume = model.UnknownCount, model.UnknownCount }, "volume and OI"},
		{"vol/oi>2", func(r *model.Burst) { r.OpenInterest = 0 }, "volume and OI"},
		{"unusual", func(r *model.Burst) { r.OpenInterest = model.UnknownCount }, "OI"},
		{"bull sure side=A", func(r *model.Burst) { r.Side = model.SideUnknown }, "side"},
		{"prem>0 price>0 prints>1 delta>0", func(r *model.Burst) { r.Kind, r.Prints, r.Delta = model.KindGap, nan, nan }, "premium, prints, price and delta"},
	} {
		r, c := sample(func(r *model.Burst, _ *model.Contract) { test.edit(r) })
		if got := parse(t, test.line).Lacks(r, c, now()).String(); got != test.want {
			t.Errorf("%q lacks %q, want %q", test.line, got, test.want)
		}
	}
}

func TestSince(t *testing.T) {
	for line, want := range map[string]int64{
		"age<5m": 300_000, "nvda age<5m prem>1m": 300_000, "age<5m age<=1m": 60_000, "age=1m..2m": 120_000,
		"@late calls": 60_000, "not @late": -1, "age>5m": -1, "nvda": -1, "": -1, "age<5m or nvda": -1, "not age<5m": -1, "age!=5m": -1,
	} {
		since, ok := parse(t, line).Since(now())
		if ok != (want >= 0) || ok && since != now()-want {
			t.Errorf("%q: %d %v, want %d ago", line, now()-since, ok, want)
		}
	}
}

func TestTimeOfDayWhenClocksChange(t *testing.T) {
	for _, date := range []model.Date{model.MakeDate(2026, 3, 8), model.MakeDate(2026, 11, 1), today} {
		if got := model.TimeOfDay(date.At(10, 30).UnixMilli()); got != 37_800_000 {
			t.Errorf("%v 10:30 is %d ms into the day", date, got)
		}
	}
}

func TestEdit(t *testing.T) {
	for _, test := range []struct {
		name, got, want string
	}{
		{"to nothing", With("", "nvda", now), "nvda"},
		{"to a line", With("calls prem>=250K", "nvda", now), "calls prem>=250k nvda"},
		{"what is there", With("nvda calls", "calls", now), "nvda calls"},
		{"to an or", With("nvda or spy", "calls", now), "(nvda or spy) calls"},
		{"to a name", With("@Mag7", "calls", now), "@mag7 calls"},
		{"to what cannot be read", With("prem>=", "calls", now), "prem>= calls"},
		{"hide", With("nvda", "not strike=180", now), "nvda not strike=180"},
		{"without", Without("nvda calls prem>1m", "calls", now), "nvda prem>1m"},
		{"without the only one", Without("calls", "calls", now), ""},
		{"without what is not there", Without("nvda", "calls", now), "nvda"},
		{"without in an or stays", Without("nvda or calls", "calls", now), "nvda or calls"},
		{"without in what cannot be read", Without("prem>= calls", "calls", now), "prem>= calls"},
		{"toggle on", Toggle("nvda", "calls", now), "nvda calls"},
		{"toggle off", Toggle("nvda calls", "calls", now), "nvda"},
		{"toggle over", Toggle("nvda puts", "calls", now), "nvda calls"},
		{"toggle in an empty line", Toggle("", "puts", now), "puts"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %q, want %q", test.name, test.got, test.want)
		}
	}
	if !HasClause("nvda CALLS", "calls", now) || HasClause("nvda or calls", "calls", now) || HasClause("", "", now) {
		t.Error("HasClause")
	}
}

// Every name of the language parses, compiles and is explained.
func TestNames(t *testing.T) {
	for _, n := range append(Words(), Fields()...) {
		if n.Help == "" {
			t.Errorf("%s has no help", n.Name)
		}
		r, c := sample(nil)
		parse(t, n.Example).Match(r, c, now())
	}
	for _, f := range fields {
		if f.unit < unitSide && f.get == nil && f.unit != unitDuration && f.unit != unitClock {
			t.Errorf("%s has no getter", f.name)
		}
	}
}
