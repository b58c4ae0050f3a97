package image

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// record has a field of each sort.
type record struct {
	id    uint32
	seq   uint64
	n     int64
	at    int64
	is    bool
	price float64
	small float32
	name  string
	raw   []byte
	list  []int32
	names map[string]int
}

func (r *record) image(m *Image) {
	m.Base(1_795_448_486_000)
	Int(m, &r.id)
	Int(m, &r.seq)
	Int(m, &r.n)
	m.Time(&r.at)
	m.Bool(&r.is)
	m.Float(&r.price)
	m.Float32(&r.small)
	m.Text(&r.name)
	m.Raw(&r.raw)
	room := cap(r.list)
	List(m, &r.list, 1, func(v *int32) { Int(m, v) })
	Room(m, &r.list, room)
	Map(m, &r.names, 1, func(_ string, v *int) { Int(m, v) })
}

// What was written is read to the bit, and no part of it is taken for the whole.
func TestImageComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		price := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), -0.05, 0.0001, 1 << 41}),
			rapid.Map(rapid.IntRange(0, 1<<30), func(n int) float64 { return float64(n) / scale }))
		at := rapid.OneOf(rapid.Int64(), rapid.Just(int64(0)), rapid.Int64Range(1_795_448_485_998, 1_795_448_486_002))
		want := record{
			id: rapid.Uint32().Draw(t, "id"), seq: rapid.Uint64().Draw(t, "seq"), n: rapid.Int64().Draw(t, "n"), at: at.Draw(t, "at") % (1 << 60), is: rapid.Bool().Draw(t, "is"),
			price: price.Draw(t, "price"), small: rapid.Float32().Draw(t, "small"), name: rapid.String().Draw(t, "name"),
			raw: rapid.SliceOf(rapid.Byte()).Draw(t, "raw"), list: slices.Clip(rapid.SliceOf(rapid.Int32()).Draw(t, "list")),
			names: rapid.MapOf(rapid.StringMatching("[a-z]*"), rapid.Int()).Draw(t, "names"),
		}
		want.list = slices.Grow(want.list, rapid.IntRange(0, 9).Draw(t, "room"))
		m := New(nil)
		want.image(m)
		var got record
		r := Read(m.Bytes())
		got.image(r)
		again := New(nil)
		got.image(again)
		if r.Bad() || r.Left() > 0 || !slices.Equal(again.Bytes(), m.Bytes()) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		if got.price != want.price && want.price == want.price || math.Signbit(got.price) != math.Signbit(want.price) && want.price == 0 || got.at != want.at || got.seq != want.seq || cap(got.list) != cap(want.list) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		part := Read(m.Bytes()[:rapid.IntRange(0, len(m.Bytes())-1).Draw(t, "part")])
		got = record{}
		got.image(part)
		if !part.Bad() {
			t.Fatal("a part is taken for the whole")
		}
	})
}
