package massive

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive/scan"
	"optflow/feed/source"
	"optflow/model"
)

// minuteBar is the sample of the protocol notes, with gaps for what varies.
const minuteBar = `{"ev":"AM","sym":"O:SPY251219C00650000","v":412,"av":18734,"op":4.85,"vw":5.1132,"o":5.08,"c":5.15,"h":5.16,"l":5.06,"a":4.9871,"z":7,"s":1765809000000,"e":1765809060000}`

var wantMinuteBar = model.Bar{
	Span: model.Minute, Start: 1765809000000, Volume: 412, DayVolume: 18734,
	Open: 5.08, High: 5.16, Low: 5.06, Close: 5.15, Vwap: 5.1132, DayVwap: 4.9871, AvgSize: 7,
}

func newDecoder() *Decoder { return &Decoder{Contracts: model.NewRegistry()} }

func decode(t testing.TB, d *Decoder, frame string) *Batch {
	t.Helper()
	var b Batch
	if err := d.Decode([]byte(frame), &b); err != nil {
		t.Fatalf("frame refused: %v", err)
	}
	return &b
}

func TestDecodeReadsTheSampleBar(t *testing.T) {
	d := newDecoder()
	b := decode(t, d, "["+minuteBar+"]")
	if diff := cmp.Diff([]model.Bar{wantMinuteBar}, b.Bars); diff != "" {
		t.Error(diff)
	}
	if c := d.Contracts.At(b.Bars[0].Contract); c.Symbol != "O:SPY251219C00650000" || c.Underlying != "SPY" {
		t.Errorf("contract %+v", c)
	}
	if diff := cmp.Diff([]string{"SPY"}, b.NewUnderlyings); diff != "" {
		t.Error(diff)
	}
}

// with replaces one field of the sample bar.
func with(key, value string) string {
	i := strings.Index(minuteBar, `"`+key+`":`) + len(key) + 3
	n := strings.IndexAny(minuteBar[i:], ",}")
	return minuteBar[:i] + value + minuteBar[i+n:]
}

func without(key string) string {
	i := strings.Index(minuteBar, `"`+key+`":`)
	n := strings.IndexAny(minuteBar[i:], ",}")
	return strings.Replace(minuteBar[:i]+strings.TrimPrefix(minuteBar[i+n:], ","), ",}", "}", 1)
}

func TestFault33Numbers(t *testing.T) {
	faults.Open(t, 33)
	for element, want := range map[string]func(*model.Bar){
		with("av", "2.384421e+06"):                               func(b *model.Bar) { b.DayVolume = 2384421 },
		with("v", "7.0"):                                         func(b *model.Bar) { b.Volume = 7 },
		with("v", "4.12E2"):                                      func(b *model.Bar) {},
		with("z", "7.25"):                                        func(b *model.Bar) { b.AvgSize = 7.25 },
		with("s", "1.765809e12"):                                 func(b *model.Bar) {},
		with("s", "17658090000e2"):                               func(b *model.Bar) {},
		with("e", "1765809059999"):                               func(b *model.Bar) {},
		with("vw", "5.113200000000000001"):                       func(b *model.Bar) { b.Vwap = 5.1132 },
		with("vw", "5.1132000000000000000000000000000000000001"): func(b *model.Bar) { b.Vwap = 5.1132 },
		with("vw", "4.987100000000001"):                          func(b *model.Bar) { b.Vwap = 4.987100000000001 },
		with("a", "-0"):                                          func(b *model.Bar) { b.DayVwap = 0 },
		with("a", "1e-400"):                                      func(b *model.Bar) { b.DayVwap = 0 },
		with("op", "1e400"):                                      func(b *model.Bar) {}, // unread
		with("av", "null"):                                       func(b *model.Bar) { b.DayVolume = -1 },
		with("av", "411"):                                        func(b *model.Bar) { b.DayVolume = -1 },
		without("av"):                                            func(b *model.Bar) { b.DayVolume = -1 },
		without("a"):                                             func(b *model.Bar) { b.DayVwap = 0 },
		without("z"):                                             func(b *model.Bar) { b.AvgSize = 0 },
		without("e"):                                             func(b *model.Bar) {},
		without("op"):                                            func(b *model.Bar) {},
		strings.Replace(minuteBar, `{`, `{"dv":"412.5","dav":"18734.5","otc":false,"x":[1,[2]],"deep":{"a":[]},`, 1):                    func(b *model.Bar) {},
		strings.Replace(minuteBar, `"ev"`, `"\u0065v"`, 1):                                                                              func(b *model.Bar) {},
		strings.Replace(minuteBar, `O:SPY`, `\u004f:SPY`, 1):                                                                            func(b *model.Bar) {},
		strings.Replace(minuteBar, `{`, `{"T":"AAPL","S":1,"V":"x","EV":"Q",`, 1):                                                       func(b *model.Bar) {},
		strings.Replace(minuteBar, `{`, `{"sym":"O:QQQ251219C00650000","e":5,`, 1):                                                      func(b *model.Bar) {},
		`{"ev":"T",` + strings.Replace(minuteBar, `"ev":"AM",`, ``, 1)[1:len(minuteBar)-11] + `,"ev":"AM"}`:                             func(b *model.Bar) {},
		strings.Replace(minuteBar, `{`, `{"v":99,`, 1):                                                                                  func(b *model.Bar) {}, // the last one counts
		strings.NewReplacer(`,`, " ,\n\t", `:`, " :\r ", `{`, "{ ", `}`, " }").Replace(strings.Replace(minuteBar, "O:SPY", "O|SPY", 1)): nil,
	} {
		d := newDecoder()
		b := decode(t, d, "["+element+"]")
		if want == nil {
			if b.Malformed != 1 {
				t.Errorf("%s: %+v", element, b)
			}
			continue
		}
		bar := wantMinuteBar
		want(&bar)
		if diff := cmp.Diff([]model.Bar{bar}, b.Bars); diff != "" || math.Signbit(b.Bars[0].DayVwap) {
			t.Errorf("%s\n%s", element, diff)
		}
	}
}

