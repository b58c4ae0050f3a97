package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"optflow/model"
	"optflow/model/memory"
)

// sessionsBefore are sessions before the fixture's in which SPY and QQQ traded
// so many contracts a minute.
func sessionsBefore(n int, perMinute int64) *model.Volumes {
	v := model.NewVolumes(nil)
	for d := range n {
		open := (model.MakeDate(2026, 11, 20) - model.Date(n-1-d)).At(9, 30).UnixMilli()
		for minute := range int64(391) {
			v.Note("SPY", open+minute*60_000, minute*perMinute)
			v.Note("QQQ", open+minute*60_000, minute*perMinute/4)
		}
	}
	return v
}

// TestRelativeVolume: from the fifth session on the Tickers view compares, and
// says with how many.
func TestRelativeVolume(t *testing.T) {
	for sessions, want := range map[int]string{0: "– (0)", 4: "– (4)", 5: "1.8× (5)", 7: "1.8× (7)"} {
		s := newStage(t, 200, 50, remembering(&fakeMemory{Remembered: memory.Remembered{Volumes: sessionsBefore(sessions, 7_000)}})).fill()
		s.keys("v", "v")
		s.has("VS MEAN")
		for _, line := range strings.Split(s.screen(), "\n")[3:6] {
			if strings.Contains(line, "SPY") && !strings.Contains(line, want) {
				t.Errorf("with %d sessions, want %s: %q", sessions, want, line)
			}
			if strings.Contains(line, "NVDA") && !strings.Contains(line, "– (0)") {
				t.Errorf("NVDA has no session: %q", line)
			}
		}
	}
	s := newStage(t, 200, 50, nil).fill()
	s.keys("v", "v")
	s.hasNot("VS MEAN") // nothing to compare with: the column gives up its place
}

// TestVolumeIsNoted: at the marks, of whole days, in a market that is real.
func TestVolumeIsNoted(t *testing.T) {
	f := &fakeMemory{Remembered: memory.Remembered{Volumes: model.NewVolumes(nil)}, err: errors.New("disk full")}
	s := newStage(t, 120, 30, remembering(f)).fill()
	look := func(clock string, change func(*model.State)) {
		s.state(func(st *model.State) { st.Sim = false; change(st) })
		s.m.Now = at(clock)
		if s.m.volumes.note(s.m.Scene) {
			s.m.later = append(s.m.later, s.m.kept.keep(memory.Volumes(s.m.volumes.volumes.Sessions())))
		}
		for _, cmd := range s.m.later {
			s.m.Update(cmd())
		}
		s.m.later = nil
	}
	look("10:30:05", func(st *model.State) { st.Sim = true })
	look("10:30:05", func(st *model.State) { st.Session.Date-- })
	look("10:31:05", func(*model.State) {})
	if kept := keptOf[memory.Volumes](f); len(kept) != 0 {
		t.Fatalf("kept %v", kept)
	}
	look("10:30:05", func(st *model.State) { st.Totals[0].Whole = false }) // NVDA
	if kept := keptOf[memory.Volumes](f); len(kept) != 1 || len(kept[0]) != 2 || kept[0][1].Ticker != "SPY" || kept[0][1].At[3] != 900_000 {
		t.Fatalf("kept %v", kept)
	}
	s.has("the volume of this session is not kept for the next run: disk full")
	look("10:30:30", func(st *model.State) { st.Totals[0].Whole = false })
	if kept := keptOf[memory.Volumes](f); len(kept) != 1 {
		t.Fatal("a mark was kept twice")
	}
	look("11:00:00", func(st *model.State) { st.Plan.Delayed = 900_000 }) // the mark of 10:45
	if kept := keptOf[memory.Volumes](f); len(kept) != 2 || kept[1][2].At[4] != 900_000 || kept[1][2].At[5] != -1 {
		t.Fatalf("kept %v", kept[1:])
	}
	look("16:00:01", func(st *model.State) { st.Session.Open = false })
	look("16:00:02", func(st *model.State) { st.Session.Open = false })
	if kept := keptOf[memory.Volumes](f); len(kept) != 3 {
		t.Fatalf("the close is kept %d times", len(kept)-2)
	}
}

// TestPastIsRecorded: recorded sessions are read once a session, compared with, and
// tell what was open before; then nothing is noted.
func TestPastIsRecorded(t *testing.T) {
	const nvda = "O:NVDA261218C00180000"
	friday := model.MakeDate(2026, 11, 20)
	f := &fakeMemory{Remembered: memory.Remembered{Volumes: model.NewVolumes(nil), Pins: memory.Pins{{Contract: nvda, Date: friday - 1, Interest: 900}}}}
	reads := 0
	past := memory.Past{Volumes: new(model.RecordedVolumes), Interest: map[string]memory.Interest{nvda: {Date: friday, Lots: 1_240}}}
	for d := range model.Date(6) {
		for minute := range int64(390) {
			past.Volumes.Add(friday-d, "SPY", (friday-d).At(9, 31).UnixMilli()+minute*60_000, (minute+1)*7_000)
		}
	}
	s := newStage(t, 200, 50, func(o *Options) {
		o.Memory = f
		o.Past = func(_ context.Context, before model.Date, contracts []string) memory.Past {
			if reads++; before != friday+3 || !slices.Equal(contracts, []string{nvda}) {
				t.Errorf("asked for what was before %s, of %v", before, contracts)
			}
			return past
		}
	}).fill()
	s.state(func(st *model.State) { st.Sim = false })
	for range 3 {
		if read := readPast(s.m); read != nil {
			s.m.Update(read())
		}
	}
	s.keys("v", "v")
	if line := s.screen(); !strings.Contains(line, "1.8× (6)") || reads != 1 {
		t.Errorf("after %d reads\n%s", reads, line)
	}
	a := model.Account{Contract: s.intern(nvda), Date: friday + 3, OpenInterest: 1_840}
	if got := s.m.tape.Pins.InterestChange(&a); got != "; +600 since Fri 20 Nov (1,240)" {
		t.Errorf("change %q", got)
	}
	s.m.Now = at("10:30:05")
	if s.m.volumes.note(s.m.Scene) {
		t.Error("volumes are noted although the day is recorded")
	}
}
