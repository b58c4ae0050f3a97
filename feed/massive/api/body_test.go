package api

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"
)

// spaces is a body without end.
type spaces struct{}

func (spaces) Read(b []byte) (int, error) { return len(b), nil }

// An answer that is as large as it may be takes twice that while its buffer grows,
// besides what any small one takes.
func TestBodyGrowsToItsLimit(t *testing.T) {
	for _, limit := range []int64{smallBody, pageBody, barsBody} {
		turn := make(chan struct{}, 1)
		turn <- struct{}{}
		b := body{turn: turn}
		stall := time.NewTimer(time.Hour)
		defer stall.Stop()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := b.read(&http.Response{}, &progressReader{from: spaces{}, stall: stall, ctx: t.Context()}, limit)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, errTooBig) || int64(b.Len()) != limit {
			t.Fatalf("%d bytes of %d were read, %v", b.Len(), limit, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 2*uint64(limit)+8*easyBody {
			t.Errorf("%d bytes allocated for a body of %d", took, limit)
		}
	}
}

// The end of a body may be anywhere.
func TestBodyIsRead(t *testing.T) {
	for _, n := range []int64{0, 1, easyBody - 1, easyBody, easyBody + 1, 2 * easyBody, 2*easyBody + 1, pageBody - 1, pageBody} {
		turn := make(chan struct{}, 1)
		turn <- struct{}{}
		b := body{turn: turn}
		stall := time.NewTimer(time.Hour)
		defer stall.Stop()
		err := b.read(&http.Response{}, &progressReader{from: io.LimitReader(spaces{}, n), stall: stall, ctx: t.Context()}, pageBody)
		if err != nil || int64(b.Len()) != n {
			t.Errorf("%d bytes of %d were read, %v", b.Len(), n, err)
		}
	}
}
