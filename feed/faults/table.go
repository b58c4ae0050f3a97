package faults

import "time"

const (
	s = time.Second
	m = time.Minute
	// next is the longest wait of the backoff, and the dial after it.
	next = 31 * s
)

// Table holds the faults in the order of their numbers. The numbers in between
// belong to parts that the program does not have.
var Table = [...]Fault{
	{1, "connection refused", "says so, polls REST meanwhile, dials again for ever with growing, jittered pauses", 2 * s, next},
	{2, "name lookup fails, then answers otherwise", "names the host; every dial looks the name up anew", 2 * s, next},
	{3, "TCP connects, then nothing", "gives the handshake up and dials again", 11 * s, next},
	{4, "TLS: expired, wrong host, unknown authority, TLS 1.0, injected certificate", "shows the reason; never goes on without verification or in plain text; REST alike", 2 * s, 0},
	{5, "handshake redirected to another host", "does not follow: the key goes nowhere else", 2 * s, next},
	{6, "handshake answered 401, 403, 429, 503", "401: one more try, then as 9; 403 in the vendor's form: polls, asks again after 1, 5, 15 minutes; any other 403: dials again; 429, 503: waits as long as Retry-After says, 5 minutes at most", 5 * s, next},
	{7, "handshake answered with a page", "asks whether this is a captive portal, dials again", 2 * s, next},
	{8, "no greeting", "gives the connection up and dials again", 11 * s, next},
	{9, "key refused", "tries once more. REST takes it: the key is good, tries the delayed stream, else polls. REST refuses it too, or is away: stops both. One try every 15 minutes, or when a key is pressed", 5 * s, 5 * s},
	{10, "login times out, or is never answered", "does not call the key wrong: dials again", 11 * s, next},
	{11, "another program takes the key's connection", "polls, tries after a minute; after a second time within 10 minutes polls on until asked to retake", 1 * s, 2 * s},
	{12, "two of our own on one key", "on one machine the second leaves the stream to the first and takes over when that ends; elsewhere they settle: one streams, one polls", 0, 10 * m},
	{13, "not authorized for some of what was asked for", "keeps the rest, says which words the server used", 11 * s, 0},
	{14, "subscription never acknowledged", "asks by name instead of by wildcard, then tries the delayed stream, or where there is none dials again", 22 * s, next},
	{15, "a ticker that nobody knows", "says so after 20 seconds, the others go on; asks again after 1, 5, 15 minutes", 21 * s, 0},
	{16, "duplicate subscription not answered", "never sends one; does not punish the silence", 0, 0},
	{17, "drop in the middle of a frame", "drops the half frame, marks the gap, dials again, fills the gap", 1 * s, 5 * s},
	{18, "connection reset", "as 17", 1 * s, 5 * s},
	{19, "half-open connection: nothing comes, nothing goes", "notices that nothing at all was heard and dials again", 46 * s, 5 * s},
	{20, "server answers pings but sends no data in session", "turns Quiet, asks REST, dials again only if REST has newer data", 76 * s, 5 * s},
	{21, "no data out of session", "stays connected: silence is normal then", 0, 0},
	{22, "pongs withheld while data flows", "nothing: data is sign enough of life", 0, 0},
	{23, "pings only, no data", "as 20", 76 * s, 5 * s},
	{24, "one byte every two seconds", "gives a message that does not end up", 45 * s, 5 * s},
	{25, "1 KB/s and 300 ms of latency", "shows how old the newest data is; no needless reconnect", 0, 0},
	{26, "close codes 1000 to 4000", "waits as the code asks, then dials again; none is final", 1 * s, 45 * s},
	{27, "accepted and kicked, again and again; dropped every two hours", "pauses grow until a minute of Live; a single drop costs seconds", 0, 5 * s},
	{28, "ten times more data than can be read", "the reader never waits; what is dropped is counted and asked for again", 2 * s, 2 * m},
	{29, "giant frames, absurd lengths, endless fragments", "closes at 8 MiB, whatever the header says", 2 * s, 5 * s},
	{30, "compressed bomb", "without compression, the default, a compressed frame ends the connection; with it the frame is inflated to 8 MiB and no further, and the next connection does without for an hour", 2 * s, 5 * s},
	{31, "frames that are no JSON", "skips and counts them; after 100 in a row dials anew, once", 1 * s, 5 * s},
	{32, "wrong types, missing fields, unknown events", "skips that element, keeps its neighbours", 0, 0},
	{33, "numbers that are none, infinite, negative, fractional", "refuses the element: no such number reaches the screen", 0, 0},
	{34, "duplicates", "one row, counted once", 0, 0},
	{35, "bars out of order", "the same rows and accounts in any order", 0, 0},
	{36, "late corrections", "a new version of the row; one too late changes the accounts only", 0, 0},
	{37, "clock wrong or jumping; machine asleep for hours", "leaps only where two of server, stream and this machine agree; holds back bars of another day; after a sleep dials at once", 1 * s, 5 * s},
	{38, "daylight saving begins and ends", "sessions by New York's clock", 0, 0},
	{39, "holidays, half days, days nobody planned", "calendar to 2028, the server's word goes first", 0, 0},
	{40, "expiry day, leap day, year end", "a contract lives until its last trading day has closed", 0, 0},
	{41, "proxy of the environment wrong, unreadable, refusing (407), with an authority of its own; right, or not for this host", "honoured; the error names the proxy, never its password, and the remedy", 0, 0},
	{42, "IPv6 swallowed, IPv4 fine", "tries the other family after 300 ms", 0, 1 * s},
	{43, "REST answers 401, 403, 404", "401: as 9; 403 in the vendor's form: that feature off, the rest on, asked again after 1, 5, 15 minutes; any other 403: as 46; 404: as 15, but never for a ticker that streams", 5 * s, 71 * s},
	{44, "REST answers 429", "waits 1 s to 5 minutes as told, 15 s doubling if not; slower for the rest of the run", 0, 6 * m},
	{45, "REST answers 500 to 504", "four tries, then one at a time ever more seldom; says that REST does not answer", 20 * s, 16 * s},
	{46, "pages, errors with status 200, nothing, garbage; JSON under another type or none", "not taken for data, not shown raw; JSON is read, a page never", 0, 0},
	{47, "body cut short", "page thrown away and asked for again: half a page is never a whole one", 0, 16 * s},
	{48, "slow header, slow body", "given up after 10 s without a byte, 30 s in all; polls never overlap", 30 * s, 0},
	{49, "endless body, gzip bomb", "stops at 32 MiB after inflation", 0, 0},
	{50, "pagination that does not end", "stops at the first page met twice, or the 10,000th", 0, 0},
	{51, "next_url to another server", "not asked: the key goes nowhere else", 0, 0},
	{52, "REST redirected", "not followed: the key goes nowhere else", 0, 0},
	{53, "REST older or newer than the stream, both interleaved", "every contract counted once, whichever came first", 0, 0},
	{54, "5 requests a minute", "finds the pace after two refusals, polls as often as that permits and says how often", 2 * m, 0},
	{55, "5,000 changes of size in a row", "draws the last one, at its size", 0, 200 * time.Millisecond},
	{56, "windows of no size, of one cell, of 65,535 by 65,535", "a line of words where there is too little room, 500 by 200 cells at most", 0, 1 * s},
	{57, "signals, ctrl+z, ctrl+c, panics of screen, command or feed", "gives the terminal back as it was; an own exit code; after fg the screen is drawn anew", 2 * s, 2 * s},
	{58, "window closed while SIGHUP is ignored", "ends and gives the connection free", 5 * s, 0},
	{59, "no terminal, a dumb one, a closed pipe", "says what to do instead, exit code 2; a closed pipe ends quietly", 0, 0},
	{60, "terminal that does not read", "the feed goes on; a signal ends the program all the same", 2 * s, 2 * s},
	{61, "escape sequences and other tricks in any text from outside", "reach neither screen nor output", 0, 0},
	{65, "no home, a home that is no folder, nothing can be written", "runs without what it would remember, says where it tried", 0, 0},
	{67, "24 hours on end with a fault every ten minutes", "no more memory, no more goroutines, every contract accounted for", 0, 0},
	{68, "settings malformed, unknown, readable by others, with BOM or CRLF; a key with a line break", "names file, line and column and what is allowed, never the key", 0, 0},
}
