package filter

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"optflow/model"
)

// A name takes what it stands for, written out or not.
func TestNamesStandForTheirFilters(t *testing.T) {
	for _, test := range []struct{ line, plain string }{
		{"@mag7", "nvda,aapl,msft"},
		{"@one", "nvda"},
		{"@mag7,spy calls", "nvda,aapl,msft,spy calls"},
		{"@big", "prem>=1m abs(delta)<0.9"},
		{"@big nvda", "prem>=1m abs(delta)<0.9 nvda"},
		{"not @big", "not (prem>=1m abs(delta)<0.9)"},
		{"@big-puts or calls", "prem>=1m abs(delta)<0.9 puts or calls"},
		{"@all", "size>=0"},
		{"not @all", "not size>=0"},
		{"nvda", "nvda"},
	} {
		f := parse(t, test.line)
		if f.Plain() != test.plain {
			t.Errorf("%q is %q written out, want %q", test.line, f.Plain(), test.plain)
		}
		plain := parse(t, f.Plain())
		rapid.Check(t, func(t *rapid.T) {
			r, c := drawRow(t)
			if got, want := f.Match(r, c, now()), plain.Match(r, c, now()); got != want {
				t.Fatalf("%s is %v, %s is %v", f, got, plain, want)
			}
		})
	}
	if f := parse(t, "@far"); !f.Never() {
		t.Error("a list of which nothing is followed can match")
	}
	if parse(t, "@mag7").Never() {
		t.Error("a list of which something is followed never matches")
	}
	r, c := sample(nil)
	env := testEnv()
	env.Saved = nil
	if _, err := Parse("@mag7", env); err == nil || !strings.Contains(err.Error(), "there are no lists and no tabs here") {
		t.Errorf("%v", err)
	}
	c.Underlying = "BRKB"
	if parse(t, "@far").Match(r, c, now()) != True {
		t.Error("another spelling of a list's ticker is not taken")
	}
}

// Names of names of names cost no more than others.
func TestNamesWithinEachOther(t *testing.T) {
	env := testEnv()
	env.Saved = func() (all []Saved) {
		for i := range 32 {
			all = append(all, Saved{Name: fmt.Sprint("n", i), Filter: strings.Repeat(fmt.Sprint("@n", i+1, " "), 8)})
		}
		return append(all, Saved{Name: "n32", Filter: "calls"})
	}
	if _, err := Parse("@n0", env); err == nil || !strings.HasSuffix(err.Error(), "too many names within each other") {
		t.Errorf("%v", err)
	}
	if _, err := Parse("@n31 @n30", env); err == nil {
		t.Error("72 names are not too many")
	}
	if f, err := Parse("@n31", env); err != nil || f.Plain() != strings.TrimSpace(strings.Repeat("calls ", 8)) {
		t.Errorf("%v %v", f, err)
	}
}

// Whatever tabs are made of, each can be read or says why not.
func TestCirclesAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "tabs")
		var tabs []Saved
		for i := range n {
			text := "calls"
			for range rapid.IntRange(0, 2).Draw(t, "names") {
				text += fmt.Sprint(" @t", rapid.IntRange(0, n-1).Draw(t, "of"))
			}
			tabs = append(tabs, Saved{Name: fmt.Sprint("t", i), Filter: text})
		}
		leads := func(from int) bool { // in a circle, found the plain way
			seen := map[int]bool{}
			var visit func(i int, path []int) bool
			visit = func(i int, path []int) bool {
				for _, p := range path {
					if p == i {
						return true
					}
				}
				if seen[i] {
					return false
				}
				for _, word := range strings.Fields(tabs[i].Filter) {
					var to int
					if k, _ := fmt.Sscanf(word, "@t%d", &to); k == 1 && visit(to, append(path, i)) {
						return true
					}
				}
				seen[i] = true
				return false
			}
			return visit(from, nil)
		}
		env := Env{Saved: func() []Saved { return tabs }, Rules: model.DefaultRules()}
		for i := range n {
			_, err := Parse(fmt.Sprint("@t", i), env)
			if circle := leads(i); circle != (err != nil) || circle && !strings.Contains(err.Error(), "made of itself") {
				t.Fatalf("%v: @t%d: %v", tabs, i, err)
			}
		}
	})
}
