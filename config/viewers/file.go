package viewers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"optflow/config/alerts"
	"optflow/config/textfile"
)

// Name is the file in our folder of $XDG_CONFIG_HOME.
const Name = "viewers"

// Read reads a file that nobody else can write. That there is none is no error.
func Read(path string) (*List, error) {
	info, err := os.Stat(path)
	if textfile.Absent(err) {
		return Parse(""), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the viewers: %w", err)
	}
	if err := alerts.Own(info, 0o022); err != nil {
		return nil, fmt.Errorf("read the viewers: %s %w", path, err)
	}
	text, err := textfile.ReadRegular(path, false)
	if err != nil {
		return nil, fmt.Errorf("read the viewers: %s: %w", path, err)
	}
	return Parse(string(text)), nil
}

// Add appends somebody to a file, which is made if there is none. The key is the
// text of a file such as id_ed25519.pub; until is the last day on which it is
// good, zero for ever.
func Add(path, name string, role Role, key string, until time.Time) (*Viewer, error) {
	if strings.Contains(key, "PRIVATE KEY") {
		return nil, errors.New("this is a private key, which stays with its owner: the file beside it that ends in .pub is wanted")
	}
	public, err := onlyKey(key)
	if err != nil {
		return nil, err
	}
	line := fmt.Sprintf("name=%q,role=%s", name, role)
	if !until.IsZero() {
		line += fmt.Sprintf(",expiry-time=%q", until.Format("20060102")+"235959")
	}
	line += " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public)))
	list, err := Read(path)
	if err != nil {
		return nil, err
	}
	v, bad := parseLine(line)
	if bad == nil {
		bad = list.add(v, 0)
	}
	if bad != nil {
		return nil, errors.New(bad.text)
	}
	return v, appendLine(path, line)
}

// onlyKey reads the first key of a text; what stands before it is left out.
func onlyKey(text string) (ssh.PublicKey, error) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if !isKeyType(line) {
			break
		}
		key, _, err := parseKey(line, 0)
		return key, err
	}
	return nil, errors.New("there is no public key in it: want a line such as ssh-ed25519 AAAA… as in a file that ends in .pub")
}

// appendLine writes a line at the end of a file, whole or not at all.
func appendLine(path, line string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("add a viewer: %w", err)
	}
	text, err := textfile.Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("add a viewer: %w", err)
	}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	if err := textfile.Replace(path, append(text, line+"\n"...)); err != nil {
		return fmt.Errorf("add a viewer: %w", err)
	}
	return nil
}
