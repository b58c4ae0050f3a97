package tail

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"optflow/model"
	"optflow/model/burst"
	"optflow/model/market"
	"optflow/model/tape"
)

// told is what a reader of burst lines keeps of each.
type told struct {
	Start          int64
	Size, Revision int
}

func toldBursts(t testing.TB, out string) []told {
	t.Helper()
	var all []told
	for _, object := range decoded(t, out) {
		if object["kind"] != "burst" || object["span"] != "10s" {
			t.Fatalf("not a burst of 10s: %v", object)
		}
		all = append(all, told{int64(object["start_ms"].(float64)) - sampleStart, int(object["size"].(float64)), int(object["revision"].(float64))})
	}
	return all
}

func TestBurstsGrowAndMerge(t *testing.T) {
	m := newHandmade(t)
	id := m.contract(nvda)
	everything := *model.DefaultRules()
	everything.Floor = 0
	var out []byte
	p := newPrinter(Options{Market: market.Open{Tape: &m.tape.Tape}, Rules: &everything, Format: JSON, Interval: burst.Interval10s, Out: appender{&out}})
	step := func(start int64, size uint32) {
		t.Helper()
		m.tape.Append(unknownRow(id, sampleStart+start*1000, size, float64(size)*100))
		m.tape.Publish()
		if err := p.drain(); err != nil {
			t.Fatal(err)
		}
	}
	step(0, 1)  // a burst
	step(5, 2)  // it grows
	step(20, 4) // another one, 15 s later
	step(12, 8) // joins the two
	want := []told{{0, 1, 0}, {0, 3, 1}, {20_000, 4, 0}, {0, 15, 2}, {20_000, 0, 1}}
	if diff := cmp.Diff(want, toldBursts(t, string(out))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A twin found later prints the first burst again; a rank is there once there
// are enough.
func TestBurstsCarryTwinAndTop(t *testing.T) {
	m := newHandmade(t)
	ids := []model.ContractID{m.contract("O:NVDA261218C00180000"), m.contract("O:NVDA261218P00170000")}
	everything := *model.DefaultRules()
	everything.Floor = 0
	var out []byte
	p := newPrinter(Options{Market: market.Open{Tape: &m.tape.Tape}, Rules: &everything, Format: JSON, Interval: burst.Interval10s, Out: appender{&out}})
	step := func(id model.ContractID, start int64, size uint32) map[string]any {
		t.Helper()
		out = out[:0]
		m.tape.Append(unknownRow(id, sampleStart+start*1000, size, float64(size)*100))
		m.tape.Publish()
		if err := p.drain(); err != nil {
			t.Fatal(err)
		}
		return decoded(t, string(out))[0]
	}
	if got := step(ids[0], 0, 100); got["twin"] != false || got["top"] != nil {
		t.Errorf("alone: %v", got)
	}
	if got := step(ids[1], 0, 100); got["twin"] != true || got["revision"] != 1.0 || got["type"] != "call" {
		t.Errorf("the first of two: %v", got)
	}
	for i := range int64(burst.RankFrom - 2) {
		step(ids[0], 100+i*20, 10)
	}
	if got := step(ids[1], 8_000, 1000); got["top"] != 0.004975 || got["twin"] != false {
		t.Errorf("the largest of 201: %v", got)
	}
}

type appender struct{ to *[]byte }

func (a appender) Write(b []byte) (int, error) {
	*a.to = append(*a.to, b...)
	return len(b), nil
}

// Whatever the order and the batches, the last revisions of the printed bursts
// hold each contract once.
func TestPrintedBurstsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tape := tape.New(tape.Options{})
		id, err := tape.Registry.Intern(nvda)
		if err != nil {
			t.Fatal(err)
		}
		everything := *model.DefaultRules()
		everything.Floor = 0
		var out []byte
		p := newPrinter(Options{Market: market.Open{Tape: &tape.Tape}, Rules: &everything, Format: JSON, Interval: burst.Interval10s, Out: appender{&out}})
		last := make(map[int64]uint64) // start of a window → its latest version
		var total int
		sizes := make(map[int64]uint32)
		for range rapid.IntRange(1, 60).Draw(t, "windows") {
			start := sampleStart + 1000*rapid.Int64Range(0, 200).Draw(t, "second")
			row := unknownRow(id, start, rapid.Uint32Range(0, 9).Draw(t, "size"), 1)
			row.Premium = float64(row.Size)
			if before, seen := last[start]; seen {
				row.Replaces, row.Revision = uint32(tape.Next()-before), 1
			}
			tape.Append(row)
			tape.Publish()
			last[start] = tape.Next() - 1
			total += int(row.Size) - int(sizes[start])
			sizes[start] = row.Size
			if rapid.Bool().Draw(t, "drain") {
				if err := p.drain(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := p.drain(); err != nil {
			t.Fatal(err)
		}
		latest := make(map[float64]map[string]any)
		for _, object := range decoded(t, string(out)) {
			start := object["start_ms"].(float64)
			if before := latest[start]; before != nil && object["revision"].(float64) != before["revision"].(float64)+1 {
				t.Fatalf("revision %v after %v", object["revision"], before["revision"])
			}
			latest[start] = object
		}
		sum := 0
		for _, object := range latest {
			sum += int(object["size"].(float64))
		}
		if sum != total {
			t.Fatalf("printed %d contracts, there were %d", sum, total)
		}
	})
}
