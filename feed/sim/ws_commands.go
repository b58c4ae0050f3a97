package sim

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/coder/websocket"

	"optflow/feed/sim/exchange"
)

// The statuses' texts, word for word (docs/wire.md#login-and-statuses).
const (
	planText           = "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade."
	maxConnectionsText = "Maximum number of websocket connections exceeded. You have reached the connection limit for your account. Please contact support at https://polygon.io/contact to increase your limit."
)

// maxQuotes is how many contracts channel Q serves on one connection.
const maxQuotes = 1000

// status queues one status object.
func (c *client) status(status, message string) {
	var b batch
	b.add(appendStatus(nil, status, message))
	if !c.queue.add(&b) { // too slow
		c.cut()
	}
}

func appendStatus(b []byte, status, message string) []byte {
	text, err := json.Marshal(message)
	if err != nil {
		text = []byte(`""`) // cannot happen: strings marshal
	}
	return fmt.Appendf(b, `{"ev":"status","status":%q,"message":%s}`, status, text)
}

// command obeys one message. What is not understood is ignored, as the vendor's
// server does.
func (c *client) command(text []byte) {
	var message struct {
		Action string `json:"action"`
		Params string `json:"params"`
		Ticker string `json:"ticker"`
	}
	if json.Unmarshal(text, &message) != nil {
		return
	}
	params := message.Params
	if c.dialect == Origin && message.Ticker != "" {
		params = originParams(c.only, message.Ticker)
	}
	switch message.Action {
	case "auth":
		c.auth(params)
	case "subscribe":
		c.subscribe(params, true)
	case "unsubscribe":
		c.subscribe(params, false)
	}
}

// originParams turns the origin dialect's ticker list into pairs.
func originParams(only exchange.Channel, tickers string) string {
	var pairs []string
	for ticker := range strings.SplitSeq(tickers, ",") {
		pairs = append(pairs, only.String()+"."+strings.TrimSpace(ticker))
	}
	return strings.Join(pairs, ",")
}

// auth checks a key; a bad one ends the session without a close frame.
func (c *client) auth(key string) {
	c.mu.Lock()
	again := c.authed || c.done
	c.mu.Unlock()
	if again {
		return
	}
	plan := c.server.market.Options().Plan
	switch {
	case !c.server.accepts(key):
		c.status("auth_failed", "authentication failed")
		c.finish(ending{set: true})
		return
	case plan.NoWebSocket || plan.Free:
		c.status("auth_failed", planText)
		c.finish(ending{set: true})
		return
	}
	c.mu.Lock()
	c.authed, c.key = true, key
	c.mu.Unlock()
	c.server.guests.greet(c.request)
	c.conn.SetReadLimit(maxCommand)
	c.status("auth_success", "authenticated")
	c.server.capConnections(key)
}

// accepts says whether a key is good.
func (s *Server) accepts(key string) bool {
	good := s.options.Key
	return key != "" && (good == "" || subtle.ConstantTimeCompare([]byte(key), []byte(good)) == 1)
}

// subscribe adds or removes pairs and acknowledges them: errors first, then one
// success per pair that is new. Unknown channels are dropped in silence.
func (c *client) subscribe(params string, add bool) {
	c.mu.Lock()
	authed := c.authed && !c.done
	c.mu.Unlock()
	if !authed {
		return
	}
	m := c.server.market
	var refused, accepted batch
	m.Hold()
	c.mu.Lock()
	for pair := range strings.SplitSeq(params, ",") {
		name, ticker, ok := strings.Cut(strings.TrimSpace(pair), ".")
		kind, known := channelOf(name)
		if !ok || !known || ticker == "" {
			continue
		}
		if !add {
			c.subs.remove(kind, ticker, m)
			accepted.add(appendStatus(nil, "success", "unsubscribed to: "+name+"."+ticker))
			continue
		}
		if text := c.refusal(kind, ticker); text != "" {
			refused.add(appendStatus(nil, "error", text))
			continue
		}
		if c.subs.add(kind, ticker, m) {
			accepted.add(appendStatus(nil, "success", "subscribed to: "+name+"."+ticker))
		}
	}
	// The acknowledgements are queued before the pump can see the new pairs, so
	// they come before the data.
	ok := c.queue.add(&refused) && c.queue.add(&accepted)
	c.mu.Unlock()
	m.Release()
	if !ok {
		c.cut()
	}
}

// refusal is why a pair cannot be subscribed, "" if it can.
func (c *client) refusal(kind exchange.Channel, ticker string) string {
	plan := c.server.market.Options().Plan
	switch {
	case plan.DelayedHost && !c.server.options.DelayedHost,
		kind == exchange.ChannelQ && (plan.NoQuotes || plan.DelayedHost),
		kind == exchange.ChannelT && plan.NoTrades:
		return "not authorized"
	case kind == exchange.ChannelQ && ticker == "*":
		return "wildcard subscriptions are not available for Q"
	case kind == exchange.ChannelQ && c.subs.count(exchange.ChannelQ) >= maxQuotes && !c.subs.holds(kind, ticker):
		return fmt.Sprintf("maximum of %d quote subscriptions exceeded", maxQuotes)
	}
	return ""
}

// evict ends a session in favour of another.
func (c *client) evict() {
	c.status("max_connections", maxConnectionsText)
	c.finish(ending{set: true, code: websocket.StatusPolicyViolation, text: "max connections"})
}
