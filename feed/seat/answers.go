package seat

import (
	"context"
	"sync"
	"time"

	"optflow/model/crash"
)

// askMost is how long the vendor may take to answer what several wait for.
const askMost = 30 * time.Second

// answers are those of the last minute, and those that are waited for: of all who
// ask the same, one does.
type answers[K comparable, A any] struct {
	mu   sync.Mutex
	kept map[K]*answer[A]
}

// answer is one, complete once done is closed.
type answer[A any] struct {
	done chan struct{}
	at   time.Time // of asking
	is   A
	err  error
}

// of is the answer to a question. Who asks it first waits for leave to; the answer
// does not depend on whether that one is still there.
func (a *answers[K, A]) of(ctx context.Context, question K, may func(context.Context) error, ask func(context.Context) (A, error)) (none A, err error) {
	found := a.find(question, nil)
	if found == nil {
		if err := may(ctx); err != nil {
			return none, err
		}
		mine := &answer[A]{done: make(chan struct{}), at: time.Now()}
		if found = a.find(question, mine); found == mine {
			crash.Go("question", func() {
				ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askMost)
				defer cancel()
				mine.is, mine.err = ask(ctx)
				if mine.err != nil {
					a.forget(question)
				}
				close(mine.done)
			})
		}
	}
	select {
	case <-found.done:
		return found.is, found.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// find is the answer that is there, else the fresh one, which is kept; nil where
// that is nil.
func (a *answers[K, A]) find(question K, fresh *answer[A]) *answer[A] {
	a.mu.Lock()
	defer a.mu.Unlock()
	for k, kept := range a.kept {
		if time.Since(kept.at) >= answerKept {
			delete(a.kept, k)
		}
	}
	if kept := a.kept[question]; kept != nil || fresh == nil {
		return kept
	}
	if a.kept == nil {
		a.kept = make(map[K]*answer[A])
	}
	a.kept[question] = fresh
	return fresh
}

// forget has a question asked anew.
func (a *answers[K, A]) forget(question K) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.kept, question)
}
