package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"optflow/model/crash"
)

// The socket by which commands of the same user speak with the server: a JSON
// object there, one back.
const (
	controlName = "serve.sock"
	controlMost = 1 << 20 // bytes of an answer; a question has 4 KB at most
	controlWait = 5 * time.Second
	// pathMost is the longest path of a socket that every system takes.
	pathMost = 103
)

// ErrNotRunning says that no server answers.
var ErrNotRunning = errors.New("no optflow serve is running here")

type question struct {
	Do   string `json:"do"` // viewers or kick
	Name string `json:"name,omitempty"`
}

// Answer is what a server says of itself.
type Answer struct {
	Address     string `json:"address,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	Here        []Here `json:"here,omitempty"`
	Kicked      int    `json:"kicked"`
	Error       string `json:"error,omitempty"`
}

// Control is the socket of a server in a folder, for the user alone. One that an
// earlier server left is replaced: who may serve a folder is settled before.
func Control(folder string) (net.Listener, error) {
	path := filepath.Join(folder, controlName)
	if len(path) > pathMost {
		return nil, fmt.Errorf("%s is too long for the path of a socket", path)
	}
	// A socket takes its mode after it was made: nobody may find it before.
	private, err := os.MkdirTemp(folder, ".s")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(private)
	if len(filepath.Join(private, "s")) > pathMost {
		return nil, fmt.Errorf("%s is too long for the path of a socket", path)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(private, "s"), Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	err = os.Chmod(filepath.Join(private, "s"), 0o600)
	if err == nil {
		err = os.Rename(filepath.Join(private, "s"), path)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return controlSocket{l, path}, nil
}

type controlSocket struct {
	*net.UnixListener
	path string
}

func (c controlSocket) Close() error { return errors.Join(c.UnixListener.Close(), os.Remove(c.path)) }

// Answers answers on the socket until ctx ends.
func (s *Server) Answers(ctx context.Context, l net.Listener, address, fingerprint string) error {
	stop := context.AfterFunc(ctx, crash.Guarded("server's socket", func() { _ = l.Close() }))
	defer stop()
	defer l.Close()
	for {
		c, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the server's socket: %w", err)
		}
		crash.Go("server's socket", func() { s.answer(c, address, fingerprint) })
	}
}

func (s *Server) answer(c net.Conn, address, fingerprint string) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(controlWait))
	var q question
	a := Answer{Address: address, Fingerprint: fingerprint}
	switch err := json.NewDecoder(io.LimitReader(c, 4096)).Decode(&q); {
	case err != nil:
		a.Error = "that was no question"
	case q.Do == "viewers":
		a.Here = s.Here()
	case q.Do == "kick":
		a.Kicked = s.Kick(q.Name)
	default:
		a.Error = "a newer optflow asks than serves"
	}
	_ = json.NewEncoder(c).Encode(a)
}

// AskViewers asks the server of a folder who is here.
func AskViewers(folder string) (Answer, error) { return ask(folder, question{Do: "viewers"}) }

// AskKick has the server of a folder end somebody's visits.
func AskKick(folder, name string) (Answer, error) {
	return ask(folder, question{Do: "kick", Name: name})
}

func ask(folder string, q question) (a Answer, err error) {
	c, err := net.DialTimeout("unix", filepath.Join(folder, controlName), controlWait)
	if err != nil {
		return a, ErrNotRunning
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(controlWait))
	if err := json.NewEncoder(c).Encode(q); err != nil {
		return a, fmt.Errorf("ask the server: %w", err)
	}
	if err := json.NewDecoder(io.LimitReader(c, controlMost)).Decode(&a); err != nil {
		return a, fmt.Errorf("ask the server: %w", err)
	}
	if a.Error != "" {
		return a, errors.New("the server: " + a.Error)
	}
	return a, nil
}
