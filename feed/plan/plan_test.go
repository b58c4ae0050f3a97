package plan

import (
	"strings"
	"testing"
)

// codes are the verdicts in two letters.
var codes = map[string]Verdict{
	"R": {DialRealtime, AllWell}, "D": {DialDelayed, AllWell},
	"Dp": {DialDelayed, NotInPlan}, "Dr": {DialDelayed, RefusedThere}, "Ds": {DialDelayed, SilentThere}, "Dl": {DialDelayed, PlanIsLate},
	"R~": {DialRealtime, StreamsSilent}, "D~": {DialDelayed, StreamsSilent}, "W": {AwaitREST, RefusedThere},
	"Pn": {Poll, NoStreamInPlan}, "Pk": {Poll, NoStreamTakesKey}, "Ps": {Poll, StreamsSilent},
	"Sk": {Stop, BadKey}, "So": {Stop, OnlyRefusals},
}

// grids are every cell there is: the real-time host's answer down, the delayed
// one's across, both in the order of the constants.
var grids = map[REST]string{
	//        unasked works refused no-plan silent none
	Unheard: `R  D  R  R  R  R
	          R  R  R  R  R  R
	          W  D  W  Pn Ps W
	          Dp D  Pn Pn Pn Pn
	          Ds D  Ps Pn Ps R~
	          D  D  W  Pn D~ -`,
	Mute: `   R  D  R  R  R  R
	          R  R  R  R  R  R
	          Dr D  Sk Pn Ps Sk
	          Dp D  Pn Pn Pn Pn
	          Ds D  Ps Pn Ps R~
	          D  D  Sk Pn D~ -`,
	Takes: `  R  D  R  R  R  R
	          R  R  R  R  R  R
	          Dr D  Pk Pn Ps Pk
	          Dp D  Pn Pn Pn Pn
	          Ds D  Ps Pn Ps R~
	          D  D  Pk Pn D~ -`,
	Late: `   Dl D  R  R  R  R
	          R  R  R  R  R  R
	          Dr D  Pk Pn Ps Pk
	          Dp D  Pn Pn Pn Pn
	          Ds D  Ps Pn Ps R~
	          D  D  Pk Pn D~ -`,
	Refuses: `Sk D  Sk R  R  Sk
	          R  R  R  R  R  R
	          Sk D  Sk So So Sk
	          Dp D  So So So So
	          Ds D  So So So R~
	          Sk D  Sk So D~ -`,
}

// cells calls visit with every cell and the code that is right there.
func cells(t *testing.T, visit func(f Facts, code string)) {
	t.Helper()
	n := 0
	for rest, grid := range grids {
		words := strings.Fields(grid)
		if len(words) != 36 {
			t.Fatalf("REST %v: %d cells", rest, len(words))
		}
		for i, code := range words {
			n++
			if code != "-" { // no host at all
				visit(Facts{Realtime: Answer(i / 6), Delayed: Answer(i % 6), REST: rest}, code)
			}
		}
	}
	if n != 5*36 {
		t.Fatalf("%d cells", n)
	}
}

func TestEveryCell(t *testing.T) {
	cells(t, func(f Facts, code string) {
		want, known := codes[code]
		if got := Decide(f); got != want || !known {
			t.Errorf("real time %v, delayed %v, REST %v: %v %d, want %s", f.Realtime, f.Delayed, f.REST, got.Do, got.Why, code)
		}
	})
}

// Without a key nothing is called a bad key, and a plan without chains leaves
// nothing to poll. Nothing else changes.
func TestCellsWithoutKeyAndWithoutChains(t *testing.T) {
	cells(t, func(f Facts, code string) {
		want := codes[code]
		keyless, bare := f, f
		keyless.NoKey, bare.NoSnapshots = true, true
		if code == "Sk" || code == "Pk" {
			want.Why = NoKeySet
		}
		if got := Decide(keyless); got != want {
			t.Errorf("%+v: %v %d", keyless, got.Do, got.Why)
		}
		want = codes[code]
		if code == "Pn" {
			want = Verdict{Stop, NothingInPlan}
		}
		if got := Decide(bare); got != want {
			t.Errorf("%+v: %v %d", bare, got.Do, got.Why)
		}
	})
}

// What must hold whatever the cells say.
func TestLawsOfTheTable(t *testing.T) {
	cells(t, func(f Facts, code string) {
		v := Decide(f)
		has := func(a Answer) bool { return f.Realtime == a || f.Delayed == a }
		switch {
		case f.Delayed == Works && f.Realtime != Works && v.Do != DialDelayed:
			t.Errorf("%+v: the real-time host is asked while the delayed one works", f)
		case v.Why == BadKey && (f.REST == Takes || f.REST == Late || has(Works) || has(NoPlan) || has(Silent)):
			t.Errorf("%+v: a key that somebody takes is called bad", f)
		case v.Do == DialDelayed && f.Delayed == None, v.Do == DialRealtime && f.Realtime == None:
			t.Errorf("%+v: dials a host that is not there", f)
		case v.Do == Poll && f.Delayed == Unasked:
			t.Errorf("%+v: the delayed host is given up unasked", f)
		case v.Do != DialRealtime && v.Do != DialDelayed && v.Why == AllWell, v.Why.Sentence() == "" && v.Why != AllWell, v.Why.Remedy() == "" && v.Why != AllWell:
			t.Errorf("%+v: %v for a reason without words", f, v.Do)
		}
	})
}

// A row that no cell comes to says something that is not so.
func TestEveryRowIsReached(t *testing.T) {
	reached := map[int]bool{}
	cells(t, func(f Facts, _ string) {
		for i := range table {
			if r := &table[i]; r.realtime.has(uint8(f.Realtime)) && r.delayed.has(uint8(f.Delayed)) && r.rest.has(uint8(f.REST)) {
				reached[i] = true
				return
			}
		}
	})
	for i := range table {
		if !reached[i] {
			t.Errorf("row %d is never reached", i)
		}
	}
}
