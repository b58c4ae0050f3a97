package massive

import (
	"fmt"
	"strings"
	"testing"

	"optflow/bench/heap"
	"optflow/feed/faults"
	"optflow/feed/link"
	"optflow/feed/massive/scan"
	"optflow/feed/massive/wiretest"
	"optflow/model"
)

// costlyFrames are frames that cost, or once did cost, far more than their size.
func costlyFrames(size int) map[string]string {
	distinct := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, format+",", i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	status := func(message string) string {
		return `{"ev":"status","status":"success","message":"` + message + `"}`
	}
	return map[string]string{
		"bars":            wiretest.Repeated(minuteBar, size),
		"nothing":         wiretest.Repeated("{}", size),
		"numbers":         wiretest.Repeated("1", size),
		"odd bars":        wiretest.Repeated(`{"a":{},"v":"x"}`, size),
		"statuses":        wiretest.Repeated(status("x"), size),
		"commas":          status("subscribed to: " + strings.Repeat(",", size)),
		"pairs":           status("subscribed to: " + strings.Repeat("A.*,", size/4)),
		"one long status": status(strings.Repeat("x", size)),
		"escapes":         status(strings.Repeat(`\u0041`, size/6)),
		"keys":            `{"ev":"status",` + wiretest.Keys(size) + `}`,
		"deep":            strings.Repeat("[", min(size/2, scan.MaxNesting-2)) + strings.Repeat("]", min(size/2, scan.MaxNesting-2)),
		"roots":           distinct(`{"ev":"A","sym":"O:A%05d251219C00650000","v":1,"vw":1,"o":1,"h":1,"l":1,"c":1,"s":1765809000000}`),
		"contracts":       distinct(`{"ev":"A","sym":"O:SPY251219C%08d","v":1,"vw":1,"o":1,"h":1,"l":1,"c":1,"s":1765809000000}`),
	}
}

func TestFault29FramesCostWhatTheyAre(t *testing.T) {
	faults.Open(t, 29)
	for _, size := range []int{1 << 10, MaxStatus - 100, DefaultReadLimit - 100} {
		for name, elements := range costlyFrames(size) {
			frame := []byte("[" + elements + "]")
			heap.Within(t, fmt.Sprintf("%s, %d KB", name, size>>10), len(frame), wiretest.HeapFactor, 1, func() {
				var b Batch
				_ = newDecoder().Decode(frame, &b)
				if len(b.Statuses) > MaxStatus { // one may acknowledge many pairs, of a comma each
					t.Errorf("%s: %d statuses in a frame of %d KB", name, len(b.Statuses), len(frame)>>10)
				}
			})
		}
	}
}

// A frame may be long for its bars, as after a pause, and acknowledge something
// as well.
func TestStatusInALongFrame(t *testing.T) {
	bars := strings.Repeat(`{"ev":"A","sym":"O:SPY251219C00650000","v":1},`, 2*MaxStatus/40)
	frame := []byte("[" + bars + `{"ev":"status","status":"success","message":"subscribed to: A.*"}]`)
	var b Batch
	if err := newDecoder().Decode(frame, &b); err != nil || len(frame) <= MaxStatus || len(b.Statuses) != 1 || b.Statuses[0].Word != subscribed {
		t.Errorf("%v, %d bytes: %+v", err, len(frame), b.Statuses)
	}
}

func FuzzDecoderHeap(f *testing.F) {
	for _, elements := range costlyFrames(200) {
		f.Add([]byte("["+elements+"]"), true)
	}
	f.Fuzz(func(t *testing.T, frame []byte, assume bool) {
		heap.Within(t, "frame", len(frame), wiretest.HeapFactor, 1, func() {
			d := &Decoder{Contracts: model.NewRegistry(), Key: wiretest.Secret(wiretest.Canary)}
			if assume {
				d.Assume = link.SecondBars
			}
			var b Batch
			_ = d.Decode(frame, &b)
		})
	})
}
