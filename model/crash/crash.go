// Package crash catches panics. It promises that none ends the program on the
// spot, with the terminal as the screen left it and whatever the value holds on
// it: every goroutine is started through this package, which a test holds.
package crash

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
)

// Error is the error that a panic becomes: an error of ours, with what is needed
// to find it.
type Error struct {
	Where string // the part of the program
	Value any
	Stack []byte
}

// Error is a sentence and the stack, which may hold anything: whoever prints it
// takes care of keys and control characters.
func (e *Error) Error() string {
	return fmt.Sprintf("internal error in the %s: %v\n%s", e.Where, e.Value, e.Stack)
}

// last ends the program in order.
var last atomic.Pointer[func(*Error)]

// Last sets what is done about a panic in a goroutine that nobody waits for: give
// the terminal back, say what happened, exit. It runs on that goroutine. Until it
// is set such a panic takes its usual course.
func Last(do func(*Error)) { last.Store(&do) }

// Call runs f and turns its panic into an *Error.
func Call(where string, f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &Error{Where: where, Value: value, Stack: debug.Stack()}
		}
	}()
	return f()
}

// Guarded is f, to be run on a goroutine of its own.
func Guarded(where string, f func()) func() {
	return func() {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			do := last.Load()
			if do == nil {
				panic(value)
			}
			(*do)(&Error{Where: where, Value: value, Stack: debug.Stack()})
		}()
		f()
	}
}

// Go runs f on a goroutine of its own.
func Go(where string, f func()) { go Guarded(where, f)() }