func TestFault32OneBadElement(t *testing.T) {
	faults.Open(t, 32)
	for _, bad := range []string{
		`null`, `1`, `"x"`, `[]`, `true`, `{}`, `[[{}]]`,
		without("sym"), without("v"), without("vw"), without("s"), without("o"), without("ev"),
		with("v", `"412"`), with("v", "1.5"), with("v", "-1"), with("v", "4294967295"), with("v", "1e400"), with("v", "[1]"), with("v", "{}"), with("v", "true"),
		with("s", "1765809000000.5"), with("s", "1765809000"), with("s", "1765809000000000000"), with("s", `"2025"`),
		with("e", "1765809001000"), with("e", "1765809000000"),
		with("c", "[209]"), with("vw", "1e8"), with("h", "1"), with("sym", `"SPY"`), with("sym", "5"), with("sym", `"O:SPY251319C00650000"`),
		with("sym", `"O:AAPL211022C000150000"`), with("sym", `"O:spy251219C00650000"`), with("sym", `"O:SPY251219C0065000\u001b"`), with("sym", "\"O:SP\xff251219C00650000\""),
		with("ev", "7"), with("ev", "null"),
	} {
		b := decode(t, newDecoder(), "["+minuteBar+","+bad+","+minuteBar+"]")
		if b.Events != 3 || len(b.Bars) != 2 || b.Malformed != 1 || len(b.Samples) != 1 {
			t.Errorf("%s: %d events, %d bars, %d malformed, samples %q", bad, b.Events, len(b.Bars), b.Malformed, b.Samples)
		}
	}
}

