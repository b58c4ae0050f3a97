package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"optflow/feed/history"
	"optflow/feed/history/historytest"
	"optflow/feed/player"
	"optflow/model"
	"optflow/model/burst"
	"optflow/model/clock"
	"optflow/model/daylog"
	"optflow/model/market"
	"optflow/ui/page"
)

// looker is a seat that reads the accounts of a day.
type looker struct {
	market.Seat
	day *historytest.Day
}

func (looker) Watch([]model.ContractID) {}
func (looker) Read(uint64, uint64)      {}
func (l looker) Observe(_ context.Context, into []model.Account, only ...model.ContractID) ([]model.Account, error) {
	into = into[:0]
	l.day.Book.Accounts(func(a model.Account) bool {
		if len(only) == 0 || slices.Contains(only, a.Contract) {
			into = append(into, a)
		}
		return true
	})
	return into, nil
}

// screenOn opens a screen on a market.
func screenOn(t *testing.T, m market.Market, p market.Player) *Model {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	screen, err := New(ctx, Options{Market: m, Player: p, Interval: burst.Interval10s, Still: true, Tickers: []string{"NVDA"}})
	if err != nil {
		t.Fatal(err)
	}
	screen.details.Rest = 0
	screen.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	return screen
}

// shownOn is what every page shows now, without the first line and the last.
func shownOn(m *Model) (out []string) {
	for first := true; first || m.pull.Behind; first = false {
		m.Update(page.FrameMsg{})
	}
	for _, p := range m.pages[:4] {
		m.show(p)
		m.accounts.Asking = false
		m.accounts.Soon()
		if cmd := m.observe(); cmd != nil {
			m.Update(cmd())
		}
		m.tick()
		lines := strings.Split(ansi.Strip(m.View().Content), "\n")
		out = append(out, p.Name())
		out = append(out, lines[1:len(lines)-1]...)
	}
	m.show(m.tape)
	return out
}

