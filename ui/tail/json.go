package tail

import "encoding/json"

// jsonLine prints one object a line. It appends by hand because the order of
// the keys is part of the interface and what is unknown is left out.
func jsonLine[T any](dst []byte, columns []column[T], l *T) []byte {
	dst = append(dst, '{')
	first := true
	for i := range columns {
		c := &columns[i]
		undo := len(dst)
		if !first {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, c.name...)
		dst = append(dst, '"', ':')
		value := len(dst)
		dst = c.append(dst, l)
		if len(dst) == value {
			dst = dst[:undo]
			continue
		}
		if c.text {
			dst = quoteJSON(dst, value)
		}
		first = false
	}
	return append(dst, '}', '\n')
}

// quoteJSON turns what was appended from offset on into a JSON string.
func quoteJSON(dst []byte, offset int) []byte {
	for _, b := range dst[offset:] {
		if b < ' ' || b > '~' || b == '"' || b == '\\' {
			escaped, err := json.Marshal(string(dst[offset:]))
			if err != nil {
				escaped = []byte(`""`) // cannot happen: a string always marshals
			}
			return append(dst[:offset], escaped...)
		}
	}
	dst = append(dst, '"', '"')
	copy(dst[offset+1:], dst[offset:len(dst)-2])
	dst[offset] = '"'
	return dst
}
