package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestBar(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1_795_448_486, 0)
	b := on(&out, 80, "reading Mon 23 Nov", false, func() time.Time { return now })
	b.At(10, 100)
	if b.End(); out.Len() > 0 {
		t.Fatalf("what takes no second draws %q", out.String())
	}
	now = now.Add(patience)
	b.At(42, 100)
	if want := "\rreading Mon 23 Nov  42%  ▇▇▇▇▇▇▇▇▁▁▁▁▁▁▁▁▁▁▁▁  ctrl+c cancels\x1b[K"; out.String() != want {
		t.Fatalf("%q, want %q", out.String(), want)
	}
	out.Reset()
	b.At(43, 100)
	if out.Len() > 0 {
		t.Fatal("drawn again at once")
	}
	now = now.Add(redraw)
	b.At(200, 100)
	if !strings.Contains(out.String(), "100%  "+strings.Repeat("▇", cells)+"  ") {
		t.Fatalf("%q", out.String())
	}
	out.Reset()
	if b.End(); out.String() != "\r\x1b[K" {
		t.Fatalf("in the end %q", out.String())
	}
	var none *Bar
	none.At(1, 2)
	none.End()
}

func TestBarFitsItsLine(t *testing.T) {
	for width := range 90 {
		var out bytes.Buffer
		now := time.Unix(0, 0)
		b := on(&out, width, "reading Mon 23 Nov", true, func() time.Time { return now })
		now = now.Add(time.Minute)
		b.At(1, 0)
		line := strings.TrimSuffix(strings.TrimPrefix(out.String(), "\r"), "\x1b[K")
		if len(line) >= max(width, 1) {
			t.Errorf("%d cells: %q", width, line)
		}
	}
}
