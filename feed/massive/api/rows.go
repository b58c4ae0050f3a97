package api

import (
	"encoding/json"
	"errors"

	"optflow/feed/massive/scan"
	"optflow/feed/source"
)

// pageSlack is how many rows beyond those asked for a page may have. A server
// that does not mind the limit at all is not followed any further: what a page
// costs must not be its to say.
const pageSlack = 1000

// rows reads the list of an answer element by element, without keeping any: a
// list of raw messages costs thirty times a body made of tiny elements.
type rows struct {
	most int // elements; more are an error
	take func(element []byte)

	count int
}

// UnmarshalJSON is called by encoding/json with a value that is valid JSON.
func (r *rows) UnmarshalJSON(b []byte) error {
	switch scan.At(b, 0) {
	case 'n':
		return nil
	case '[':
	default:
		return errors.New("the rows are no list")
	}
	for i := scan.Space(b, 1); scan.At(b, i) != ']'; {
		end, ok := scan.ElementEnd(b, i)
		if !ok {
			return errors.New("the rows are nested too deeply")
		}
		if r.count++; r.count > r.most {
			return &source.Failure{Kind: source.ErrorTooLarge, Message: "the answer has more rows than were asked for"}
		}
		r.take(b[i:end])
		if i = scan.Space(b, end); scan.At(b, i) == ',' {
			i = scan.Space(b, i+1)
		}
	}
	return nil
}

// leastRow is shorter, in bytes, than any row that says something: all of them
// name a contract, a time or a date. What is shorter is not worth a parser.
const leastRow = 24

// rowsOf is a list whose elements are read into a T each; good false is one
// that cannot be. The row is take's for the call only.
func rowsOf[T any](most int, take func(row *T, good bool)) rows {
	row := new(T)
	return rows{most: most, take: func(element []byte) {
		*row = *new(T)
		take(row, len(element) >= leastRow && json.Unmarshal(element, row) == nil)
	}}
}
