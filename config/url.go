package config

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// longestURL is more than any of ours has, in bytes.
const longestURL = 2048

// normalURL checks a URL and writes it plainly: scheme and host in small
// letters, no slash at the end.
func normalURL(text string, schemes []string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) > longestURL {
		return "", errors.New("is too long")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == 0x7f }) {
		return "", errors.New("holds a character that no URL has")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("is not a URL") // the library's error repeats it
	case u.User != nil:
		return "", errors.New("has a user or password in it")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#"):
		return "", errors.New("has a query or fragment")
	case !slices.Contains(schemes, u.Scheme):
		return "", errors.New("has another scheme")
	case u.Hostname() == "" || u.Opaque != "" || strings.HasSuffix(u.Host, ":"):
		return "", errors.New("names no host")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "", errors.New("has a port that does not exist")
		}
	}
	u.Host = strings.ToLower(u.Host)
	if isVendor(u.Hostname()) && u.Scheme != schemes[len(schemes)-1] {
		return "", errors.New("would send the key to Massive unencrypted")
	}
	return strings.TrimRight(u.Scheme+"://"+u.Host+u.EscapedPath(), "/"), nil
}

// showURL is as much of a URL as may be shown: a query or a user may be a key.
func showURL(text string) string {
	if at := strings.IndexAny(text, "?#"); at >= 0 {
		text = text[:at] + "?" + redacted
	}
	if scheme, rest, found := strings.Cut(text, "://"); found && strings.Contains(rest, "@") {
		return scheme + "://" + redacted + rest[strings.LastIndex(rest, "@"):]
	}
	if strings.Contains(text, "@") {
		return redacted
	}
	return text
}

// hostOf is the host of a URL that normalURL wrote.
func hostOf(location string) (scheme, host string) {
	u, err := url.Parse(location)
	if err != nil {
		return "", ""
	}
	return u.Scheme, u.Hostname()
}

// isVendor reports whether a host is Massive's, under its present or its former
// name.
func isVendor(host string) bool {
	return slices.ContainsFunc([]string{"massive.com", "polygon.io"}, func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}

// Server is the stream's server as the name of a folder, "" where it is Massive's.
func (s *Settings) Server() string {
	u, err := url.Parse(s.WSURL)
	if err != nil || isVendor(u.Hostname()) {
		return ""
	}
	name := strings.ToLower(strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_' // of a port, or of an address in brackets
	}, u.Host))
	return strings.TrimLeft(name, ".")
}