func TestFault31SyntaxError(t *testing.T) {
	faults.Open(t, 31)
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	for _, frame := range []string{
		``, ` `, `null`, `1`, `"x"`, minuteBar, `[` + minuteBar, `[` + minuteBar + `,]`, `[` + minuteBar + `]]`, `[` + minuteBar + `] x`,
		`[` + minuteBar + ` ` + minuteBar + `]`, `[,]`, `[1,,2]`, "\ufeff[" + minuteBar + `]`, `[` + minuteBar + `][]`,
		`[` + with("v", "NaN") + `]`, `[` + with("v", "01") + `]`, `[` + with("v", "+1") + `]`, `[` + with("v", "1.") + `]`, `[` + with("v", ".5") + `]`, `[` + with("v", "1e") + `]`,
		`[` + with("op", "01") + `]`, `[` + with("op", "1.") + `]`, `[` + with("op", "-") + `]`, `[` + with("op", "tru") + `]`, `[` + with("op", "[1,]") + `]`, `[` + with("op", "") + `]`,
		`[{"ev" "A"}]`, `[{ev:"A"}]`, `[{"ev":"A",}]`, `[{"ev":"A"]`, "[{\"ev\":\"A\n\"}]", `[{"a":]},{]`, `["\q"]`, `["`, `["\`, deep,
		`[` + minuteBar + `,` + deep + `]`,
	} {
		d := newDecoder()
		b := Batch{Batch: source.Batch{Bars: []model.Bar{{Volume: 5}}, Events: 1}}
		if err := d.Decode([]byte(frame), &b); err == nil {
			t.Errorf("taken: %.200s", frame)
		}
		if len(b.Bars) != 1 || b.Events != 1 || b.Malformed != 0 || len(b.NewUnderlyings) != 0 {
			t.Errorf("%.100s left something: %+v", frame, b)
		}
		if b := decode(t, d, "["+minuteBar+"]"); len(b.NewUnderlyings) != 1 {
			t.Errorf("%.100s: the underlying is not announced after a frame that failed", frame)
		}
	}
}

func TestNestingIsBoundedAsInEncodingJSON(t *testing.T) {
	for depth, fine := range map[int]bool{scan.MaxNesting - 2: true, scan.MaxNesting - 1: true, scan.MaxNesting: false, scan.MaxNesting + 1: false} {
		frame := "[" + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "]"
		var got, want Batch
		r := reference{contracts: model.NewRegistry(), heard: map[string]bool{}}
		gotErr, wantErr := newDecoder().Decode([]byte(frame), &got), r.decode([]byte(frame), &want)
		if (gotErr == nil) != fine || (wantErr == nil) != fine {
			t.Errorf("%d deep: decoder says %v, encoding/json %v", depth, gotErr, wantErr)
		}
	}
}

func TestDecodeTakesMixedFrames(t *testing.T) {
	frame := `[{"ev":"T","sym":"O:SPY251219C00650000","x":302,"p":5.12,"s":10,"c":[219],"t":1765809012345,"q":651921857},` +
		`{"sym":"O:SPY251219C00650000","c":[219],"ev":"T"},` +
		`{"ev":"Q","sym":"O:SPY251219C00650000","bx":302,"ax":304,"bp":5.10,"ap":5.13,"bs":17,"as":24,"t":1765809012345,"q":844090872},` +
		`{"ev":"FMV","fmv":5.1175,"sym":"O:SPY251219C00650000","t":1765809012345678901},{"ev":"ZZ","deep":{"x":[{"y":"\u0041"}]}},` +
		minuteBar + `,{"ev":"status","status":"connected","message":"Connected Successfully"},` + with("sym", `"O:SPXW251219P06850000"`) + `]`
	d := newDecoder()
	d.Keep = func(u string) bool { return u == "SPY" }
	b := decode(t, d, frame)
	if b.Events != 8 || b.Other != 5 || len(b.Bars) != 1 || b.Filtered != 1 || len(b.Statuses) != 1 || b.Malformed != 0 {
		t.Errorf("%+v", b)
	}
	if diff := cmp.Diff([]string{"SPY", "SPX"}, b.NewUnderlyings); diff != "" {
		t.Error(diff)
	}
	if d.Contracts.Len() != 1 {
		t.Error("an underlying that is not followed was given contracts")
	}
}

func TestRefollowAsksKeepAgain(t *testing.T) {
	d := newDecoder()
	followed, asked := false, 0
	d.Keep = func(string) bool { asked++; return followed }
	for range 3 {
		if b := decode(t, d, "["+minuteBar+"]"); b.Filtered != 1 {
			t.Fatalf("%+v", b)
		}
	}
	followed = true
	if b := decode(t, d, "["+minuteBar+"]"); b.Filtered != 1 || asked != 1 {
		t.Fatalf("asked %d times", asked)
	}
	d.Refollow()
	if b := decode(t, d, "["+minuteBar+"]"); len(b.Bars) != 1 || len(b.NewUnderlyings) != 0 || asked != 2 {
		t.Fatalf("after Refollow: %+v, asked %d times", b, asked)
	}
	if decode(t, d, "["+minuteBar+"]"); asked != 2 {
		t.Fatalf("a contract that is wanted: asked %d times", asked)
	}
	followed = false
	d.Refollow()
	if b := decode(t, d, "["+minuteBar+"]"); b.Filtered != 1 || asked != 3 {
		t.Fatalf("not followed any more: %+v, asked %d times", b, asked)
	}
}

// An underlying that was announced in a frame that turned out to be broken is
// announced again, though its contract is known by then.
func TestBrokenFrameAnnouncesAgain(t *testing.T) {
	d := newDecoder()
	var b Batch
	if err := d.Decode([]byte("["+minuteBar+"]x"), &b); err == nil || len(b.NewUnderlyings) != 0 {
		t.Fatalf("%v, %+v", err, b)
	}
	if b := decode(t, d, "["+minuteBar+"]"); len(b.Bars) != 1 || len(b.NewUnderlyings) != 1 {
		t.Errorf("%+v", b)
	}
}

func TestRootsAreBounded(t *testing.T) {
	d := newDecoder()
	d.Keep = func(string) bool { return false }
	before, after, _ := strings.Cut(with("sym", `"O:A#251219C00650000"`), "#")
	for i := range 3 * maxRoots {
		decode(t, d, fmt.Sprintf(`[%s%05d%s]`, before, i, after))
	}
	if len(d.roots.known) > maxRoots || len(d.roots.heard) > maxRoots {
		t.Errorf("%d roots, %d underlyings are remembered", len(d.roots.known), len(d.roots.heard))
	}
}

func TestOriginBarsMayLackTheirKind(t *testing.T) {
	d := newDecoder()
	d.Assume = link.MinuteBars
	if b := decode(t, d, "["+without("ev")+","+with("ev", `"A"`)+"]"); len(b.Bars) != 1 || b.Malformed != 1 || b.Bars[0] != wantMinuteBar {
		t.Errorf("%+v", b) // the second is a minute wide and says that it is a second
	}
}

func TestDecoderAllocatesNothing(t *testing.T) {
	frame := []byte("[" + strings.Repeat(minuteBar+",", 99) + with("sym", `"O:QQQ251219C00650000"`) + "]")
	d := newDecoder()
	d.Keep = func(u string) bool { return u == "SPY" }
	var b Batch
	run := func() {
		b.Reset()
		if err := d.Decode(frame, &b); err != nil || len(b.Bars) != 99 || b.Filtered != 1 {
			t.Fatal(err, len(b.Bars))
		}
	}
	run()
	if n := testing.AllocsPerRun(20, run); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
	n := testing.AllocsPerRun(20, func() { d.Refollow(); run() })
	if n != 0 {
		t.Errorf("%v allocations a frame after Refollow", n)
	}
}

// equal compares a decoded batch with the reference's.
func equal(got, want *Batch) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Batch{}, "Samples"))
}

func FuzzDecoderAgainstEncodingJSON(f *testing.F) {
	for _, seed := range []string{
		"[" + minuteBar + "]", "[" + minuteBar + "," + with("v", "7.0") + "]", `[{"ev":"T","c":[219]},` + minuteBar + `]`, "[]", "[null,1," + minuteBar + "]",
		`[{"ev":"status","status":"success","message":"subscribed to: A.*, AM.*"}]`, `[{"status":"error","message":"not authorized"}]`, `[{"ev":"A","ev":"T"}]`,
		"[" + with("sym", `"O:\u0053PY251219C00650000"`) + "]", "[" + with("av", "2.384421e+06") + "," + with("s", "1.765809e12") + "," + with("vw", "5.00000000000000000001") + "]",
		"[ " + strings.ReplaceAll(minuteBar, ",", " , ") + " ]", "[" + without("ev") + "]", `[{"ev":"A","sym":"O:A991231P00000001","v":0,"vw":0,"o":0,"h":0,"l":0,"c":0,"s":1e12}]`,
		`[{"V":1,"v":null,"ev":"A","":0}]`, `[{"v":1,"sym":"x","ev":"T","v":2}]`, `[{"s":3,"x":300,"ev":"Q"},{"s":3,"ev":"AM"}]`, `[{"status":"success","message":"subscribed to:,(, A.*,"}]`, "[\"\xff\",{\"\xff\":1}]",
	} {
		for _, assume := range []string{"", "A"} {
			f.Add([]byte(seed), assume == "")
		}
	}
	f.Fuzz(func(t *testing.T, frame []byte, strict bool) {
		keep := func(u string) bool { return u != "QQQ" }
		assume := link.SecondBars
		if strict {
			assume = 0
		}
		d := &Decoder{Contracts: model.NewRegistry(), Keep: keep, Assume: assume}
		r := reference{contracts: model.NewRegistry(), keep: keep, assume: assume, heard: map[string]bool{}}
		var got, want Batch
		gotErr, wantErr := d.Decode(frame, &got), r.decode(frame, &want)
		if (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("decoder says %v, encoding/json %v", gotErr, wantErr)
		}
		if gotErr != nil {
			return
		}
		if diff := equal(&got, &want); diff != "" {
			t.Fatal(diff)
		}
		if len(got.Statuses) > 0 && !HasStatus(frame) {
			t.Fatal("HasStatus missed a status")
		}
		for _, s := range got.Samples {
			if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
				t.Fatalf("sample %q is not safe", s)
			}
		}
	})
}
