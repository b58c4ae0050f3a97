package viewers

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// lineError is what is wrong with a line, and at which byte.
type lineError struct {
	at   int
	text string
}

// keyTypes are the keys that may be used: plain ones whose signatures are not
// known to be weak. A certificate is none, since nobody here could revoke it.
var keyTypes = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoSKECDSA256, ssh.KeyAlgoRSA,
}

// options are what may stand before a key.
var options = map[string]func(v *Viewer, value string) error{
	"name": func(v *Viewer, value string) error {
		v.Name = value
		return CheckName(value)
	},
	"role": func(v *Viewer, value string) error {
		v.Role = Role(value)
		if v.Role != Owner && v.Role != Operator && v.Role != Plain {
			return errors.New("is owner, viewer or operator")
		}
		return nil
	},
	"expiry-time": func(v *Viewer, value string) (err error) {
		v.Expires, err = parseTime(value)
		return err
	},
	"from": func(v *Viewer, value string) (err error) {
		v.From, err = parseFrom(value)
		return err
	},
}

// CheckName says why a name cannot be one.
func CheckName(name string) error {
	if name == "" || len(name) > nameMost || strings.Trim(name, nameLetters) != "" || name[0] == '.' || name[0] == '-' {
		return fmt.Errorf("is up to %d letters, digits, dots, - and _", nameMost)
	}
	return nil
}

const nameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

func parseLine(line string) (*Viewer, *lineError) {
	if len(line) > lineMost {
		return nil, &lineError{lineMost, fmt.Sprintf("the line is longer than %d bytes", lineMost)}
	}
	at := len(line) - len(strings.TrimLeft(line, " \t"))
	v := &Viewer{Role: Plain}
	given := map[string]bool{}
	for !isKeyType(line[at:]) {
		name, value, next, err := option(line, at)
		if err != nil {
			return nil, err
		}
		set, known := options[name]
		switch {
		case !known:
			return nil, &lineError{at, fmt.Sprintf("%q is no option: there are name, role, expiry-time and from, and then comes the key", short(name))}
		case given[name]:
			return nil, &lineError{at, name + " is given twice"}
		}
		given[name] = true
		if err := set(v, value); err != nil {
			return nil, &lineError{at + len(name) + 1, name + " " + err.Error()}
		}
		if at = next; at == len(line) {
			return nil, &lineError{at, "there is no key"}
		}
	}
	key, column, err := parseKey(line, at)
	if err != nil {
		return nil, &lineError{column, err.Error()}
	}
	if v.Name == "" {
		return nil, &lineError{0, `there is no name: name="ann" and a blank before the key`}
	}
	v.Key = key
	return v, nil
}

// isKeyType reports whether a key begins here: its type, a blank and more.
func isKeyType(rest string) bool {
	word, _, more := strings.Cut(rest, " ")
	return more && !strings.ContainsAny(word, `=",`) && strings.Contains(word, "-") && options[word] == nil
}

// option reads NAME=VALUE or NAME="VALUE" from a byte on, and where what follows
// it begins: behind a comma the next option, behind a blank the key.
func option(line string, at int) (name, value string, next int, _ *lineError) {
	rest := line[at:]
	end := strings.IndexAny(rest, "=, \t")
	if end <= 0 || rest[end] != '=' {
		if end < 0 {
			end = len(rest)
		}
		return "", "", 0, &lineError{at, fmt.Sprintf("%q is neither an option with its value nor a key", short(rest[:max(end, min(1, len(rest)))]))}
	}
	name, i := strings.ToLower(rest[:end]), end+1
	if i < len(rest) && rest[i] == '"' {
		var b strings.Builder
		for i++; ; i++ {
			if i >= len(rest) {
				return "", "", 0, &lineError{at + end + 1, "the quote does not end"}
			}
			if rest[i] == '\\' && i+1 < len(rest) && rest[i+1] == '"' {
				i++
			} else if rest[i] == '"' {
				i++
				break
			}
			b.WriteByte(rest[i])
		}
		value = b.String()
	} else {
		end := strings.IndexAny(rest[i:], ", \t")
		if end < 0 {
			end = len(rest) - i
		}
		value = rest[i : i+end]
		i += end
	}
	switch {
	case i == len(rest):
	case rest[i] == ',':
		i++
	case rest[i] == ' ' || rest[i] == '\t':
		i += len(rest[i:]) - len(strings.TrimLeft(rest[i:], " \t"))
		if i < len(rest) && !isKeyType(rest[i:]) {
			return "", "", 0, &lineError{at + i, "here should be a key"}
		}
	default:
		return "", "", 0, &lineError{at + i, "after a quote comes a comma or a blank"}
	}
	return name, value, at + i, nil
}

// parseKey reads TYPE BASE64 from a byte on; whatever follows is a comment. The
// column is that of what is wrong.
func parseKey(line string, at int) (ssh.PublicKey, int, error) {
	words := strings.Fields(line[at:])
	if !slices.Contains(keyTypes, words[0]) {
		return nil, at, fmt.Errorf("a key of the type %q is not taken: want %s", short(words[0]), strings.Join(keyTypes, ", "))
	}
	if len(words) < 2 {
		return nil, at + len(words[0]), errors.New("there is no key behind its type")
	}
	column := at + strings.Index(line[at:], words[1])
	raw, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil {
		return nil, column, errors.New("the key is not in base64")
	}
	key, err := ssh.ParsePublicKey(raw)
	if err != nil {
		return nil, column, errors.New("the key is damaged")
	}
	if key.Type() != words[0] {
		return nil, column, fmt.Errorf("the key is of the type %q", short(key.Type()))
	}
	return key, column, strong(key)
}

// strong refuses RSA keys that are too short.
func strong(key ssh.PublicKey) error {
	k, is := key.(ssh.CryptoPublicKey)
	if !is {
		return nil
	}
	if r, is := k.CryptoPublicKey().(*rsa.PublicKey); is && r.N.BitLen() < rsaLeast {
		return fmt.Errorf("an RSA key of %d bits is too short: want %d or more", r.N.BitLen(), rsaLeast)
	}
	return nil
}

// timeForms are those of expiry-time, as in OpenSSH: local time, or with a Z UTC.
// A date alone is its beginning.
var timeForms = []string{"20060102", "200601021504", "20060102150405"}

func parseTime(text string) (time.Time, error) {
	bare, utc := strings.CutSuffix(strings.ToUpper(text), "Z")
	zone := time.Local
	if utc {
		zone = time.UTC
	}
	for _, form := range timeForms {
		if len(form) == len(bare) {
			if t, err := time.ParseInLocation(form, bare, zone); err == nil {
				return t, nil
			}
		}
	}
	return time.Time{}, errors.New("is YYYYMMDD or YYYYMMDDHHMM[SS], with a Z behind for UTC")
}

// parseFrom reads addresses and networks with commas between.
func parseFrom(text string) (list []netip.Prefix, _ error) {
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		if p, err := netip.ParsePrefix(word); err == nil {
			if a := p.Addr(); a.Is4In6() {
				return nil, fmt.Errorf("has %q: write it as an IPv4 network", short(word))
			}
			list = append(list, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(word)
		if err != nil || a.Zone() != "" {
			return nil, fmt.Errorf("has %q, which is neither an address nor a network such as 10.0.0.0/8", short(word))
		}
		a = a.Unmap()
		list = append(list, netip.PrefixFrom(a, a.BitLen()))
	}
	return list, nil
}

// short cuts what is quoted in an error.
func short(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}
