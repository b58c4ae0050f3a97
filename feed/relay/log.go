package relay

import (
	"context"
	"fmt"
	"time"

	"optflow/feed/history"
	"optflow/model"
)

// Blocks reads a day log while it is written (history.Following).
type Blocks interface {
	Next(ctx context.Context) (history.Block, error)
	Close()
}

// Log is the day log as the program that writes it lends it to carriers. The file
// is the truth: each carrier reads it from where its follower is, and keeps nothing.
type Log struct {
	Hello Hello // ours: feed, process
	// Follow reads the day log from an op of a day on, and goes on with what is
	// appended.
	Follow func(date model.Date, from uint64) Blocks
	// Position is how far the log is written: the op that is next on a day, which is
	// 0 while there is none.
	Position func() (date model.Date, next uint64)
	// Trouble says in words why nothing is written; "" it is.
	Trouble func() string
	Now     func() int64 // market time in ms
}

// lookFor is how long reading what is written may take.
const lookFor = 5 * time.Second

// lookEvery is how often the log is looked at whether it is begun.
const lookEvery = 50 * time.Millisecond

// At is how far the publisher is.
func (l *Log) At() Position {
	_, next := l.Position()
	return Position{Op: next, Tick: l.Now()}
}

// Today is the day that is written.
func (l *Log) Today() model.Date {
	if date, _ := l.Position(); date != 0 {
		return date
	}
	return model.TradingDate(l.Now())
}

// GoesOn reports whether somebody who has the ops of a day up to next has what the
// log has: the block that ends there is of the epoch that he names.
func (l *Log) GoesOn(ctx context.Context, epoch string, date model.Date, next uint64) bool {
	if today, written := l.Position(); date == 0 || next == 0 || date > today || date == today && next > written {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	log := l.Follow(date, next-1)
	defer log.Close()
	b, err := log.Next(ctx)
	return err == nil && b.Header.Date == date.String() && b.Header.Epoch == epoch && b.First+uint64(b.Ops) == next
}

// Walk goes through the blocks from where somebody is, or from the day's start if
// what he has is not what the log has, and on with what is appended. Before the
// first block, and before those of each file, it says the hello that goes with
// them; hello is nil else.
func (l *Log) Walk(ctx context.Context, has Hello, yield func(hello *Hello, b *history.Block) error) error {
	for date, _ := l.Position(); date == 0; date, _ = l.Position() { // nothing is written yet
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookEvery):
		}
	}
	date, from := has.Date, has.From
	anew := !l.GoesOn(ctx, has.Epoch, date, from)
	if anew {
		date, from = l.Today(), 0
	}
	log := l.Follow(date, from)
	defer log.Close()
	for first := true; ; first = false {
		b, err := log.Next(ctx)
		if err != nil {
			return fmt.Errorf("reading the day log: %w", err)
		}
		var hello *Hello
		if b.Begins || first || b.Hole != nil {
			h := l.Hello
			h.Epoch, h.From, h.Fresh = b.Header.Epoch, b.First, first && anew || b.Begins && b.Header.Fresh || b.Hole != nil
			if b.Hole != nil && !(b.Begins && b.Header.Fresh) {
				h.Lost = b.Hole.From
			}
			if h.Date, err = model.ParseDate(b.Header.Date); err != nil {
				return fmt.Errorf("reading the day log: %w", err)
			}
			hello = &h
		}
		if err := yield(hello, &b); err != nil {
			return err
		}
	}
}
