package feed

import (
	"context"
	"strings"
	"testing"
	"time"

	"optflow/feed/source"
	"optflow/model"
)

func TestObserve(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, newMarket(chainSymbols("SPY", 40)...), nil)
		r.live(time.Second)
		time.Sleep(20 * time.Second)
		all, err := r.engine.face().Observe(t.Context(), nil)
		if err != nil || len(all) == 0 {
			t.Fatalf("%d accounts, %v", len(all), err)
		}
		for i := range all {
			if !all[i].Whole() || r.tape.Contracts.At(all[i].Contract) == nil {
				t.Errorf("account %+v", all[i])
			}
		}
		one, err := r.engine.face().Observe(t.Context(), all, all[3].Contract)
		if err != nil || len(one) != 1 || &one[0] != &all[0] {
			t.Errorf("%d accounts of one contract, %v; or the room was not used again", len(one), err)
		}
		r.end()
		if _, err := r.engine.face().Observe(t.Context(), nil); err == nil {
			t.Error("an answer from an engine that has ended")
		}
	})
}

func TestDay(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		m := newMarket(chainSymbols("SPY", 2)...)
		r := newRig(t, m, nil)
		r.live(time.Second)
		time.Sleep(5 * time.Minute)
		id, _ := r.tape.Registry.Intern(chainSymbols("SPY", 2)[0]) // nothing new: a look-up only
		bars, err := r.engine.face().Day(t.Context(), id)
		if err != nil || len(bars) < 3 {
			t.Fatalf("%d bars, %v", len(bars), err)
		}
		for i, b := range bars {
			if b.Span != model.Minute || b.Contract != id || i > 0 && b.Start <= bars[i-1].Start {
				t.Errorf("bar %d is %+v", i, b)
			}
		}
		if _, err := r.engine.face().Day(t.Context(), 1<<30); err == nil {
			t.Error("the day of a contract that does not exist")
		}
		m.set(func() {
			m.fail = func(what string) error {
				if what == "aggs" {
					return &source.Failure{Kind: source.ErrorNotEntitled, Message: "not in your plan"}
				}
				return nil
			}
		})
		if _, err := r.engine.face().Day(t.Context(), id); err == nil || !strings.Contains(err.Error(), "not in your plan") {
			t.Errorf("refused: %v", err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := r.engine.face().Day(short, id); err == nil {
			t.Error("an answer although nobody waited for it")
		}
		r.end()
		if _, err := r.engine.face().Day(t.Context(), id); err == nil {
			t.Error("an answer from an engine that has ended")
		}
	})
}
