package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"optflow/feed/massive/wire"
	"optflow/feed/source"
)

// envelope is what most answers are wrapped in.
type envelope[T any] struct {
	Status    wire.Text `json:"status"`
	RequestID wire.Text `json:"request_id"`
	Error     wire.Text `json:"error"`
	Message   wire.Text `json:"message"`
	NextURL   longURL   `json:"next_url"`
	Results   T         `json:"results"`
}

// open reads an envelope. An error inside an answer of HTTP 200 is one, too, and
// JSON that has nothing of an envelope is no empty answer.
func open[T any](r *REST, body []byte, into *envelope[T]) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	if into.Status == "" && into.RequestID == "" {
		return errors.New("the answer is not in the vendor's form")
	}
	var kind source.ErrorKind
	switch into.Status {
	case statusDelayed:
		if r.o.OnLate != nil {
			r.o.OnLate()
		}
		return nil
	case "ERROR":
		kind = source.ErrorServer
	case "NOT_AUTHORIZED":
		kind = source.ErrorNotEntitled
	case "NOT_FOUND":
		kind = source.ErrorNotFound
	default:
		return nil
	}
	return &source.Failure{Kind: kind, Message: wire.Clean(string(cmp.Or(into.Error, into.Message)), wire.MessageCells, r.o.Key)}
}
