package feed

import (
	"errors"

	"optflow/feed/massive"
)

var errConnection = errors.New("connection reset")

// dialError stands for a *wire.DialError, whose text is not ours to set.
func dialError(text string) error { return errors.New(text) }

func closeWith(code int) error { return &massive.CloseError{Code: code} }
