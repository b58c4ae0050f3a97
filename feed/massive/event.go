package massive

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

// numericFields are the vendor's names of the numeric fields. Keys are compared
// exactly: "T" is not "t", unlike in structs filled by encoding/json.
var numericFields = [fields]string{"v", "av", "vw", "o", "h", "l", "c", "a", "z", "s", "e"}

// bits that say which fields of an event were there.
const (
	hasEv  = 1 << fields
	hasSym = 1 << (fields + 1)

	// required are the fields without which there is no bar.
	required = hasSym | 1<<fieldV | 1<<fieldVW | 1<<fieldO | 1<<fieldH | 1<<fieldL | 1<<fieldC | 1<<fieldS
)

// event is one element of a frame, read but not judged.
type event struct {
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
	e.has, e.sort = 0, sortBar
	if at(b, i) != '{' {
		return i, false
	}
	if i = space(b, i+1); at(b, i) == '}' {
		return i + 1, true
	}
	for {
		// Most of a bar is "x":number, so that has a way of its own.
		if i+5 < len(b) && b[i+2] == '"' && b[i+3] == ':' && b[i] == '"' && b[i+4]-'0' <= 9 && e.takes(oneLetter[b[i+1]]) {
			f := oneLetter[b[i+1]]
			e.has |= 1 << f
			e.number[f], i, ok = number(b, i+4)
		} else {
			i, ok = e.pair(b, i)
		}
		if !ok {
			return i, false
		}
		if at(b, i) <= ' ' {
			i = space(b, i)
		}
		switch at(b, i) {
		case ',':
			if i++; at(b, i) <= ' ' {
				i = space(b, i)
			}
		case '}':
			return i + 1, true
		default:
			return i, false
		}
	}
}

// takes reports whether a number for the field is wanted. Of a key that is there
// twice the last counts.
func (e *event) takes(f field) bool { return f < fields && e.sort != sortOther }

// pair reads a key and its value.
func (e *event) pair(b []byte, i int) (next int, ok bool) {
	if at(b, i) != '"' {
		return i, false
	}
	key, i, ok := plainText(b, i+1)
	if !ok {
		return i, false
	}
	if i = space(b, i); at(b, i) != ':' {
		return i, false
	}
	return e.value(key, b, space(b, i+1))
}

// value reads the value of a key.
func (e *event) value(key, b []byte, i int) (next int, ok bool) {
	switch len(key) {
	case 1:
		if f := oneLetter[key[0]]; f < fields {
			return e.numeric(f, b, i)
		}
	case 2:
		switch {
		case key[0] == 'e' && key[1] == 'v':
			return e.kind(b, i)
		case key[0] == 'a' && key[1] == 'v':
			return e.numeric(fieldAV, b, i)
		case key[0] == 'v' && key[1] == 'w':
			return e.numeric(fieldVW, b, i)
		}
	case 3:
		if string(key) == "sym" {
			return e.symbol(b, i)
		}
	case 6:
		if string(key) == "status" {
			return i, false // rare, and not worth a path of its own
		}
	}
	return skip(b, i, skipDepth)
}

// oneLetter maps a key of one letter to its field.
var oneLetter = func() (t [256]field) {
	for i := range t {
		t[i] = fields
	}
	for f, name := range numericFields {
		if len(name) == 1 {
			t[name[0]] = field(f)
		}
	}
	return t
}()

func (e *event) numeric(f field, b []byte, i int) (next int, ok bool) {
	if e.sort == sortOther { // in other channels these names mean other things
		return skip(b, i, skipDepth)
	}
	e.has |= 1 << f
	e.number[f], i, ok = number(b, i)
	return i, ok
}

func (e *event) symbol(b []byte, i int) (next int, ok bool) {
	if e.sort == sortOther {
		return skip(b, i, skipDepth)
	}
	if at(b, i) != '"' {
		return i, false
	}
	e.has |= hasSym
	e.sym, i, ok = plainText(b, i+1)
	return i, ok
}

// kind reads "ev". A second one might turn another channel's event into a bar
// after the bar's numbers were skipped.
func (e *event) kind(b []byte, i int) (next int, ok bool) {
	if e.has&hasEv != 0 || at(b, i) != '"' {
		return i, false
	}
	e.has |= hasEv
	e.ev, i, ok = plainText(b, i+1)
	if ok && channelOf(e.ev) == "" {
		if string(e.ev) == evStatus {
			return i, false
		}
		e.sort = sortOther
	}
	return i, ok
}

const evStatus = "status"

// channelOf is the channel of a bar's "ev", "" for all other events.
func channelOf(ev []byte) Channel {
	switch {
	case len(ev) == 1 && ev[0] == 'A':
		return ChannelA
	case len(ev) == 2 && ev[0] == 'A' && ev[1] == 'M':
		return ChannelAM
	}
	return ""
}
