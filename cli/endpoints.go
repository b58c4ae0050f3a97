package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"optflow/config"
	"optflow/feed/capture"
	"optflow/feed/massive"
	"optflow/feed/massive/api"
	"optflow/feed/massive/tap"
	"optflow/logs"
)

// endpoints are where the data comes from.
type endpoints struct {
	ws, delayed, rest string
	key               config.Secret
	dialect           massive.Dialect
	compress          bool
}

// endpointsOf are those of the settings. Where nobody named a key or a server
// they are those of the built-in market, which listens from now on.
func endpointsOf(s *config.Settings) (at endpoints, b *builtin, err error) {
	if usesBuiltin(s) {
		if b, err = newBuiltin(); err != nil {
			return at, nil, err
		}
		at = b.endpoints()
	} else {
		at = endpoints{ws: s.WSURL, delayed: s.DelayedWSURL, rest: s.RESTURL, key: s.Key}
	}
	at.dialect, at.compress = massive.Massive, s.Compression == "on"
	if s.WSDialect == "origin" {
		at.dialect = massive.Origin
	}
	return at, b, nil
}

// usesBuiltin reports whether nobody named a key or a server.
func usesBuiltin(s *config.Settings) bool {
	return s.Key == "" && s.Source("ws-url").Kind == config.FromDefault && s.Source("rest-url").Kind == config.FromDefault
}

// lacksKey is the error of asking Massive without a key.
func (at *endpoints) lacksKey(s *config.Settings) error {
	switch {
	case at.key != "" || s.Source("ws-url").Kind != config.FromDefault:
		return nil
	case s.Withheld != "":
		return usageError{errors.New("no API key for Massive: " + s.Withheld)}
	}
	return usageError{errors.New("no API key for Massive: put MASSIVE_API_KEY in the environment or .env, or name your own server with --ws-url")}
}

// streams are the hosts of the stream; onServer hears who answers, nil nobody.
func (at *endpoints) streams(onServer func(name string)) *massive.Streams {
	host := func(url string) massive.StreamOptions {
		return massive.StreamOptions{URL: url, Key: at.key, Dialect: at.dialect, Compress: at.compress, OnServer: onServer}
	}
	return &massive.Streams{Realtime: host(at.ws), Delayed: host(at.delayed)}
}

// captureFlag lets a command that runs the feed keep what comes off the wire.
func captureFlag(cmd *cobra.Command) (folder *string) {
	return cmd.Flags().String("capture", "", "keep what comes off the wire in this `folder`, without the key, for a report of a bug (docs/capture.md)")
}

// capture begins a capture of both wires in a folder, nil without one. Say is told
// when it ends before the run, nil: nobody.
func (at *endpoints) capture(s *config.Settings, folder string, say func(string), asking *api.RESTOptions, streams *massive.Streams) (*capture.Recorder, error) {
	if folder == "" {
		return nil, nil
	}
	r, err := capture.Open(folder, capture.Options{
		Program: versionText(), REST: at.rest, Redact: logs.NewRedactor(append(s.Secrets(), at.key.Reveal())...).Redact, Ended: say,
	})
	if err != nil {
		return nil, usageError{err}
	}
	asking.OnExchange = tap.REST(r)
	tap.Streams(streams, r)
	return r, nil
}

// tellCapture says what was captured, once the run is over.
func (m *market) tellCapture(c *console) {
	if m.capture != nil {
		c.say(m.capture.String())
	}
}