// A recording shows at every pace, paused and after any way what the screen showed
// that second when it was live.
func TestReplayIsTheLiveScreenOfThatSecond(t *testing.T) {
	const seconds, then = 900, 600
	day := historytest.New(t, model.MakeDate(2026, 11, 23), 7)
	begins, rows := day.Now, &day.Tape.Tape
	now := clock.New()
	live := screenOn(t, market.Open{Tape: rows, Time: now, Sit: func() market.Seat { return looker{day: day} }}, nil)
	var want []string
	for n := range seconds {
		day.Seconds(1)
		day.Tape.Publish()
		if n+1 != then {
			continue
		}
		s := &model.State{Link: model.Live, AutoRefresh: true, Newest: day.Now}
		day.State(s)
		daylog.Fill(s, day.Book)
		day.Tape.SetState(s)
		now.Drive(day.Now, 0)
		want = shownOn(live)
	}
	at := begins + then*1000
	saved := day.Save(history.Store{Dir: filepath.Join(t.TempDir(), "sim")}, history.Header{Sim: true})
	reach, err := saved.Reach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range saved.Blocks(t.Context(), nil) { // what unpacks belongs to no bubble of time
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(want) < 100 || !strings.Contains(strings.Join(want, "\n"), "NVDA") {
		t.Fatalf("the live screen is empty:\n%s", strings.Join(want, "\n"))
	}
	// The state is written down after its tick, so that it is there before the next.
	upTo := at + 1
	for name, play := range map[string]struct {
		options player.Options
		steer   func(*player.Player)
	}{
		"1x":     {player.Options{From: at - 20_000, To: upTo}, func(*player.Player) { time.Sleep(time.Minute) }},
		"600x":   {player.Options{To: upTo, Rate: 600}, func(*player.Player) { time.Sleep(time.Minute) }},
		"max":    {player.Options{To: upTo, Rate: market.Unpaced}, func(*player.Player) { time.Sleep(time.Minute) }},
		"paused": {player.Options{From: at - 2000}, func(p *player.Player) { time.Sleep(2100 * time.Millisecond); p.Pause(true) }},
		"on and back": {player.Options{Paused: true}, func(p *player.Player) {
			p.SeekTo(at + 200_000)
			synctest.Wait()
			p.SeekTo(upTo)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := play.options
				o.Day, o.Reach = saved, reach
				p := player.New(o)
				screen := screenOn(t, p.Market(), p)
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- p.Run(ctx) }()
				play.steer(p)
				synctest.Wait()
				got := shownOn(screen)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("at %v: (-live +replay)\n%s", p.Playing().At-at, diff)
				}
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// played is a player that notes how it is steered.
type played struct {
	now    market.Playing
	paused []bool
	rates  []float64
	sought []int64
}

func (p *played) Playing() market.Playing { return p.now }
func (p *played) Pause(on bool)           { p.paused = append(p.paused, on) }
func (p *played) Play(rate float64)       { p.rates = append(p.rates, rate) }
func (p *played) SeekTo(at int64)         { p.sought = append(p.sought, at) }

// playing shows the fixture as a recording.
func playing(change func(*market.Playing)) (*played, func(*Options)) {
	p := &played{now: market.Playing{Feed: "realtime", Date: model.MakeDate(2026, 11, 23), From: at("09:30:00"), To: at("16:00:00"), At: fixtureNow, Rate: 10}}
	if change != nil {
		change(&p.now)
	}
	return p, func(o *Options) {
		o.Player = p
		o.Market.Clock().(*clock.Clock).Drive(fixtureNow, 0)
	}
}

// The first line says how it is played, at every width, and never that anything is
// live.
func TestReplayLine(t *testing.T) {
	for _, tc := range []struct {
		change func(*market.Playing)
		want   string
	}{
		{nil, "▷ Replay 10x  "},
		{func(n *market.Playing) { n.Paused = true }, "‖ Replay paused  "},
		{func(n *market.Playing) { n.Ended = true }, "□ Replay ended  "},
		{func(n *market.Playing) { n.Target = at("14:05:00") }, "» Replay to 14:05:00  "},
		{func(n *market.Playing) { n.Rate = market.Unpaced }, "▷ Replay max  "},
		{func(n *market.Playing) { n.Rate = 0.25 }, "▷ Replay 1/4x  "},
	} {
		for _, width := range []int{60, 80, 120, 200} {
			_, as := playing(tc.change)
			s := newStage(t, width, 24, as).fill()
			s.m.Update(page.FrameMsg{})
			top := s.line(0)
			if !strings.HasPrefix(top, " "+tc.want) || !strings.Contains(top, s.m.Zone.Clock(fixtureNow)+" ET") || !strings.Contains(top, "SIM") || !strings.Contains(top, "gaps ") {
				t.Errorf("%d: %q", width, top)
			}
			if strings.Contains(top, "Live") || strings.ContainsAny(top, "●○") {
				t.Errorf("%d: it says that it is live: %q", width, top)
			}
			if width >= 80 && !strings.Contains(top, "Mon 23 Nov") {
				t.Errorf("%d: no date in %q", width, top)
			}
		}
	}
	_, as := playing(nil)
	s := newStage(t, 120, 24, func(o *Options) { as(o); o.ASCII = true }).fill()
	if top := s.line(0); !strings.HasPrefix(top, " > Replay 10x") || !strings.Contains(top, "#_") {
		t.Errorf("in ASCII: %q", top)
	}
	s = newStage(t, 160, 24, as)
	s.state(func(st *model.State) { st.Link, st.Reason, st.Sim = model.Polling, "connection lost", false })
	if top := s.line(0); !strings.Contains(top, "then: Polling: connection lost") || !strings.Contains(top, "realtime") {
		t.Errorf("not what the feed did then: %q", top)
	}
}

func TestReplayKeys(t *testing.T) {
	p, as := playing(nil)
	s := newStage(t, 120, 30, as).fill()
	s.keys("space", ".", ",", ">", "<", "+", "-")
	s.command("seek 14:05")
	s.command("seek +90s")
	s.command("speed max")
	if !slices.Equal(p.paused, []bool{true}) || !slices.Equal(p.rates, []float64{20, 5, market.Unpaced}) {
		t.Errorf("paused %v, rates %v", p.paused, p.rates)
	}
	if want := []int64{fixtureNow + 10_000, fixtureNow - 10_000, fixtureNow + 60_000, fixtureNow - 60_000, at("14:05:00"), fixtureNow + 90_000}; !slices.Equal(p.sought, want) {
		t.Errorf("sought %v, want %v", p.sought, want)
	}
	s.has("space pause", "+ faster")
	for _, tc := range []struct{ key, says string }{
		{"r", "this is a recording: nothing is asked of the feed"},
	} {
		s.keys(tc.key)
		s.has(tc.says)
	}
	s.command("window 1m")
	s.has("its windows are as wide as they were recorded")
	s.command("seek 25:00")
	s.has("want a time such as 14:05 or 14:05:30")
	s.command("speed 1000x")
	s.has("want a rate from 1/4x to 600x, such as 10x, or max")
	if s.feed.polls != 0 || len(s.feed.spans) != 0 {
		t.Error("the feed was asked")
	}
	s.helpTo(">")

	// While it is on its way, more keys add up, and space stays where it has come to.
	p.now.Target, p.sought, p.paused = fixtureNow+60_000, nil, nil
	s = newStage(t, 120, 30, as).fill()
	s.keys(".", "space")
	if !slices.Equal(p.sought, []int64{fixtureNow + 70_000}) || !slices.Equal(p.paused, []bool{true}) {
		t.Errorf("sought %v, paused %v", p.sought, p.paused)
	}
}

// What a user has bound to a key stays, and the keys of a recording have commands.
func TestReplayRespectsBindings(t *testing.T) {
	p, as := playing(nil)
	s := newStage(t, 120, 30, func(o *Options) {
		withKeys(t, map[string][]string{"only": {"."}, "faster": {"f"}})(o)
		as(o)
	}).fill()
	s.keys(".")
	if len(p.sought) > 0 || s.m.page.Filter().Filter == nil {
		t.Error(". is the user's own and does not filter")
	}
	s.keys("f")
	s.command("on")
	if !slices.Equal(p.rates, []float64{20}) || !slices.Equal(p.sought, []int64{fixtureNow + 10_000}) {
		t.Errorf("rates %v, sought %v", p.rates, p.sought)
	}
	if s := newStage(t, 120, 30, nil).fill(); true {
		s.command("pause")
		s.has("nothing is played here: optflow replay plays a recorded day")
	}
}

// A hole that was passed over is said, and nobody is told that he left.
func TestReplaySays(t *testing.T) {
	p, as := playing(nil)
	s := newStage(t, 120, 30, as).fill()
	p.now.Holes, p.now.Hole = 1, market.Hole{From: at("10:01:10"), To: at("10:20:05"), Why: "disk full"}
	s.frame()
	s.has("nothing is recorded from 10:01:10 to 10:20:05 ET: disk full")
	s.m.Update(tea.BlurMsg{})
	s.append(picture...)
	s.m.Update(tea.FocusMsg{})
	s.frame()
	if strings.Contains(s.screen(), "you left here") {
		t.Error("a recording waits for whoever comes back")
	}
	p.now.Ended = true
	s.keys("esc")
	s.frame()
	s.has("the recording ends here")
}

// Who stands still wakes once a second, and however fast it goes
// there are no more frames than asked for.
func TestReplayPace(t *testing.T) {
	for rate, most := range map[float64]int{0: 11, 0.25: 21, 1: 21, 600: 101} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				now := clock.New()
				now.Drive(fixtureNow, rate)
				p := &played{now: market.Playing{Rate: max(rate, 0.25), Paused: rate == 0}}
				s := newStage(t, 120, 30, nil)
				m := screenOn(t, market.Open{Tape: &s.tape.Tape, Time: now}, p)
				frames, late := 0, int64(0)
				for began := time.Now(); time.Since(began) < 10*time.Second; frames++ {
					m.pull.Wait(m.ctx)()
					m.onFrame()
					late = max(late, now.Now()-m.Now)
				}
				if frames > most {
					t.Errorf("%d frames in 10 s", frames)
				}
				if late > 2_000 {
					t.Errorf("ages are %d ms wrong", late)
				}
			})
		})
	}
}
