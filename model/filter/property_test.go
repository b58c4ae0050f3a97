package filter

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"unicode"

	"optflow/model"

	"pgregory.net/rapid"
)

// drawLeaf draws a condition from the whole vocabulary, by way of text.
func drawLeaf(t *rapid.T) Node {
	line := rapid.SampledFrom([]string{
		"nvda", "spy", "f", "brk.b", "$or", "$calls", "has", "abs", "iv", "calls", "puts", "otm", "itm", "atm", "0dte", "unusual",
		"whale", "bull", "bear", "sure", "twin", "top<=5%", "top=1..20", "has(top)", "has(iv)", "has(side)", "prem>=250k", "prem=1m..2m", "size!=3,5,7..9", "vol/oi>1.25", "oi<100",
		"dte<=7", "exp=dec", "exp=18dec,24dec", "exp<fri", "strike=170..190", "price<2", "iv>60", "iv=5%..60%", "delta<-0.4",
		"abs(delta)>0.4", "abs(otm)<1%", "otm>5%", "age<5m", "time>=10:30", "side=ask", "side=A,AA,a", "mark=U,u", "root=spxw", "source=rest",
		"ticker!=nvda,spy", "prints=1", "spot>100", "has(price)", "size>oi", "oi<=vol", "strike!=spot", "abs(otm)<iv", "iv>=abs(otm)", "price<strike",
		"mark=>", "mark==", "mark!==,>", "mark=W,u,=", "@mag7", "@big", "@big-puts", "@all",
	}).Draw(t, "leaf")
	f, err := Parse(line, testEnv())
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return f.root
}

// drawNode draws a tree of the shape that parsing gives: no and in an and.
func drawNode(t *rapid.T, depth int, not ...string) Node {
	kinds := []string{"leaf", "leaf", "not", "and", "or", "any"}
	if depth == 0 {
		kinds = kinds[:1]
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "kind")
	for _, n := range not {
		if kind == n {
			kind = "leaf"
		}
	}
	several := func() (nodes []Node) {
		for range rapid.IntRange(2, 3).Draw(t, "count") {
			nodes = append(nodes, drawNode(t, depth-1, kind))
		}
		return nodes
	}
	switch kind {
	case "not":
		return &Not{drawNode(t, depth-1)}
	case "and":
		return &Group{And, several()}
	case "or":
		return &Group{Or, several()}
	case "any":
		return &Group{Comma, several()}
	}
	return drawLeaf(t)
}

func TestPrintedParsesToTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		node := drawNode(t, 4)
		line := Print(node)
		f, err := Parse(line, testEnv())
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if !reflect.DeepEqual(f.root, node) {
			t.Fatalf("%q came back as %q", line, f.String())
		}
		if read := f.Read(); read != "" {
			g, err := Parse(read, testEnv())
			if err != nil || !reflect.DeepEqual(g.root, node) || g.Read() != "" {
				t.Fatalf("%q reads %q: %v", line, read, err)
			}
		}
	})
}

// drawRow draws a row in which anything may be unknown.
func drawRow(t *rapid.T) (*model.Burst, *model.Contract) {
	nan := float32(math.NaN())
	return sample(func(r *model.Burst, c *model.Contract) {
		lack := rapid.Uint16().Draw(t, "lack")
		for i, forget := range []func(){
			func() { r.Kind = model.KindGap }, func() { r.DayVolume = model.UnknownCount },
			func() { r.OpenInterest = model.UnknownCount }, func() { r.Prints = nan }, func() { r.Vwap = nan },
			func() { r.Spot = nan }, func() { r.IV = nan }, func() { r.Delta = nan }, func() { r.Side = model.SideUnknown },
			func() { c.Type = model.Put }, func() { c.Underlying, c.Root = "SPX", "SPXW" }, func() { c.Expiry = today },
			func() { r.Rank = 0 }, func() { r.Flags &^= model.FlagAlone }, func() { r.Flags ^= model.FlagTwin | model.FlagAlone },
		} {
			if lack&(1<<i) != 0 {
				forget()
			}
		}
		r.Premium = float64(rapid.IntRange(0, 3_000_000).Draw(t, "premium"))
	})
}

