// Package image writes what is in memory down and has it again, by the same code:
// each part of it says its fields once, in order, and they are written, or read.
// What is read may be damaged: that ends in Bad, never in more memory than there
// are bytes for.
package image

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"unicode"
)

// Image is written to from New on, or read from Read on.
type Image struct {
	data    []byte // what is written, or what is left
	reading bool
	bad     bool
	base    int64
	spare   int // elements for which lists that are read may still make room
}

// New writes behind dst.
func New(dst []byte) *Image { return &Image{data: dst} }

// Read reads.
func Read(data []byte) *Image {
	return &Image{data: data, reading: true, spare: len(data)/2 + 1024}
}

// Reading reports whether fields are set, not written.
func (m *Image) Reading() bool { return m.reading }

// Bytes are what was written.
func (m *Image) Bytes() []byte { return m.data }

// Left is how many bytes are not read yet.
func (m *Image) Left() int { return len(m.data) }

// Bad reports whether what was read cannot be so.
func (m *Image) Bad() bool { return m.bad }

// Check notes whether what was read may be so.
func (m *Image) Check(may bool) {
	if !may && m.reading {
		m.bad, m.data = true, nil
	}
}

// Base is the time, in ms, that times which follow are near.
func (m *Image) Base(ms int64) { m.base = ms }

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Int is a field of any whole number, smaller the closer it is to 0.
func Int[T integer](m *Image, v *T) {
	if !m.reading {
		m.data = binary.AppendVarint(m.data, int64(*v))
		return
	}
	n, size := binary.Varint(m.data)
	m.Check(size > 0)
	m.data = m.data[max(size, 0):]
	*v = T(n)
	m.Check(int64(*v) == n)
}

// Time is a field of a time in ms, or 0.
func (m *Image) Time(v *int64) {
	n := *v
	if !m.reading && n != 0 {
		if n -= m.base; n >= 0 {
			n++
		}
	}
	if Int(m, &n); !m.reading {
		return
	}
	if n > 0 {
		n--
	} else if n == 0 {
		*v = 0
		return
	}
	*v = n + m.base
}

// Bool is a field that is true or false.
func (m *Image) Bool(v *bool) {
	var n uint8
	if *v {
		n = 1
	}
	Int(m, &n)
	*v = n == 1
	m.Check(n <= 1)
}

// What a float begins with; from floatPrice on it is a price in ten-thousandths.
const (
	floatZero = iota
	floatNaN
	floatBits
	floatPrice
)

const scale = 10_000

// Float is a field of any float, to the bit; all that are no number are one.
func (m *Image) Float(v *float64) {
	if m.reading {
		*v = m.float()
		return
	}
	bits := math.Float64bits(*v)
	switch {
	case bits == 0:
		m.data = append(m.data, floatZero)
		return
	case *v != *v:
		m.data = append(m.data, floatNaN)
		return
	case *v > 0 && *v < 1<<40:
		if n := uint64(math.Round(*v * scale)); float64(n)/scale == *v {
			m.data = binary.AppendUvarint(m.data, n+floatPrice)
			return
		}
	}
	m.data = binary.LittleEndian.AppendUint64(append(m.data, floatBits), bits)
}

func (m *Image) float() float64 {
	u, size := binary.Uvarint(m.data)
	if size <= 0 {
		m.Check(false)
		return 0
	}
	m.data = m.data[size:]
	switch u {
	case floatZero:
		return 0
	case floatNaN:
		return math.NaN()
	case floatBits:
		if len(m.data) < 8 {
			m.Check(false)
			return 0
		}
		v := math.Float64frombits(binary.LittleEndian.Uint64(m.data))
		m.data = m.data[8:]
		return v
	}
	return float64(u-floatPrice) / scale
}

// Float32 is a field of a float of four bytes, to the bit.
func (m *Image) Float32(v *float32) {
	if !m.reading {
		m.data = binary.LittleEndian.AppendUint32(m.data, math.Float32bits(*v))
		return
	}
	if len(m.data) < 4 {
		m.Check(false)
		return
	}
	*v = math.Float32frombits(binary.LittleEndian.Uint32(m.data))
	m.data = m.data[4:]
}

// Text is a field of text.
func (m *Image) Text(v *string) {
	text := []byte(*v)
	m.Raw(&text)
	*v = string(text)
}

// Name is a field of text that a screen shows: nothing in it moves a cursor.
func (m *Image) Name(v *string) {
	if m.Text(v); !m.reading {
		return
	}
	for _, r := range *v {
		m.Check(unicode.IsGraphic(r))
	}
}

// Raw is a field of bytes.
func (m *Image) Raw(v *[]byte) {
	n := m.Len(len(*v), 1)
	if !m.reading {
		m.data = append(m.data, *v...)
		return
	}
	*v = append([]byte(nil), m.data[:n]...)
	m.data = m.data[n:]
}

// Len is how many elements there are of something that takes so many bytes each
// in the image, at the least.
func (m *Image) Len(n, bytes int) int {
	if Int(m, &n); m.reading {
		m.Check(n >= 0 && n <= len(m.data)/bytes)
	}
	if m.bad {
		return 0
	}
	return n
}

// List is a field of a list, of which each element takes so many bytes in the
// image, at the least.
func List[T any](m *Image, v *[]T, bytes int, each func(*T)) {
	n := m.Len(len(*v), bytes)
	if m.reading {
		*v = nil
		if n > 0 {
			*v = make([]T, n)
		}
	}
	for i := range *v {
		if m.bad {
			return
		}
		each(&(*v)[i])
	}
}

// Sparse is a field of a list by number, some elements of which are nil. There are
// as many numbers at the most; what is read is new.
func Sparse[T any](m *Image, v *[]*T, most int, each func(number int, value *T)) {
	n := m.Len(len(*v), 1)
	if m.Check(n <= most); m.bad {
		return
	}
	if m.reading {
		*v = make([]*T, n)
	}
	for i := 0; i < n && !m.bad; i++ {
		there := (*v)[i] != nil
		if m.Bool(&there); !there {
			continue
		}
		if m.reading {
			(*v)[i] = new(T)
		}
		each(i, (*v)[i])
	}
}

// Map is a field of a map by names, which are written in their order.
func Map[T any](m *Image, v *map[string]T, bytes int, each func(name string, value *T)) {
	names := slices.Sorted(maps.Keys(*v))
	n := m.Len(len(names), 1+bytes)
	if m.reading {
		*v = make(map[string]T, n)
		names = make([]string, n)
	}
	for i := range names {
		if m.Name(&names[i]); m.bad {
			return
		}
		value := (*v)[names[i]]
		each(names[i], &value)
		if m.reading {
			(*v)[names[i]] = value
		}
	}
}

// Room is how many elements a list that was a field has room for, where it
// matters when it is full.
func Room[T any](m *Image, v *[]T, room int) {
	n := len(*v)
	if Int(m, &room); !m.reading || m.bad {
		return
	}
	m.spare -= room - n
	if m.Check(room >= n && m.spare >= 0); !m.bad && room > n {
		*v = append(make([]T, 0, room), *v...)
	}
}

// Pick is a field that is one of a list, of which the place is known.
func Pick[T comparable](m *Image, v *T, place int, list []T) {
	if !m.reading && (place >= len(list) || list[place] != *v) {
		place = -1 // that cannot be, and is refused when it is read
	}
	if Int(m, &place); !m.reading {
		return
	}
	if m.Check(place >= 0 && place < len(list)); !m.bad {
		*v = list[place]
	}
}
