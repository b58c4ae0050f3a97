package hub

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
)

// guests reads who may come: a line each of public key and role, viewer, operator
// or publisher. A line that cannot be read shuts nobody else out, but is said.
func guests(path string) (all []*server.NkeyUser, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading who may come: %w", err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 2 || !nkeys.IsValidPublicUserKey(fields[0]) {
			return nil, fmt.Errorf("%s, line %d: want a public key that begins with U, and viewer, operator or publisher", path, n)
		}
		may, err := rights(fields[1], fields[0])
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
		all = append(all, &server.NkeyUser{Nkey: fields[0], Permissions: may})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading who may come: %w", err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s names nobody", path)
	}
	return all, nil
}

// rights are what a guest may send and hear. A viewer reads the streams and asks;
// an operator's asks change what is followed; a publisher may all of it. Each has
// an inbox that no other guest hears.
func rights(role, key string) (*server.Permissions, error) {
	inbox := "_INBOX." + key + ".>"
	send := []string{ // of any stream: there are no others, and a part of a name cannot stand for many
		"$JS.API.STREAM.NAMES", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.MSG.GET.*", "$JS.API.DIRECT.GET.>",
		// Readers of day logs, each by a name that only who made it knows.
		"$JS.API.CONSUMER.CREATE.*.*.flow.v1.*.log.*", "$JS.API.CONSUMER.MSG.NEXT.*.*", "$JS.API.CONSUMER.DELETE.*.*",
		"flow.v1.*.ask",
	}
	hear := []string{inbox, "flow.v1.*.position"}
	switch role {
	case "viewer":
	case "operator":
		send = append(send, "flow.v1.*.ask.operator")
	case "publisher":
		send = append(send, "flow.v1.>", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*", "_INBOX.>")
		hear = append(hear, "flow.v1.>")
	default:
		return nil, fmt.Errorf("the role %q: want viewer, operator or publisher", role)
	}
	return &server.Permissions{Publish: &server.SubjectPermission{Allow: send}, Subscribe: &server.SubjectPermission{Allow: hear}}, nil
}

// NewKey makes a key for a guest: its seed, which stays with the guest, and what
// the hub is told.
func NewKey() (seed, public string, err error) {
	pair, err := nkeys.CreateUser()
	if err == nil {
		var text []byte
		if text, err = pair.Seed(); err == nil {
			public, err = pair.PublicKey()
			seed = string(text)
		}
	}
	if err != nil {
		return "", "", errors.Join(errors.New("making a key"), err)
	}
	return seed, public, nil
}
