package feed

import (
	"slices"
	"testing"
	"time"

	face "optflow/feed/seat"
	"optflow/model"
)

// Two faces on one feed: what either wants is there, and what only one of them
// wanted goes with it.
func TestTwoFaces(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		symbols := append(append(chainSymbols("SPY", 10), chainSymbols("AMD", 10)...), chainSymbols("QQQ", 10)...)
		r := newRig(t, newMarket(symbols...), func(o *Options) { o.Tickers = []string{"SPY"} })
		one, other := r.engine.Market().Seat(), r.engine.Market().Seat()
		r.live(time.Second)
		follows := func(what string, tickers ...string) {
			t.Helper()
			r.await(5*time.Second, what, func(s *model.State) bool { return slices.Equal(s.Tickers, tickers) })
		}
		follows("both are shown what the feed was opened with", "SPY")
		one.Follow([]string{"AMD"})
		follows("one changed, the other did not", "AMD", "SPY")
		other.Follow([]string{"QQQ", "amd"})
		follows("both have their own", "AMD", "QQQ")

		one.Window(model.Minute)
		r.holds(3*time.Minute, "seconds while a face wants them", func(s *model.State) bool { return s.Span == model.Second })
		other.Window(model.Minute)
		r.await(4*time.Minute, "minutes once both do", func(s *model.State) bool { return s.Span == model.Minute })

		one.AutoRefresh(false)
		r.holds(10*time.Second, "live while a face wants it", func(s *model.State) bool { return s.AutoRefresh && s.Link == model.Live })
		other.AutoRefresh(false)
		r.await(time.Second, "paused once neither does", func(s *model.State) bool { return !s.AutoRefresh })
		one.AutoRefresh(true)
		r.await(5*time.Second, "live for one of them", func(s *model.State) bool { return s.Link == model.Live })

		one.Watch([]model.ContractID{3, 1})
		other.Watch([]model.ContractID{1, 2})
		if got, news := r.engine.seats.watched(nil); !news || !slices.Equal(got, []model.ContractID{1, 2, 3}) {
			t.Errorf("watched %v, %v", got, news)
		}

		other.Leave()
		follows("what the other wanted went with it", "AMD")
		one.Leave()
		r.holds(10*time.Second, "the last one leaves all as it is", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"AMD"}) && s.AutoRefresh })
		r.checkAccounts()
	})
}

// A face that stands aside keeps nothing that the others no longer want, even if
// it came first.
func TestAsideWantsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		symbols := append(chainSymbols("SPY", 10), chainSymbols("AMD", 10)...)
		r := newRig(t, newMarket(symbols...), func(o *Options) { o.Tickers = []string{"SPY"} })
		aside := r.engine.Market().Seat()
		aside.Aside()
		face := r.engine.Market().Seat()
		r.live(time.Second)
		face.Follow([]string{"AMD"})
		r.await(5*time.Second, "what the other was opened with goes", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"AMD"}) })
		face.AutoRefresh(false)
		r.await(time.Second, "paused", func(s *model.State) bool { return !s.AutoRefresh })
		face.AutoRefresh(true)
		r.live(5 * time.Second)
		aside.Follow([]string{"SPY"})
		r.await(5*time.Second, "until it says so", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"AMD", "SPY"}) })
		face.AutoRefresh(false)
		r.await(time.Second, "it has said nothing of the rest", func(s *model.State) bool { return !s.AutoRefresh })
		face.AutoRefresh(true)
		r.live(5 * time.Second)
		aside.Leave()
		r.await(5*time.Second, "that goes with it", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"AMD"}) })
		face.Leave()
		r.holds(10*time.Second, "all stays", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"AMD"}) && s.AutoRefresh })
		r.checkAccounts()
	})
}

// Faces with rights at one feed: a viewer has what it chose among what is followed,
// an operator adds to that until it is not heard of any more.
func TestPlaces(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		symbols := append(append(chainSymbols("SPY", 10), chainSymbols("AMD", 10)...), chainSymbols("QQQ", 10)...)
		r := newRig(t, newMarket(symbols...), func(o *Options) { o.Tickers = []string{"SPY", "QQQ"} })
		hall := face.New(r.engine.Market())
		owner, operator, viewer := hall.Take(face.Owner, "SPY", "QQQ"), hall.Take(face.Operator), hall.Take(face.Viewer)
		r.live(time.Second)
		has := func(p *face.Place, what string, tickers ...string) {
			t.Helper()
			r.await(5*time.Second, what, func(*model.State) bool {
				st := p.State()
				return slices.Equal(st.Tickers, tickers) && len(st.Totals) == len(tickers)
			})
		}
		viewer.Follow([]string{"SPY"})
		operator.Follow([]string{"SPY", "AMD"})
		has(operator, "an operator has more followed", "AMD", "SPY")
		has(owner, "the owner has its own", "QQQ", "SPY")
		has(viewer, "a viewer has its own", "SPY")
		viewer.Follow([]string{"AMD"})
		has(viewer, "a viewer chooses what an operator follows", "AMD")
		owner.Window(model.Minute)
		r.await(3*time.Minute, "who said nothing of the windows wants none", func(s *model.State) bool {
			operator.State()
			return s.Span == model.Minute
		})
		r.await(2*face.Lease, "an operator that is not heard of", func(s *model.State) bool { return slices.Equal(s.Tickers, []string{"QQQ", "SPY"}) })
		has(viewer, "what a viewer chose is not followed any more", "QQQ", "SPY")
		operator.State()
		has(viewer, "the operator is heard of again", "AMD")
		for _, p := range []*face.Place{viewer, operator, owner} {
			p.Leave()
		}
		hall.Close()
	})
}
