package model

// Truth is the answer to a question that the data may not be able to answer.
// The values are ordered so that Kleene's logic is minimum, maximum and mirror.
type Truth uint8

// The three truths.
const (
	False      Truth = iota
	Unknowable       // a value that the question needs is not known
	True
)

// TruthOf turns a plain answer into a Truth.
func TruthOf(yes bool) Truth {
	if yes {
		return True
	}
	return False
}

// And is true when both are, false when either is, else unknown.
func (t Truth) And(u Truth) Truth { return min(t, u) }

// Or is false when both are, true when either is, else unknown.
func (t Truth) Or(u Truth) Truth { return max(t, u) }

// Not leaves the unknown unknown.
func (t Truth) Not() Truth { return True - t }

// String is "true", "false" or "unknown".
func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	}
	return "unknown"
}
