package tail

import (
	"bytes"
	"slices"
)

// csvHeader are the JSON keys.
func csvHeader[T any](dst []byte, columns []column[T]) []byte {
	for i := range columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, columns[i].name...)
	}
	return append(dst, '\n')
}

// csvLine prints a line as of RFC 4180. An unknown value is an empty cell.
func csvLine[T any](dst []byte, columns []column[T], l *T) []byte {
	for i := range columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		value := len(dst)
		dst = columns[i].append(dst, l)
		if columns[i].text {
			dst = guardCSV(dst, value)
		}
	}
	return append(dst, '\n')
}

// guardCSV makes the text appended from offset on safe in a spreadsheet: what
// would start a formula gets an apostrophe in front, what would break the cell
// is quoted.
func guardCSV(dst []byte, offset int) []byte {
	text := dst[offset:]
	if len(text) == 0 {
		return dst
	}
	if bytes.IndexByte([]byte("=+-@\t\r"), text[0]) >= 0 {
		dst = slices.Insert(dst, offset, '\'')
		text = dst[offset:]
	}
	if !bytes.ContainsAny(text, "\",\r\n") {
		return dst
	}
	quoted := bytes.ReplaceAll(text, []byte(`"`), []byte(`""`))
	dst = append(dst[:offset], '"')
	dst = append(dst, quoted...)
	return append(dst, '"')
}
