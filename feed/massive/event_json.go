package massive

import (
	"encoding/json"
	"strconv"
)

// parse reads an element of any form with encoding/json. An error means that
// it is not JSON, which costs the frame.
func (e *event) parse(element []byte) error {
	e.has, e.sort = 0, sortBad
	var object map[string]json.RawMessage
	if len(element) == 0 || element[0] != '{' {
		var any json.RawMessage
		return json.Unmarshal(element, &any)
	}
	if err := json.Unmarshal(element, &object); err != nil {
		return err
	}
	ev, state := stringOf(object["ev"])
	switch {
	case state == wrong:
		return nil
	case state == absent:
		if status, state := stringOf(object["status"]); state == present {
			e.asStatus(status, object)
			return nil
		}
	case ev == evStatus:
		if status, state := stringOf(object["status"]); state != wrong {
			e.asStatus(status, object)
		}
		return nil
	default:
		e.has |= hasEv
		e.ev = []byte(ev)
		if channelOf(e.ev) == "" {
			e.sort = sortOther
			return nil
		}
	}
	e.bar(object)
	return nil
}

func (e *event) asStatus(status string, object map[string]json.RawMessage) {
	e.sort = sortStatus
	e.status = status
	e.message, _ = stringOf(object["message"]) // of a wrong type: no message
}

// bar takes over the fields of a bar; sort stays sortBad if one has a wrong type.
func (e *event) bar(object map[string]json.RawMessage) {
	sym, state := stringOf(object["sym"])
	if state == wrong {
		return
	}
	if state == present {
		e.has |= hasSym
		e.sym = []byte(sym)
	}
	for f, name := range numericFields {
		raw, there := object[name]
		if !there || string(raw) == "null" {
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

func stringOf(raw json.RawMessage) (string, presence) {
	if len(raw) == 0 || string(raw) == "null" {
		return "", absent
	}
	var s string
	if raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", wrong
	}
	return s, present
}
