package crash

import (
	"errors"
	"strings"
	"testing"
)

func TestCall(t *testing.T) {
	if err := Call("test", func() error { return nil }); err != nil {
		t.Error(err)
	}
	plain := errors.New("plain")
	if err := Call("test", func() error { return plain }); !errors.Is(err, plain) {
		t.Error(err)
	}
	var crash *Error
	if err := Call("test", func() error { panic("boom") }); !errors.As(err, &crash) || crash.Where != "test" || crash.Value != "boom" ||
		!strings.Contains(err.Error(), "internal error in the test: boom\n") || !strings.Contains(err.Error(), "TestCall") {
		t.Error(err)
	}
}

// A panic of a goroutine reaches whoever ends the program, and ends nothing else.
func TestGo(t *testing.T) {
	caught := make(chan *Error, 1)
	Last(func(e *Error) { caught <- e })
	t.Cleanup(func() { last.Store(nil) })
	Go("helper", func() { panic("boom") })
	if e := <-caught; e.Where != "helper" || e.Value != "boom" || !strings.Contains(string(e.Stack), "TestGo") {
		t.Error(e)
	}
	done := make(chan bool, 1)
	Go("helper", func() { done <- true })
	<-done
}

func TestGuardedWithoutALast(t *testing.T) {
	defer func() {
		if recover() != "boom" {
			t.Error("the panic was swallowed")
		}
	}()
	Guarded("test", func() { panic("boom") })()
}
