package tail

import (
	"bytes"
	"strings"

	"optflow/model"
)

// changes says what is other than on the line before of the same row, so that
// nobody has to compare two lines by ear: what it is now, and what it was.
func (f textFormat) changes(dst []byte, l *line) []byte {
	r, was := l.row, l.was
	switch {
	case r.Kind == model.KindGap && r.Size == 0:
		return append(dst, "gap filled"...)
	case r.Kind == model.KindGap:
		dst = f.gap(dst, &r.Row)
		return appendGrouped(append(dst, ", was "...), uint64(was.Size))
	case r.Kind == model.KindBurst && r.Size == 0:
		return append(dst, "withdrawn, part of another burst now"...)
	case r.Size == 0:
		return append(dst, "taken back, its contracts are in other rows"...)
	case r.Kind == model.KindBurst && r.Size > was.Size:
		dst = appendGrouped(append(dst, "grew by "...), uint64(r.Size-was.Size))
		dst = appendContracts(append(dst, " to "...), r.Size)
	case r.Size != was.Size:
		dst = appendContracts(append(dst, "corrected to "...), r.Size)
		dst = appendGrouped(append(dst, ", was "...), uint64(was.Size))
	case r.Kind == model.KindBurst: // a mark, a rank or a side came later
		dst = append(dst, "changed"...)
	default:
		dst = append(dst, "corrected"...)
	}
	dst = priceFact.change(dst, r, was)
	dst = appendMarkChanges(dst, l)
	for i := range facts {
		dst = facts[i].change(dst, r, was)
	}
	return dst
}

// priceFact is a fact of its own where it has changed.
var priceFact = fact{label: "price ", say: appendPrice}

func (f *fact) change(dst []byte, r, was *model.Burst) []byte {
	now, before := f.say(nil, r), f.say(nil, was)
	switch {
	case bytes.Equal(now, before):
		return dst
	case len(now) == 0:
		return append(append(append(dst, ", no longer known: "...), f.label...), before...)
	}
	dst = append(append(append(dst, ", "...), f.label...), now...)
	if len(before) > 0 && !f.only {
		dst = append(append(dst, ", was "...), before...)
	}
	return dst
}

// appendMarkChanges says which marks it has now and had not, and the other way
// round.
func appendMarkChanges(dst []byte, l *line) []byte {
	without := func(marks, others string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(others, r) {
				return -1
			}
			return r
		}, marks)
	}
	if came := markWords(without(l.marks, l.wasMarks)); came != "" {
		dst = append(append(dst, ", now "...), came...)
	}
	if went := markWords(without(l.wasMarks, l.marks)); went != "" {
		dst = append(append(dst, ", no longer "...), went...)
	}
	return dst
}
