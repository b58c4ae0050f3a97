package book

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"optflow/model"
)

var update = flag.Bool("update", false, "write the golden under testdata anew")

// What a seed's inputs come to is the same on every processor and in every version
// under the same Rules: a change of it that is meant raises them.
func TestGolden(t *testing.T) {
	const path = "testdata/rules.golden"
	var said strings.Builder
	fmt.Fprintf(&said, "rules %d\n", Rules)
	for seed := range uint64(3) {
		b, h := newTold(), fnv.New64a()
		inputs(rand.New(rand.NewPCG(seed, 1)), model.MakeDate(2026, 11, 23).At(10, 0).UnixMilli(), 4000, func(in Input) {
			n := len(b.rows)
			b.tell(in)
			for _, row := range b.rows[n:] {
				fmt.Fprintf(h, "%+v", row)
			}
		}, func() []GapRequest { return b.Wanted(5) })
		fmt.Fprintf(&said, "%d rows %x\n", len(b.rows), h.Sum64())
		h = fnv.New64a()
		b.Accounts(func(a model.Account) bool {
			fmt.Fprintf(h, "%+v", a)
			return true
		})
		for _, total := range b.Totals(carryTickers) {
			fmt.Fprintf(h, "%+v", total)
		}
		fmt.Fprintf(h, "%+v", b.Counters())
		fmt.Fprintf(&said, "accounts, totals, counters %x\n", h.Sum64())
	}
	if *update {
		if err := os.WriteFile(path, []byte(said.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != said.String() {
		t.Errorf("%v\n%s, want\n%s", err, said.String(), want)
	}
}
