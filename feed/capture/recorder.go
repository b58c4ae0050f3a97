package capture

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// flushEvery is how much a kill may cost.
const flushEvery = time.Second

// Options say what a Recorder writes.
type Options struct {
	Program string                   // the version of the program
	REST    string                   // the base of REST
	Redact  func(text string) string // a text without the key
	Most    int64                    // bytes of the file; 0 is Most
	Ended   func(why string)         // told once that nothing more is taken, before the run ended; nil: nobody
}

// Recorder writes a capture. Take may be called from any goroutine.
type Recorder struct {
	o       Options
	path    string
	file    *os.File
	packed  *gzip.Writer
	began   time.Time
	queue   chan item
	waiting atomic.Int64 // bytes
	over    atomic.Bool  // nothing more is taken

	lostFrames, lostAnswers atomic.Int64 // since the last word of it

	written               int64 // bytes of the file
	frames, answers, lost int64
	why                   string // why it ended
}

type item struct {
	entry Entry
	body  []byte
}

// Open makes the folder and begins a new capture in it.
func Open(dir string, o Options) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("begin a capture: %w", err)
	}
	if o.Most == 0 {
		o.Most = Most
	}
	began := time.Now()
	r := &Recorder{o: o, began: began, queue: make(chan item, mostEntries)}
	r.path = filepath.Join(dir, began.UTC().Format("2006-01-02T150405.000Z")+suffix)
	file, err := os.OpenFile(r.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin a capture: %w", err)
	}
	r.file = file
	if r.packed, err = gzip.NewWriterLevel(counting{r}, gzip.BestSpeed); err == nil {
		err = r.line(Header{V: Version, Program: o.Program, At: began, REST: o.REST})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("begin a capture: %w", err), file.Close())
	}
	return r, nil
}

// Path is the file.
func (r *Recorder) Path() string { return r.path }

// Since is a time of this machine in those of entries.
func (r *Recorder) Since(t time.Time) int64 { return t.Sub(r.began).Microseconds() }

// Take notes what happened, now unless the entry says when, with a copy of the
// body. It does not wait: what there is no room for is counted.
func (r *Recorder) Take(e Entry, body []byte) {
	if r.over.Load() {
		return
	}
	if e.At == 0 {
		e.At = r.Since(time.Now())
	}
	size := int64(len(body))
	room := size == 0 || size <= mostBody && len(r.queue) < mostEntries-forWords
	if r.waiting.Add(size) <= mostWaiting && room {
		select {
		case r.queue <- item{e, append([]byte(nil), body...)}:
			return
		default:
		}
	}
	r.waiting.Add(-size)
	switch e.Kind {
	case Answer:
		r.lostAnswers.Add(1)
	default:
		r.lostFrames.Add(1)
	}
}

// Run writes until ctx ends, and what is waiting then. That it cannot write ends
// the capture and nothing else.
func (r *Recorder) Run(ctx context.Context) error {
	flush := time.NewTicker(flushEvery)
	defer flush.Stop()
	var err error
	for r.why == "" && err == nil {
		select {
		case i := <-r.queue:
			err = r.write(i)
		case <-flush.C:
			err = r.packed.Flush()
		case <-ctx.Done():
			r.over.Store(true)
			for n := len(r.queue); n > 0 && err == nil && r.why == ""; n-- {
				err = r.write(<-r.queue)
			}
			if err == nil && r.why == "" {
				err = r.end("the run is over")
			}
		}
	}
	r.over.Store(true)
	if err = errors.Join(err, r.file.Close()); err != nil {
		r.why = err.Error()
	}
	if ctx.Err() == nil && r.o.Ended != nil {
		r.o.Ended(fmt.Sprintf("the capture %s ended: %s", r.path, r.why))
	}
	return nil
}

// write writes an entry, or ends the capture where it is full.
func (r *Recorder) write(i item) error {
	r.waiting.Add(-int64(len(i.body)))
	frames, answers := r.lostFrames.Swap(0), r.lostAnswers.Swap(0)
	if frames+answers > 0 {
		r.lost += frames + answers
		if err := r.line(Entry{At: i.entry.At, Kind: Lost, Frames: frames, Answers: answers}); err != nil {
			return err
		}
	}
	e, body := i.entry, i.body
	if len(body) > 0 && r.o.Redact != nil {
		body = []byte(r.o.Redact(string(body)))
	}
	for _, text := range []*string{&e.Host, &e.Path, &e.Query, &e.Type, &e.Date, &e.Why} {
		if r.o.Redact != nil {
			*text = r.o.Redact(*text)
		}
	}
	switch e.Kind {
	case Frame:
		r.frames++
	case Answer:
		r.answers++
	}
	e.Bytes = len(body)
	if err := r.line(e); err != nil {
		return err
	}
	if len(body) > 0 {
		if _, err := r.packed.Write(append(body, '\n')); err != nil {
			return fmt.Errorf("write the capture: %w", err)
		}
	}
	if r.written >= r.o.Most {
		return r.end(fmt.Sprintf("it is full, at %d MiB", r.o.Most>>20))
	}
	return nil
}

// end closes what is packed.
func (r *Recorder) end(why string) error {
	r.why = why
	err := r.line(Entry{At: r.Since(time.Now()), Kind: End, Why: why})
	return errors.Join(err, r.packed.Close())
}

func (r *Recorder) line(of any) error {
	text, err := json.Marshal(of)
	if err == nil {
		_, err = r.packed.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the capture: %w", err)
	}
	return nil
}

// String is what was captured, once Run has ended.
func (r *Recorder) String() string {
	text := fmt.Sprintf("captured %d messages and %d answers in %s", r.frames, r.answers, r.path)
	if r.lost > 0 {
		text += fmt.Sprintf("; %d more came faster than they could be written", r.lost)
	}
	return text + "; " + r.why
}

// counting is the file, whose bytes are counted.
type counting struct{ r *Recorder }

func (c counting) Write(p []byte) (int, error) {
	n, err := c.r.file.Write(p)
	c.r.written += int64(n)
	return n, err
}
