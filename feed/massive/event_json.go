package massive

import (
	"encoding/json"
	"errors"
	"strconv"
)

// parse reads an element of any form as encoding/json would. An error means that
// it is not JSON, which costs the frame.
func (e *event) parse(element []byte) error {
	e.has, e.sort = 0, sortBad
	if !json.Valid(element) {
		return errors.New("an element is not JSON")
	}
	if element[0] != '{' {
		return nil
	}
	var o named
	o.read(element)
	ev, state := stringOf(o[keyEv])
	switch {
	case state == wrong:
		return nil
	case state == absent:
		if status, state := stringOf(o[keyStatus]); state == present {
			e.asStatus(status, &o)
			return nil
		}
	case ev == evStatus:
		if status, state := stringOf(o[keyStatus]); state != wrong {
			e.asStatus(status, &o)
		}
		return nil
	default:
		e.has |= hasEv
		e.ev = []byte(ev)
		if e.schema = schemaOf(e.ev); e.schema.sort == sortOther {
			e.sort = sortOther
			return nil
		}
	}
	e.bar(&o)
	return nil
}

func (e *event) asStatus(status string, o *named) {
	e.sort = sortStatus
	e.status = status
	e.message, _ = stringOf(o[keyMessage]) // of a wrong type: no message
}

// bar takes over the fields of a bar; sort stays sortBad if one has a wrong type.
func (e *event) bar(o *named) {
	sym, state := stringOf(o[keySym])
	if state == wrong {
		return
	}
	if state == present {
		e.has |= hasSym
		e.sym = []byte(sym)
	}
	for f := range fields {
		raw := o[f]
		if raw == nil || string(raw) == "null" {
			continue
		}
		if c := raw[0]; c != '-' && c-'0' > 9 {
			return
		}
		value, err := strconv.ParseFloat(string(raw), 64)
		if err != nil { // past what a float64 holds
			return
		}
		e.has |= 1 << f
		e.number[f] = value
	}
	e.sort = sortBar
}

// presence of an optional value; null is absent.
type presence uint8

const (
	absent presence = iota
	present
	wrong
)

func stringOf(raw []byte) (string, presence) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", absent
	}
	var s string
	if raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", wrong
	}
	return s, present
}
