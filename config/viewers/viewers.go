// Package viewers reads the file of those who may look at this feed over ssh:
// lines as OpenSSH's authorized_keys has them, with options of our own.
//
//	name="ann",role=viewer,expiry-time="20271231" ssh-ed25519 AAAA… ann@desk
//
// It promises that a line that cannot be read costs that line only, that such a
// one lets nobody in, and that what is wrong is said with line and column.
package viewers

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"optflow/model/termsafe"
)

// Role is what somebody may.
type Role string

// The roles. An owner is the licensee of the data, from another terminal; a
// viewer looks; an operator may change what the feed follows as well.
const (
	Owner    Role = "owner"
	Operator Role = "operator"
	Plain    Role = "viewer"
)

// Bounds of the file.
const (
	nameMost  = 24   // bytes of a name
	lineMost  = 8192 // bytes of a line: a key of 16,384 bits has 3,000
	linesMost = 1000 // that hold a key
	rsaLeast  = 2048 // bits of an RSA key, NIST SP 800-131A
)

// Viewer is one key and whose it is. A person may have several.
type Viewer struct {
	Name    string
	Role    Role
	Key     ssh.PublicKey
	Expires time.Time      // zero: never
	From    []netip.Prefix // addresses; none: from anywhere
	Line    int
}

// Fingerprint is the key's, as ssh-keygen -l writes it.
func (v *Viewer) Fingerprint() string { return ssh.FingerprintSHA256(v.Key) }

// Refused says why this key does not get in now from an address, nil if it does.
func (v *Viewer) Refused(now time.Time, from netip.Addr) error {
	if !v.Expires.IsZero() && !now.Before(v.Expires) {
		return fmt.Errorf("the key expired at %s", v.Expires.UTC().Format("2006-01-02 15:04 UTC"))
	}
	bare := from.Unmap().WithZone("")
	if len(v.From) == 0 || slices.ContainsFunc(v.From, func(p netip.Prefix) bool { return p.Contains(bare) }) {
		return nil
	}
	return fmt.Errorf("the key may not be used from %s", from)
}

// List is what a file says.
type List struct {
	Viewers []Viewer
	Wrong   []Problem
	keys    map[string]int // by the key's bytes
}

// Problem is a line that lets nobody in. It is safe to print.
type Problem struct {
	Line, Column int // both from 1
	Text         string
}

func (p Problem) String() string { return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Text) }

// Find is who has a key, nil for nobody.
func (l *List) Find(key ssh.PublicKey) *Viewer {
	if l == nil || key == nil {
		return nil
	}
	if i, found := l.keys[string(key.Marshal())]; found {
		return &l.Viewers[i]
	}
	return nil
}

// Others are the people in the list who are not its owners and whose keys have
// not expired, in its order.
func (l *List) Others(now time.Time) (names []string) {
	seen := map[string]bool{}
	for i := range l.Viewers {
		v := &l.Viewers[i]
		expired := !v.Expires.IsZero() && !now.Before(v.Expires)
		if v.Role != Owner && !seen[v.Name] && !expired {
			seen[v.Name] = true
			names = append(names, v.Name)
		}
	}
	return names
}

// Owner is the owner's name, "" where there is none.
func (l *List) Owner() string {
	for i := range l.Viewers {
		if l.Viewers[i].Role == Owner {
			return l.Viewers[i].Name
		}
	}
	return ""
}

// Parse reads a text.
func Parse(text string) *List {
	l := &List{keys: map[string]int{}}
	text = strings.TrimPrefix(text, "\ufeff")
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		bare := strings.TrimLeft(line, " \t")
		if bare == "" || bare[0] == '#' {
			continue
		}
		v, err := parseLine(line)
		if err == nil {
			err = l.add(v, number)
		}
		if err != nil {
			l.Wrong = append(l.Wrong, Problem{number, err.at + 1, termsafe.String(err.text, 200)})
		}
	}
	return l
}

func (l *List) add(v *Viewer, number int) *lineError {
	bytes := string(v.Key.Marshal())
	if first, twice := l.keys[bytes]; twice {
		return &lineError{0, fmt.Sprintf("the key is in line %d already", l.Viewers[first].Line)}
	}
	for i := range l.Viewers {
		switch o := &l.Viewers[i]; {
		case o.Name == v.Name && o.Role != v.Role:
			return &lineError{0, fmt.Sprintf("%s has another role in line %d", v.Name, o.Line)}
		case o.Name != v.Name && o.Role == Owner && v.Role == Owner: // one person has the licence
			return &lineError{0, fmt.Sprintf("the owner is %s, in line %d: there is one", o.Name, o.Line)}
		}
	}
	if len(l.Viewers) == linesMost {
		return &lineError{0, fmt.Sprintf("there are more than %d keys", linesMost)}
	}
	v.Line = number
	l.keys[bytes] = len(l.Viewers)
	l.Viewers = append(l.Viewers, *v)
	return nil
}
