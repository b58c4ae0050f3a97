package massive

import (
	"errors"
	"fmt"

	"optflow/feed/link"
	"optflow/feed/massive/scan"
	"optflow/feed/massive/wire"
	"optflow/model"
)

// Decoder turns frames into bars and statuses. It belongs to one goroutine,
// the one that owns Contracts.
//
// It is a single pass over the frame. Whatever is not as plain as servers send
// it (escapes, a type other than expected, a key twice, deep nesting) goes to
// encoding/json, element by element, and that decides; a test holds verdict and
// values against a decoder made of nothing but encoding/json.
type Decoder struct {
	Contracts *model.Registry

	// Intern numbers a contract that the stream names; nil: Contracts does.
	Intern func(symbol string) (model.ContractID, error)
	Keep   func(underlying string) bool // nil keeps all; asked once per root until Refollow
	Assume link.Channel                 // the channel of bars without "ev" (origin dialect); 0 refuses them
	Key    wire.Key                     // blotted out of texts, in case a server repeats it; may be nil

	roots   roots
	event   event
	allowed allowance
}

// Refollow forgets what Keep said: call it when the followed set changed, or a
// root's underlying was learnt.
func (d *Decoder) Refollow() { d.roots.forget() }

// Bounds of the elements of a frame that are in other forms than servers send
// bars in, each of them no longer than MaxStatus. They take a hundred times as
// long as bars do, and the engine waits.
const (
	maxOdd      = 4096 // more than there is room for in a frame of statuses
	maxOddBytes = 4 * MaxStatus
)

// allowance is what a frame may still hold of such elements, and of statuses.
type allowance struct {
	odd      int // elements
	oddBytes int
	status   int // bytes
}

var (
	errNotArray = errors.New("not a JSON array")
	errOdd      = errors.New("too much of it is neither a bar nor a status")
)

// Decode appends what a frame says to into. An element that cannot be read
// costs that element; the error means that the frame as a whole cannot be
// read, and nothing of it was added.
func (d *Decoder) Decode(frame []byte, into *Batch) error {
	mark := *into
	if err := d.decode(frame, into); err != nil {
		d.roots.unhear(into.NewUnderlyings[len(mark.NewUnderlyings):])
		into.cut(mark)
		return fmt.Errorf("decode frame of %d bytes: %w", len(frame), err)
	}
	return nil
}

func (d *Decoder) decode(b []byte, into *Batch) error {
	i := scan.Space(b, 0)
	if scan.At(b, i) != '[' {
		return errNotArray
	}
	d.allowed = allowance{odd: maxOdd, oddBytes: maxOddBytes, status: MaxStatus}
	i = scan.Space(b, i+1)
	if scan.At(b, i) == ']' {
		return ended(b, i+1)
	}
	for {
		next, ok := d.event.scan(b, i)
		if !ok {
			var err error
			if next, err = d.oddElement(b, i); err != nil {
				return err
			}
		}
		into.Events++
		if d.event.sort != sortBar || !d.bar(into) {
			d.noBar(b[i:next], into)
		}
		i = scan.Space(b, next)
		switch scan.At(b, i) {
		case ',':
			i = scan.Space(b, i+1)
		case ']':
			return ended(b, i+1)
		default:
			return errors.New("no comma after an element")
		}
	}
}

func ended(b []byte, i int) error {
	if scan.Space(b, i) != len(b) {
		return errors.New("something follows the array")
	}
	return nil
}

// oddElement reads the element at i, which is in another form than servers send
// bars in, and returns where it ends.
func (d *Decoder) oddElement(b []byte, i int) (next int, err error) {
	next, ok := scan.ElementEnd(b, i)
	if !ok {
		return i, errors.New("it ends inside an element, or is nested too deeply")
	}
	d.allowed.odd--
	d.allowed.oddBytes -= next - i
	if d.allowed.odd < 0 || d.allowed.oddBytes < 0 || next-i > MaxStatus {
		return i, errOdd
	}
	return next, d.event.parse(b[i:next])
}

// noBar puts an element that is no sound bar where it belongs. Statuses beyond
// what a frame may hold of them are none.
func (d *Decoder) noBar(element []byte, into *Batch) {
	switch d.event.sort {
	case sortStatus:
		if d.allowed.status -= len(element); d.allowed.status >= 0 {
			into.Statuses = d.appendStatus(into.Statuses)
			return
		}
	case sortOther:
		into.Other++
		return
	}
	into.Malformed++
	if len(into.Samples) < maxSamples {
		into.Samples = append(into.Samples, wire.Clean(string(element[:min(len(element), wire.LongestText)]), sampleCells, d.Key))
	}
}

// bar judges a bar and appends it. It reports whether it was sound; a bar of an
// underlying that is not followed is counted without a look at its values.
func (d *Decoder) bar(into *Batch) bool {
	e := &d.event
	channel := d.Assume
	if e.has&hasEv != 0 {
		channel = channelOf(e.ev)
	}
	span := channel.Span()
	if span == 0 || e.has&required != required {
		return false
	}
	id, known := d.Contracts.Find(e.sym)
	wanted := known && d.roots.wanted(id)
	if !wanted {
		root, ok := wire.RootOf(e.sym)
		if !ok {
			return false
		}
		if !d.kept(root, into) {
			into.Filtered++
			return true
		}
	}
	bar := model.Bar{Span: span, DayVolume: -1}
	if !e.fill(&bar) {
		return false
	}
	if !known {
		intern := d.Intern
		if intern == nil {
			intern = d.Contracts.InternTraded
		}
		var err error
		if id, err = intern(string(e.sym)); errors.Is(err, model.ErrFull) {
			into.Beyond.Add(bar.Volume)
			return true
		} else if err != nil {
			return false
		}
	}
	if !wanted {
		d.roots.want(id)
	}
	bar.Contract = id
	into.Bars = append(into.Bars, bar)
	return true
}

// fill checks the numbers of an event and writes them to a bar.
func (e *event) fill(bar *model.Bar) bool {
	n := &e.number
	for f := fieldVW; f <= fieldZ; f++ {
		if e.has&(1<<f) == 0 {
			n[f] = 0
		}
		if !(n[f] >= 0 && n[f] <= wire.MaxPrice) {
			return false
		}
		n[f] += 0 // there is a negative zero
	}
	if !wire.Whole(n[fieldV], 0, wire.MaxVolume) || !wire.Whole(n[fieldS], wire.MinTime, wire.MaxTime) || n[fieldH] < n[fieldL] {
		return false
	}
	bar.Start = int64(n[fieldS])
	if e.has&(1<<fieldE) != 0 {
		// Some say the last millisecond inside, so one less is the same width.
		width := n[fieldE] - n[fieldS]
		if width != float64(bar.Span) && width != float64(bar.Span-1) {
			return false
		}
	}
	bar.Volume = int64(n[fieldV])
	if e.has&(1<<fieldAV) != 0 {
		if !wire.Whole(n[fieldAV], 0, wire.MaxVolume) {
			return false
		}
		if n[fieldAV] >= n[fieldV] { // less than the window itself is no statement
			bar.DayVolume = int64(n[fieldAV])
		}
	}
	bar.Open, bar.High, bar.Low, bar.Close = n[fieldO], n[fieldH], n[fieldL], n[fieldC]
	bar.Vwap, bar.DayVwap, bar.AvgSize = n[fieldVW], n[fieldA], n[fieldZ]
	return true
}
