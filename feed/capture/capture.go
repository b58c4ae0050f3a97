// Package capture keeps what came off the wire for a report of a bug: the stream's
// messages and REST's answers with their times, in one file of bounded size that
// only its owner reads. It never holds the key, and whoever hands it something
// never waits: what it has no time for is counted in the file itself.
//
// A capture is packed by gzip. Unpacked its first line is a Header, and each line
// after it an Entry, both JSON; where an entry has n, n bytes as they came and a
// newline follow (docs/capture.md).
package capture

import "time"

// Version is that of the form.
const Version = 1

// Header is a capture's first line.
type Header struct {
	V       int       `json:"v"`
	Program string    `json:"optflow"` // its version
	At      time.Time `json:"at"`      // when the capture began, by this machine
	REST    string    `json:"rest"`    // the base of what was asked, without a query
}

// Kind is what happened.
type Kind string

// The kinds. Those of a connection come in this order.
const (
	Dial      Kind = "dial"      // the stream was dialled
	Refused   Kind = "refused"   // the dial failed: Status, 0 without an answer, and Why
	Up        Kind = "up"        // it did not
	Login     Kind = "login"     // the key was shown
	Subscribe Kind = "subscribe" // to a channel, of so many symbols, 0 all
	Drop      Kind = "drop"      // the reverse
	Frame     Kind = "frame"     // a message, in the bytes
	Left      Kind = "left"      // we hung up
	Goodbye   Kind = "goodbye"   // the server did, with a close frame: Status and Why
	Broken    Kind = "broken"    // the connection ended otherwise

	Answer Kind = "answer" // of REST, in the bytes
	Lost   Kind = "lost"   // so many frames and answers are not in the capture
	End    Kind = "end"    // of the capture: Why
)

// Entry is one thing that happened.
type Entry struct {
	At   int64  `json:"t"` // µs since the capture began; of an answer, when it was asked for
	Kind Kind   `json:"k"`
	Conn int    `json:"conn,omitempty"` // the stream's connections, from 1
	Host string `json:"host,omitempty"` // of a dial

	Channel string `json:"channel,omitempty"`
	Symbols int    `json:"symbols,omitempty"`

	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"` // below the header's base
	Query  string `json:"query,omitempty"`
	Took   int64  `json:"took,omitempty"`   // µs to the end of the answer
	Status int    `json:"status,omitempty"` // of HTTP, 0 no answer; of a goodbye its code
	Type   string `json:"type,omitempty"`   // the answer's Content-Type
	Date   string `json:"date,omitempty"`   // the server's time
	Cut    bool   `json:"cut,omitempty"`    // the body did not come whole
	Why    string `json:"why,omitempty"`

	Frames  int64 `json:"frames,omitempty"` // lost
	Answers int64 `json:"answers,omitempty"`

	Bytes int `json:"n,omitempty"`
}

// Bounds of a capture.
const (
	// Most is how many bytes a file takes, packed: an hour or more of the whole
	// market at its busiest, days of a few tickers.
	Most = 256 << 20
	// mostWaiting is how many bytes may wait to be written, and mostEntries how
	// many entries: a second of the heaviest bursts.
	mostWaiting = 16 << 20
	mostEntries = 8192
	// forWords is how many of them are kept for what has no bytes: without the
	// words of a connection its messages mean nothing.
	forWords = 1024
	// mostBody is the longest message or answer, unpacked, and mostUnpacked what a
	// capture may unpack to. A stranger's file must not fill the disk.
	mostBody     = 32 << 20
	mostUnpacked = 8 << 30
	longestLine  = 64 << 10
	mostConns    = 1 << 20
)

// suffix is what the name of a capture ends with.
const suffix = ".jsonl.gz"
