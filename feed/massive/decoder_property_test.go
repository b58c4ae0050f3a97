package massive

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/feed/link"
	"optflow/model"
)

// elements that are nearly bars: what a server, a gateway or an enemy might send.
var (
	someKeys = []string{"ev", "sym", "v", "av", "vw", "o", "h", "l", "c", "a", "z", "s", "e", "op", "t", "status", "message", "V", "Ev", `\u0065v`, `\u0076`, "é", "", "dv", `a\"b`, `a\\`}

	someValues = []string{
		`"A"`, `"AM"`, `"T"`, `"status"`, `"\u0041"`, `"O:SPY251219C00650000"`, `"O:QQQ251219P00650000"`, `"O:\u0053PY251219C00650000"`, `"O:SPY259919C00650000"`,
		"1", "0", "-0", "-1", "5.13", "1e3", "1E+3", "7.0", "1.5e0", "4294967294", "4294967295", "1765809000000", "1.765809e12", "1765809001000", "1765809060000", "1765809059999",
		"0.1000000000000000055511151231257827", "123456789012345678901234567890", "1e22", "1e23", "1e-5", "1e400", "1e-400", "9007199254740993", "0.3e-22", "1e00001", "1e10000",
		"null", "true", "false", "[]", "[209]", "[1,[2,{}]]", "[[[[[[1]]]]]]", "{}", `{"a":{"b":[1]}}`, `"é"`, "\"\xff\"", `"\ud800"`, `"a\\"`, `"a\"b"`, `""`, `"subscribed to: A.*,AM.*"`,
		"01", "+1", "1.", "", "nul", "NaN", "-", "\"\x01\"", "[1,]", `"\x"`, "1 2",
	}
	someSpace = []string{"", "", "", "", " ", "\n", "\t\r "}
)

func drawElement(t *rapid.T) string {
	gap := func() string { return rapid.SampledFrom(someSpace).Draw(t, "space") }
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if kind == 0 {
		return rapid.SampledFrom(someValues).Draw(t, "scalar")
	}
	var b strings.Builder
	b.WriteString("{" + gap())
	var pairs []string
	if kind > 2 { // start from a whole bar
		pairs = strings.Split(strings.Trim(minuteBar, "{}"), ",")
	}
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		// The tail of the list is not JSON: seldom enough that half of the frames pass.
		values := someValues[:len(someValues)-11]
		if rapid.IntRange(0, 5).Draw(t, "broken") == 0 {
			values = someValues[len(someValues)-11:]
		}
		pair := `"` + rapid.SampledFrom(someKeys).Draw(t, "key") + `"` + gap() + ":" + gap() + rapid.SampledFrom(values).Draw(t, "value")
		if at := rapid.IntRange(0, len(pairs)).Draw(t, "at"); at == len(pairs) || rapid.Bool().Draw(t, "insert") {
			pairs = append(pairs[:at:at], append([]string{pair}, pairs[at:]...)...)
		} else {
			pairs[at] = pair
		}
	}
	b.WriteString(strings.Join(pairs, gap()+","+gap()))
	return b.String() + gap() + "}"
}

func TestDecoderAgreesWithEncodingJSON(t *testing.T) {
	read, refused, bars := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		frame := "[" + strings.Join(rapid.SliceOfN(rapid.Custom(drawElement), 0, 4).Draw(t, "elements"), ",") + "]"
		keep := func(u string) bool { return u != "QQQ" }
		assume := rapid.SampledFrom([]link.Channel{0, link.SecondBars, link.MinuteBars}).Draw(t, "assume")
		d := &Decoder{Contracts: model.NewRegistry(), Keep: keep, Assume: assume}
		r := reference{contracts: model.NewRegistry(), keep: keep, assume: assume, heard: map[string]bool{}}
		var got, want Batch
		gotErr, wantErr := d.Decode([]byte(frame), &got), r.decode([]byte(frame), &want)
		if (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("%s\ndecoder says %v, encoding/json %v", frame, gotErr, wantErr)
		}
		if gotErr != nil {
			refused++
			return
		}
		if diff := equal(&got, &want); diff != "" {
			t.Fatalf("%s\n%s", frame, diff)
		}
		if len(got.Statuses) > 0 && !HasStatus([]byte(frame)) {
			t.Fatalf("%s\nHasStatus missed a status", frame)
		}
		read++
		bars += len(got.Bars)
	})
	if read+refused >= 100 && (read == 0 || refused == 0 || bars == 0) { // fewer may be one-sided by chance
		t.Errorf("the generator is one-sided: %d frames read, %d refused, %d bars", read, refused, bars)
	}
}
