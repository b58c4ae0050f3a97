// Package relay is what one optflow says to another that follows its market: who
// it is, the blocks of the day log (docs/daylog.md), how far it is, and what the
// follower asks of it. It is the same by unix socket and by NATS; neither is known
// here.
package relay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/termsafe"
)

// Version is that of the talk. Within one, keys, verbs and frames that may be
// skipped are added only.
const Version = 1

// What a peer says that cannot be followed.
var (
	ErrBroken = errors.New("not the words of an optflow")
	// ErrNewer says that the peer's words are of a later version.
	ErrNewer = errors.New("it is a newer optflow")
)

// Hello begins a talk. A follower says which op it wants next, and from which epoch
// the last one was that it has; the publisher says before the blocks of each file
// which they are.
type Hello struct {
	V       int        `json:"v"`
	Feed    string     `json:"feed"`            // "realtime", "delayed", "sim" or a host
	Epoch   string     `json:"epoch,omitempty"` // of the publisher: random, new at each start
	Date    model.Date `json:"date,omitempty"`  // the trading date whose ops are meant; a follower that has none says none
	From    uint64     `json:"from"`            // the first op
	Fresh   bool       `json:"fresh,omitempty"` // the publisher's book begins empty there, and the follower's with it
	Lost    int64      `json:"lost,omitempty"`  // ms: from when on something is missing before From; who has a book goes on with it, and tells it so
	Rules   int        `json:"rules"`           // book.Rules: which book makes the same of the same
	Process int        `json:"process,omitempty"`
	Optflow string     `json:"optflow,omitempty"` // its version, for a sentence
}

// NewHello is ours.
func NewHello(feed, epoch string, date model.Date, from uint64) Hello {
	return Hello{V: Version, Feed: feed, Epoch: epoch, Date: date, From: from, Rules: book.Rules}
}

// longest are the bytes of a peer's word that we repeat.
const longest = 64

// ReadHello reads a hello and says whether its peer can be followed: the error is
// an ErrNewer where this program is too old for it.
func ReadHello(payload []byte) (h Hello, err error) {
	if err := json.Unmarshal(payload, &h); err != nil || h.V < 1 {
		return h, fmt.Errorf("reading its hello: %w", ErrBroken)
	}
	h.Feed, h.Epoch, h.Optflow = termsafe.String(h.Feed, longest), termsafe.String(h.Epoch, longest), termsafe.String(h.Optflow, longest)
	switch {
	case h.V > Version:
		return h, h.Newer()
	case h.Rules != book.Rules:
		return h, fmt.Errorf("%w of other rules (%d, ours are %d)", ErrNewer, h.Rules, book.Rules)
	}
	return h, nil
}

// Newer is the error of a publisher that says what this program does not know.
func (h *Hello) Newer() error {
	if h.Optflow == "" {
		return ErrNewer
	}
	return fmt.Errorf(needs+"%s: %w", h.Optflow, ErrNewer)
}

// Words are why a peer cannot be followed, as the user is told.
func Words(err error) string {
	if text := err.Error(); strings.Contains(text, needs) {
		text = text[strings.Index(text, needs):]
		text, _, _ = strings.Cut(text, ":")
		return text
	}
	return ErrNewer.Error()
}

const needs = "needs optflow ≥ "

// Position is how far the publisher is.
type Position struct {
	Op   uint64 // number of the next op of its day
	Tick int64  // ms: its market time
}
