package serve

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	gossh "golang.org/x/crypto/ssh"

	"optflow/config/alerts"
	"optflow/config/textfile"
)

// The files of the host key in the state folder.
const (
	hostKeyName = "serve_host_key"
	knownSuffix = ".known" // the fingerprint that viewers have seen
)

// HostKey reads the host key of a folder, which is made once: a server with
// another key at each start would teach its viewers to believe any. Changed says
// that it is another one than at the last start.
func HostKey(folder string) (key gossh.Signer, changed string, err error) {
	path := filepath.Join(folder, hostKeyName)
	key, err = readHostKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = makeHostKey(path)
	}
	if err != nil {
		return nil, "", fmt.Errorf("the host key: %w", err)
	}
	is := gossh.FingerprintSHA256(key.PublicKey())
	was, err := textfile.Read(path + knownSuffix)
	if before := strings.TrimSpace(string(was)); err == nil && before != "" && before != is {
		changed = fmt.Sprintf("the host key is another one than before, %s instead of %.60q: viewers' ssh will warn them, and they should ask you", is, before)
	}
	if string(was) != is+"\n" {
		if err := textfile.Replace(path+knownSuffix, []byte(is+"\n")); err != nil {
			return nil, "", fmt.Errorf("the host key: %w", err)
		}
	}
	return key, changed, nil
}

// readHostKey reads a key that nobody else can read.
func readHostKey(path string) (gossh.Signer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := alerts.Own(info, 0o077); err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	text, err := textfile.ReadRegular(path, false)
	if err != nil {
		return nil, err
	}
	key, err := gossh.ParsePrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s is no private key: move it away, and the next start makes one", path)
	}
	return key, nil
}

// makeHostKey writes a new one, unless one is there by now.
func makeHostKey(path string) (gossh.Signer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := gossh.MarshalPrivateKey(private, "optflow serve")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(pem.EncodeToMemory(block))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return gossh.NewSignerFromSigner(private)
}
