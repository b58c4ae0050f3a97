package massive

// schema says which keys of a channel's events hold a number, and which field
// each is. "sym" is the contract in all of them. Keys are compared exactly: "T"
// is not "t", unlike in structs filled by encoding/json.
type schema struct {
	sort sort
	one  [256]field     // by a key of one letter; fields: not of this schema
	two  [32]twoLetters // by hash
}

type twoLetters struct {
	a, b  byte
	field field
}

func hash(a, b byte) byte { return (a ^ b<<1) % 32 }

// newSchema is one of numbers under names of one letter, or two.
func newSchema(sort sort, names ...string) (s schema) {
	s.sort = sort
	for i := range s.one {
		s.one[i] = fields
	}
	for f, name := range names {
		if len(name) == 1 {
			s.one[name[0]] = field(f)
			continue
		}
		place := &s.two[hash(name[0], name[1])]
		if place.a != 0 {
			panic("two names of a schema at one place: " + name)
		}
		*place = twoLetters{name[0], name[1], field(f)}
	}
	return s
}

// The schemas there are. Events of a channel without one are counted, no more.
var (
	bars   = newSchema(sortBar, "v", "av", "vw", "o", "h", "l", "c", "a", "z", "s", "e") // in the order of fieldV to fieldE
	others = newSchema(sortOther)
)

// field is the field of a key, or fields.
func (s *schema) field(key []byte) field {
	switch len(key) {
	case 1:
		return s.one[key[0]]
	case 2:
		if t := &s.two[hash(key[0], key[1])]; t.a == key[0] && t.b == key[1] {
			return t.field
		}
	}
	return fields
}

// schemaOf is the schema of the events of an "ev".
func schemaOf(ev []byte) *schema {
	if channelOf(ev) != 0 {
		return &bars
	}
	return &others
}
