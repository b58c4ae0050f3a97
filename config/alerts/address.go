package alerts

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"runtime"
	"strings"

	"optflow/config/textfile"
)

// Address judges a hook's address. It is a secret as a whole: the error does not
// show any of it.
func Address(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	switch {
	case text == "":
		return nil, errors.New("is empty")
	case err != nil || u.Opaque != "" || textfile.OneLine(text) != nil || strings.ContainsAny(text, " \t"):
		return nil, errors.New("is no URL")
	case u.Hostname() == "":
		return nil, errors.New("names no host")
	case u.Scheme == "https":
	case u.Scheme == "http" && Loopback(u.Hostname()):
	case u.Scheme == "http":
		return nil, errors.New("is not https: only this machine is reached without")
	default:
		return nil, errors.New("has another scheme than https")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// Loopback reports whether a host is this machine by its name.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// AddressFile reads a hook's address from a file that nobody else may open.
func AddressFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", errors.New("cannot be read")
	}
	if err := Own(info, 0o077); err != nil {
		return "", err
	}
	text, err := textfile.ReadRegular(path, true)
	if err != nil {
		return "", errors.New("cannot be read")
	}
	return strings.TrimSpace(string(text)), nil
}

// Own says why a file is not its user's alone, as far as the mode's bits go.
func Own(info fs.FileInfo, others fs.FileMode) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	if mode := info.Mode().Perm(); mode&others != 0 {
		return fmt.Errorf("may be used by others (mode %04o): chmod %s", mode, map[bool]string{true: "600", false: "go-w"}[others == 0o077])
	}
	if textfile.Foreign(info) {
		return errors.New("belongs to another user")
	}
	return nil
}
