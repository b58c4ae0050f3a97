package book

import (
	"errors"
	"slices"

	"optflow/model/image"
)

// Why a Carry is not taken.
var (
	ErrOtherRules = errors.New("recorded under other rules")
	errNoImage    = errors.New("what was carried over is damaged")
)

// Carry writes all that the Book has come to behind dst: facts, spots, baselines,
// the days still open with their windows and gaps, the sums, and the rows that
// later ones may refer to. A Book with the same contracts under the same numbers
// that is told it, and all that this one is told from now on, is the same.
func (b *Book) Carry(dst []byte) []byte {
	m := image.New(slices.Grow(dst, b.imageSize()))
	version, rules := imageVersion, Rules
	image.Int(m, &version)
	image.Int(m, &rules)
	b.image(m)
	return m.Bytes()
}

// imageSize is about how many bytes an image takes: to find out on the way costs
// more than to write it.
func (b *Book) imageSize() int {
	const account, facts, row, contract = 260, 200, 85, 4
	n := 1<<12 + len(b.known.facts)*facts + int(b.tape.Appended()-b.tape.Oldest())*row + b.tape.Contracts.Len()*contract
	for _, day := range b.days.list {
		n += day.many * account
	}
	return n
}

func (b *Book) goOn(data []byte) (taken bool, err error) {
	m := image.Read(data)
	var version, rules int
	image.Int(m, &version)
	image.Int(m, &rules)
	switch {
	case !b.fresh():
		return false, nil
	case m.Bad():
		return false, errNoImage
	case version != imageVersion || rules != Rules:
		return false, ErrOtherRules
	}
	b.days.list = nil
	if b.image(m); m.Bad() || m.Left() > 0 {
		return false, errNoImage
	}
	return true, nil
}

// fresh reports whether the Book has been told nothing of a market.
func (b *Book) fresh() bool {
	return b.tape.Appended() == 0 && len(b.known.sources) == 0 && !slices.ContainsFunc(b.days.list, func(d *bookDay) bool { return d.many > 0 })
}