// plain evaluates a tree the slow way, each leaf parsed from its own text.
func plain(t *rapid.T, n Node, r *model.Burst, c *model.Contract) Truth {
	switch n := n.(type) {
	case *Group:
		truth, join := True, Truth.And
		if n.Join != And {
			truth, join = False, Truth.Or
		}
		for _, kid := range n.Nodes {
			truth = join(truth, plain(t, kid, r, c))
		}
		return truth
	case *Not:
		return plain(t, n.Node, r, c).Not()
	}
	f, err := Parse(Print(n), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	return f.Match(r, c, now())
}

// What is compiled answers as the tree does, leaf by leaf, in Kleene's logic;
// and exactly the rows without an answer lack something.
func TestCompiledIsKleene(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		node := drawNode(t, 4)
		r, c := drawRow(t)
		f, err := Parse(Print(node), testEnv())
		if err != nil {
			t.Fatal(err)
		}
		got := f.Match(r, c, now())
		if want := plain(t, node, r, c); got != want {
			t.Fatalf("%s: %v, want %v", f, got, want)
		}
		lacks := f.Lacks(r, c, now())
		if (lacks != 0) != (got == Unknown) {
			t.Fatalf("%s is %v and lacks %q", f, got, lacks)
		}
		if got == Unknown && lacks.String() == "" {
			t.Fatalf("%s is unknown for no reason", f)
		}
	})
}

// A row in which all is known always gets an answer, whatever is asked.
func TestKnownRowsAreDecided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, err := Parse(Print(drawNode(t, 3)), testEnv())
		if err != nil {
			t.Fatal(err)
		}
		r, c := sample(nil)
		if f.Match(r, c, now()) == Unknown {
			t.Fatalf("%s is unknown", f)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"nvda calls prem>=250k", "prem>=25x", "(spy or qqq) not puts", "side=A,AA", "exp=19dec", "has(iv) abs(delta)>0.4",
		"dte=0..7,25", "size>oi vol<=oi", "abs(otm)<iv or iv>abs(otm)", "mark=W,>", "mark==,u nvda", "mark!==", "@big-puts @mag7", "size=oi,5", "@round", "time=9:30..10:00", "$or,!x", "prem>=250", "İ=1", "exp=\u0130..2", "a\x1b[2Jb>1", "top<=1%",
	} {
		f.Add(line)
	}
	r, c := sample(nil)
	f.Fuzz(func(t *testing.T, line string) {
		parsed, err := Parse(line, testEnv())
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: %T", line, err)
			}
			checkText(t, line, e.Pos, e.End, e.Text)
			return
		}
		for _, w := range parsed.Warnings() {
			checkText(t, line, w.Pos, w.End, w.Text)
		}
		truth := parsed.Match(r, c, now())
		again, err := Parse(parsed.String(), testEnv())
		if err != nil || again.String() != parsed.String() || again.Match(r, c, now()) != truth {
			t.Fatalf("%q printed as %q: %v", line, parsed.String(), err)
		}
		if parsed.Read() != "" {
			if again, err = Parse(parsed.Read(), testEnv()); err != nil || again.String() != parsed.String() {
				t.Fatalf("%q reads %q: %v", line, parsed.Read(), err)
			}
		}
	})
}

// checkText holds a message to what a screen needs of it.
func checkText(t *testing.T, line string, pos, end int, text string) {
	t.Helper()
	if pos < 0 || pos > end || end > len(line) || text == "" {
		t.Fatalf("%q: %q at %d..%d", line, text, pos, end)
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			t.Fatalf("%q: message %q cannot be printed", line, text)
		}
	}
}
