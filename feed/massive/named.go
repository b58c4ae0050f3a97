package massive

import (
	"encoding/json"

	"optflow/feed/massive/scan"
)

// named holds the values of the keys that mean something, as they stand in the
// element; of a key that is there twice the last. A map of all keys would cost
// an element of millions of them many times its size.
type named [keys][]byte

// The keys that are no numeric field.
const (
	keyEv = iota + int(fields)
	keyStatus
	keyMessage
	keySym
	keys
)

// longestKey is the length of "message", quoted and with every letter escaped.
const longestKey = 2 + 6*len("message")

// read finds the keys of an element that is valid JSON and begins with a brace.
func (o *named) read(b []byte) {
	for i := scan.Space(b, 1); scan.At(b, i) == '"'; {
		end := scan.StringEnd(b, i+1)
		if end < 0 {
			return
		}
		key := keyOf(b[i:end])
		i = scan.Space(b, scan.Space(b, end)+1) // behind the colon
		if end, _ = scan.ElementEnd(b, i); end <= i {
			return
		}
		if key >= 0 {
			o[key] = b[i:end]
		}
		if i = scan.Space(b, end); scan.At(b, i) == ',' {
			i = scan.Space(b, i+1)
		}
	}
}

// keyOf is the number of a key, which comes with its quotes, or -1.
func keyOf(quoted []byte) int {
	if len(quoted) > longestKey {
		return -1
	}
	key, _, plain := scan.PlainText(quoted, 1)
	if !plain {
		var s string
		if json.Unmarshal(quoted, &s) != nil {
			return -1
		}
		key = []byte(s)
	}
	switch string(key) {
	case "ev":
		return keyEv
	case "status":
		return keyStatus
	case "message":
		return keyMessage
	case "sym":
		return keySym
	}
	if f := bars.field(key); f < fields {
		return int(f)
	}
	return -1
}
