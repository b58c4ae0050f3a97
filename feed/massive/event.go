package massive

import (
	"optflow/feed/massive/scan"
)

// field numbers the numeric fields of a bar.
type field uint8

const (
	fieldV field = iota
	fieldAV
	fieldVW
	fieldO
	fieldH
	fieldL
	fieldC
	fieldA
	fieldZ
	fieldS
	fieldE
	fields
)

// bits that say which fields of an event were there.
const (
	hasEv  = 1 << fields
	hasSym = 1 << (fields + 1)

	// required are the fields without which there is no bar.
	required = hasSym | 1<<fieldV | 1<<fieldVW | 1<<fieldO | 1<<fieldH | 1<<fieldL | 1<<fieldC | 1<<fieldS
)

// event is one element of a frame, read but not judged.
type event struct {
	schema  *schema
	late    bool // keys were read before "ev" said what they mean
	has     uint32
	sort    sort
	ev, sym []byte
	number  [fields]float64
	status  string
	message string
}

// sort is what an element turned out to be.
type sort uint8

const (
	sortBar    sort = iota // ev is A, AM or absent; the values are not judged yet
	sortStatus             // status and message are set
	sortOther              // an event of another channel
	sortBad                // not an object, or a wrong type where it matters
)

// scan reads the object at i if it is as plain as servers send them: ok false
// means only that encoding/json must decide.
func (e *event) scan(b []byte, i int) (next int, ok bool) {
	e.schema, e.late = &bars, false
	next, ok = e.read(b, i)
	if ok && e.late { // once more, now that it is known what the keys mean
		next, ok = e.read(b, i)
	}
	return next, ok
}

// read reads the object at i by the schema that is known, until "ev" says which.
func (e *event) read(b []byte, i int) (next int, ok bool) {
	e.has, e.sort = 0, e.schema.sort
	if scan.At(b, i) != '{' {
		return i, false
	}
	if i = scan.Space(b, i+1); scan.At(b, i) == '}' {
		return i + 1, true
	}
	one := &e.schema.one
	for {
		// Most of a bar is "x":number, so that has a way of its own.
		if i+5 < len(b) && b[i+2] == '"' && b[i+3] == ':' && b[i] == '"' && b[i+4]-'0' <= 9 && one[b[i+1]] < fields {
			f := one[b[i+1]]
			e.has |= 1 << f
			e.number[f], i, ok = scan.Number(b, i+4)
		} else {
			i, ok = e.pair(b, i)
			one = &e.schema.one
		}
		if !ok {
			return i, false
		}
		if scan.At(b, i) <= ' ' {
			i = scan.Space(b, i)
		}
		switch scan.At(b, i) {
		case ',':
			if i++; scan.At(b, i) <= ' ' {
				i = scan.Space(b, i)
			}
		case '}':
			return i + 1, true
		default:
			return i, false
		}
	}
}

// pair reads a key and its value.
func (e *event) pair(b []byte, i int) (next int, ok bool) {
	if scan.At(b, i) != '"' {
		return i, false
	}
	key, i, ok := scan.PlainText(b, i+1)
	if !ok {
		return i, false
	}
	if i = scan.Space(b, i); scan.At(b, i) != ':' {
		return i, false
	}
	return e.value(key, b, scan.Space(b, i+1))
}

// value reads the value of a key. Of a key that is there twice the last counts.
func (e *event) value(key, b []byte, i int) (next int, ok bool) {
	f := e.schema.field(key)
	if f == fields {
		switch string(key) {
		case "ev":
			return e.kind(b, i)
		case "sym":
			return e.symbol(b, i)
		case "status":
			return i, false // rare, and not worth a path of its own
		}
		return scan.Skip(b, i, scan.SkipDepth)
	}
	e.has |= 1 << f
	e.number[f], i, ok = scan.Number(b, i)
	return i, ok
}

func (e *event) symbol(b []byte, i int) (next int, ok bool) {
	if e.sort == sortOther {
		return scan.Skip(b, i, scan.SkipDepth)
	}
	if scan.At(b, i) != '"' {
		return i, false
	}
	e.has |= hasSym
	e.sym, i, ok = scan.PlainText(b, i+1)
	return i, ok
}

// kind reads "ev", which chooses the schema. A second one might choose another.
func (e *event) kind(b []byte, i int) (next int, ok bool) {
	if e.has&hasEv != 0 || scan.At(b, i) != '"' {
		return i, false
	}
	e.ev, i, ok = scan.PlainText(b, i+1)
	if !ok || string(e.ev) == evStatus {
		return i, false
	}
	if s := schemaOf(e.ev); s != e.schema {
		e.schema, e.sort, e.late = s, s.sort, e.has != 0
	}
	e.has |= hasEv
	return i, ok
}

const evStatus = "status"
