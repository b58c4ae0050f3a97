package ui

import (
	"errors"
	"slices"
	"testing"

	"optflow/model"
	"optflow/ui/page"
)

// viewScenes are the screens of the views and the details.
var viewScenes = []struct {
	name string
	play func(s *stage)
}{
	{"contracts", func(s *stage) {
		s.keys("v")
		s.look()
		s.keys("j", "j")
	}},
	{"contracts-filtered", func(s *stage) {
		s.keys("v")
		s.look()
		s.keys("/")
		s.typed("nvda delta>0.3")
		s.keys("enter")
	}},
	{"contracts-refused", func(s *stage) {
		s.keys("v")
		s.look()
		s.keys("/")
		s.typed("nvda side=ask")
	}},
	{"contracts-sorted", func(s *stage) {
		s.keys("v")
		s.look()
		s.keys(slices.Repeat([]string{"l"}, 13)...)
		s.keys("s", "j")
	}},
	{"contracts-loading", func(s *stage) { s.keys("v") }},
	{"contracts-trouble", func(s *stage) {
		s.feed.observe = func() error { return errors.New("the feed has ended") }
		s.keys("v")
		s.look()
	}},
	{"tickers", func(s *stage) { s.keys("v", "v", "j") }},
	{"tickers-drilled", func(s *stage) {
		s.keys("v", "v", "j", "enter")
		s.look()
	}},
	{"tickers-compared", func(s *stage) {
		s.m.pages[2] = page.NewTickers(s.m.Scene, s.m.accounts, sessionsBefore(6, 7_000))
		s.m.arrange()
		s.keys("v", "v")
	}},
	{"heat", func(s *stage) {
		s.keys("v", "v", "v")
		s.look()
		s.keys("j", "j", "l")
	}},
	{"heat-nothing", func(s *stage) {
		s.feed.accounts = nil
		s.keys("v", "v", "v")
		s.look()
	}},
	{"details", func(s *stage) { s.keys("enter") }},
	{"details-large", func(s *stage) { s.keys("enter", "z") }},
	{"details-contract", func(s *stage) {
		s.keys("v")
		s.look()
		s.keys("j", "enter")
	}},
	{"details-loading", func(s *stage) {
		s.m.carry(s.m.tape.Open())
	}},
	{"details-trouble", func(s *stage) {
		s.feed.day = func(model.ContractID) ([]model.Bar, error) {
			return nil, errors.New("reading the day: your plan does not include these bars")
		}
		s.keys("enter", "z")
	}},
}

func TestViewGoldens(t *testing.T) {
	for _, sc := range viewScenes {
		keep(t, sc.name, func(t *testing.T, w shot) *stage {
			s := w.open(t, nil)
			s.fill().day()
			s.m.View()
			sc.play(s)
			s.m.details.Stale = true
			s.time(fixtureNow)
			return s
		})
	}
}
