// Package feed is the engine: it merges a stream and polls by REST into one
// tape, finds gaps and fills them, and enriches the rows that matter. What the
// connection does is decided in link, what is asked by REST in rest; the engine
// has both told what happened, and does what they say.
//
// It promises that whatever the network, the server or the user's plan does,
// the tape goes on: it retries for ever and never storms (at most 20 dials in
// 5 minutes, at most 10 REST requests a second), and volume is neither lost
// nor counted twice: what is missing is said to be missing.
//
// One goroutine, Engine.Run, owns the accounts, the state machine and every
// decision. Readers of the socket, REST requests and the faces' seats hand over
// to it and never wait for it; it never waits for them.
package feed
