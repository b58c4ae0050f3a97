package capture

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Capture is one that was read. Its bodies lie unpacked in a file without a name,
// so that a long one costs no memory.
type Capture struct {
	Header
	Conns   []Connection
	Answers []Event // by the time that they were asked for
	Frames  int     // of all connections
	Lost    int64   // messages and answers that are not in it
	Cut     bool    // it ends in the middle: the program was killed, or the copy is not whole
	Why     string  // why it ended, "" where it is cut
	Until   time.Duration

	bodies *os.File
}

// Connection is one of the stream.
type Connection struct {
	Dialled time.Duration // since the capture began
	Refused *Entry        // nil: it was not
	Events  []Event
}

// Event is an Entry and where its bytes are.
type Event struct {
	*Entry
	at int64
}

// Time is when it happened, since the capture began.
func (e *Entry) Time() time.Duration { return time.Duration(e.At) * time.Microsecond }

// Read reads a capture: a file, or the one in a folder.
func Read(path string) (*Capture, error) {
	path, err := theOne(path)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read a capture: %w", err)
	}
	defer file.Close()
	c := &Capture{}
	if c.bodies, err = os.CreateTemp("", "optflow-capture"); err != nil {
		return nil, fmt.Errorf("read a capture: %w", err)
	}
	_ = os.Remove(c.bodies.Name()) // where an open file may go; else Close does it
	if err := c.read(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Join(err, c.Close()))
	}
	return c, nil
}

// theOne is the capture that a path means.
func theOne(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read a capture: %w", err)
	}
	if !info.IsDir() {
		return path, nil
	}
	found, _ := fs.Glob(os.DirFS(path), "*"+suffix) // a pattern that is right
	switch {
	case len(found) == 0:
		return "", fmt.Errorf("%s holds no capture (*%s)", path, suffix)
	case len(found) > 1:
		return "", fmt.Errorf("%s holds %d captures; name one of them, such as %s", path, len(found), filepath.Join(path, found[len(found)-1]))
	}
	return filepath.Join(path, found[0]), nil
}

// Close gives the bodies up.
func (c *Capture) Close() error {
	err := c.bodies.Close()
	_ = os.Remove(c.bodies.Name()) // it is gone already on most systems
	return err
}

// Body is what came with an event.
func (c *Capture) Body(e Event) ([]byte, error) {
	body := make([]byte, e.Bytes)
	if _, err := c.bodies.ReadAt(body, e.at); err != nil {
		return nil, fmt.Errorf("read the capture's bodies: %w", err)
	}
	return body, nil
}

var errNoCapture = errors.New("this is no capture of optflow's")

// read takes all of it in.
func (c *Capture) read(from io.Reader) error {
	packed, err := gzip.NewReader(from)
	if err != nil {
		return errNoCapture
	}
	in := bufio.NewReaderSize(io.LimitReader(packed, mostUnpacked), longestLine)
	line, err := in.ReadSlice('\n')
	switch {
	case err != nil, json.Unmarshal(line, &c.Header) != nil, c.V < 1:
		return errNoCapture
	case c.V > Version:
		return fmt.Errorf("its form is version %d, and this optflow reads %d: it needs a newer one", c.V, Version)
	}
	bodies := bufio.NewWriter(c.bodies)
	entries := 0
	for at := int64(0); err == nil; entries++ {
		var e Event
		if e, err = next(in, bodies, at); err == nil {
			at += int64(e.Bytes)
			err = c.take(e)
		}
	}
	switch {
	case err == io.EOF && c.Why != "":
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		c.Cut = true
	default:
		return fmt.Errorf("damaged behind its entry %d: %w", entries-1, err)
	}
	if c.Frames+len(c.Answers) == 0 && len(c.Conns) == 0 {
		return errors.New("it holds nothing that could be played")
	}
	return bodies.Flush()
}

// next reads an entry and puts its bytes among the bodies.
func next(in *bufio.Reader, bodies io.Writer, at int64) (Event, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		if err == io.EOF && len(line) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return Event{}, err
	}
	e := Event{new(Entry), at}
	if err := json.Unmarshal(line, e.Entry); err != nil {
		return e, fmt.Errorf("an entry is no JSON: %w", err)
	}
	if e.Bytes < 0 || e.Bytes > mostBody {
		return e, fmt.Errorf("an entry has %d bytes, at most %d", e.Bytes, mostBody)
	}
	if e.Bytes == 0 {
		return e, nil
	}
	if _, err := io.CopyN(bodies, in, int64(e.Bytes)); err == io.EOF {
		return e, io.ErrUnexpectedEOF
	} else if err != nil {
		return e, err
	}
	switch end, err := in.ReadByte(); {
	case err == io.EOF:
		return e, io.ErrUnexpectedEOF
	case err != nil:
		return e, err
	case end != '\n':
		return e, errors.New("an entry is longer than it says")
	}
	return e, nil
}

// take sorts an entry.
func (c *Capture) take(e Event) error {
	c.Until = max(c.Until, e.Time()+time.Duration(e.Took)*time.Microsecond)
	switch e.Kind {
	case Answer:
		c.Answers = append(c.Answers, e)
	case Lost:
		c.Lost += e.Frames + e.Entry.Answers
	case End:
		c.Why = e.Why
	case Dial, Refused, Up, Login, Subscribe, Drop, Frame, Left, Goodbye, Broken:
		if e.Conn < 1 || e.Conn > mostConns {
			return fmt.Errorf("%q is of connection %d", e.Kind, e.Conn)
		}
		for len(c.Conns) < e.Conn {
			c.Conns = append(c.Conns, Connection{Dialled: e.Time()})
		}
		conn := &c.Conns[e.Conn-1]
		switch e.Kind {
		case Dial:
		case Refused:
			conn.Refused = e.Entry
		default:
			conn.Events = append(conn.Events, e)
		}
		if e.Kind == Frame {
			c.Frames++
		}
	} // what a later program notes besides is none of ours
	return nil
}
