package config

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"optflow/config/textfile"
	"optflow/model/ticker"
)

// The hosts of the vendor (docs/wire.md#hosts).
const (
	realtimeURL = "wss://socket.massive.com/options"
	restURL     = "https://api.massive.com"
)

// Bounds of settings.
const (
	mostFPS     = 60        // terminals show no more
	leastRows   = 1_000     // a few screens
	mostRows    = 5_000_000 // half a gigabyte
	mostTickers = 500
)

// envPrefix begins the variable of every setting.
const envPrefix = "OPTFLOW_"

// table is every setting, in the order in which they are shown.
var table = []Setting{
	{
		Key: "tickers", Default: "SPY,QQQ,NVDA", Type: "list", list: true,
		Help: "underlyings to follow", Allowed: "symbols with commas between, such as SPY,QQQ: each " + ticker.Allowed + "; @NAME is a list of [lists]",
		set: func(s *Settings, text string) (err error) {
			s.Tickers, err = tickers(text, s.Lists)
			return err
		},
		show: func(s *Settings) string { return strings.Join(s.Tickers, ",") },
	},
	spans("window", "1s", "width of the windows of trades", func(s *Settings) *time.Duration { return &s.Window },
		"1s or 1m (A and AM mean the same)", map[string]time.Duration{"1s": time.Second, "1m": time.Minute, "a": time.Second, "am": time.Minute}),
	choice("subscribe", "auto", "what to subscribe to: the wildcard, or each contract of the tickers", func(s *Settings) *string { return &s.Subscribe },
		"auto", "contracts", "all"),
	choice("feed", "auto", "which of Massive's streams", func(s *Settings) *string { return &s.Feed }, "auto", "realtime", "delayed"),
	location("ws-url", realtimeURL, "where the stream is", func(s *Settings) *string { return &s.WSURL },
		[]string{"MASSIVE_WS_URL", "NEXT_PUBLIC_MASSIVE_WS_URL"}, "ws", "wss"),
	location("rest-url", restURL, "where the REST endpoints are", func(s *Settings) *string { return &s.RESTURL },
		[]string{"MASSIVE_REST_URL"}, "http", "https"),
	choice("compression", "off", "compress the stream on its way, where the server does: less to carry, more to work", func(s *Settings) *string { return &s.Compression },
		"off", "on"),
	ownServer("ws-url", choice("ws-dialect", "massive", "which WebSocket dialect the server speaks", func(s *Settings) *string { return &s.WSDialect }, "massive", "origin")),
	{
		Key: "api-key-file", Type: "file", Env: []string{"MASSIVE_API_KEY_FILE"}, Help: "file that holds the API key (else MASSIVE_API_KEY)", Allowed: "a file with nothing but the key in it",
		set:  func(*Settings, string) error { return nil }, // read with the key
		show: func(s *Settings) string { return plain(s.APIKeyFile) },
	},
	amounts("min-premium", "25k", "the floor: rows of less premium are not shown, 0 shows all", func(s *Settings) *float64 { return &s.MinPremium }),
	valued(Setting{
		Key: "filter", Type: "filter", Help: "rows to show, as in the filter line",
		Allowed: "a line of the filter language, such as 'nvda calls prem>=250k'",
	}, func(s *Settings) *string { return &s.Filter }, func(text string) (string, error) { return text, textfile.OneLine(text) }, plain),
	spans("interval", "10s", "how far apart the windows of one burst may be", func(s *Settings) *time.Duration { return &s.Interval },
		"off, 10s, 1m, 5m or 30m", map[string]time.Duration{"off": 0, "10s": 10 * time.Second, "1m": time.Minute, "5m": 5 * time.Minute, "30m": 30 * time.Minute}),
	duration("poll-interval", "5s", "how often REST is asked while Polling", func(s *Settings) *time.Duration { return &s.PollInterval }, time.Second, 10*time.Minute),
	duration("enrich-interval", "30s", "how often quotes and greeks are asked for while Live", func(s *Settings) *time.Duration { return &s.EnrichInterval }, time.Second, time.Hour),
	yesNo("auto-refresh", "true", "connect by itself; false: connect to nothing until asked", func(s *Settings) *bool { return &s.AutoRefresh }),
	count("max-rows", "200000", "how many rows over the floor are kept", func(s *Settings) *int { return &s.MaxRows }, leastRows, mostRows),
	count("fps", "10", "frames a second, at most", func(s *Settings) *int { return &s.FPS }, 1, mostFPS),
	yesNo("mouse", "true", "wheel, clicks and double clicks; false leaves the mouse to the terminal", func(s *Settings) *bool { return &s.Mouse }),
	yesNo("reduced-motion", "false", "nothing moves by itself: no pulse, no mark on rows that come", func(s *Settings) *bool { return &s.ReducedMotion }),
	yesNo("calm", "false", "for screen readers: nothing moves by itself, one line changes at a time, the cursor stands on it", func(s *Settings) *bool { return &s.Calm }),
	choice("color", "auto", "colour, before NO_COLOR and CLICOLOR", func(s *Settings) *string { return &s.Color }, "auto", "always", "never"),
	word("theme", "auto", "colours of the screen; auto is dark, or light on a light ground", func(s *Settings) *string { return &s.Theme },
		"auto, dark, light, classic, blue-orange, mono or a name from [themes.NAME]"),
	bare("true", choice("ascii", "auto", "draw with ASCII only; auto looks at the locale and at the terminal's name", func(s *Settings) *string { return &s.ASCII },
		"auto", "true", "false")),
	valued(Setting{
		Key: "columns", Type: "list", list: true, Help: "columns of the tape in their order, all that fit when empty; C chooses them for a tab",
		Allowed: "names of columns with commas between, such as marks,expiry,side,premium; time, ticker and strike are always shown, first where they are not named",
	}, func(s *Settings) *[]string { return &s.Columns }, func(text string) ([]string, error) {
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
		return append([]string(nil), words...), textfile.OneLine(text)
	}, func(words []string) string { return plain(strings.Join(words, ",")) }),
	choice("notify", "auto", "how the terminal is asked to notify of an alert; auto goes by its name", func(s *Settings) *string { return &s.Notify },
		"auto", "osc9", "osc777", "osc99", "off"),
	choice("time-zone", "exchange", "in which times are shown", func(s *Settings) *string { return &s.TimeZone }, "exchange", "local", "utc"),
	valued(Setting{
		Key: "log-file", Default: "auto", Type: "file", Help: "the log; auto is optflow.log beside the remembered state, and none for tail",
		Allowed: "a file that can be written, auto or none", notDotEnv: true,
	}, func(s *Settings) *string { return &s.LogFile }, oneLine, func(path string) string { return plain(cmp.Or(path, "none")) }),
	yesNo("history", "true", "record the day, so that it can be recovered, replayed and searched; the built-in market's only with --history", func(s *Settings) *bool { return &s.History }),
	valued(Setting{
		Key: "history-dir", Default: "auto", Type: "file", Help: "where days are recorded; auto is optflow/history in $XDG_DATA_HOME",
		Allowed: "a folder that can be written, or auto", notDotEnv: true,
	}, func(s *Settings) *string { return &s.HistoryDir }, func(text string) (string, error) {
		if strings.TrimSpace(text) == "" {
			return "", errNotAllowed
		}
		return oneLine(text)
	}, plain),
	sessions("history-keep", "30 sessions", "how many recorded days of a feed are kept", func(s *Settings) *int { return &s.HistoryKeep }),
	dataSize("history-size", "5GB", "how large all that is recorded may become; the oldest days go first", func(s *Settings) *int64 { return &s.HistorySize }),
	yesNo("history-parquet", "true", "keep the rows of days that are over as Parquet, too, for research", func(s *Settings) *bool { return &s.HistoryParquet }),
	yesNo("alone", "false", "keep out of what another optflow on the key has: poll beside it", func(s *Settings) *bool { return &s.Alone }),
	bus("hub", "a NATS hub at which the day's log is published, for other machines", func(s *Settings) *string { return &s.Hub }),
	bus("source", "a NATS hub whose market is followed, without a key", func(s *Settings) *string { return &s.Follows }),
	{
		Key: "config", Type: "file", Help: "the config file", Allowed: "a file that can be read", notFile: true, notDotEnv: true,
		set:  func(*Settings, string) error { return nil }, // read before all else
		show: func(s *Settings) string { return plain(s.ConfigPath) },
	},
}

func init() {
	for i := range table {
		d := &table[i]
		d.Env = append([]string{envPrefix + strings.ToUpper(strings.ReplaceAll(d.Key, "-", "_"))}, d.Env...)
	}
}

// Table is every setting, for help pages and documents.
func Table() []Setting { return append([]Setting(nil), table...) }

func find(key string) *Setting {
	for i := range table {
		if table[i].Key == key {
			return &table[i]
		}
	}
	return nil
}
