package filter

import "strings"

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenOp    // = != < <= > >=
	tokenNot   // !
	tokenOpen  // (
	tokenClose // )
	tokenComma
)

type token struct {
	kind     tokenKind
	pos, end int
	text     string
}

// lexer cuts a line. A word is whatever runs up to a space or one of ()=!<>, so
// numbers, dates, ranges and tickers are all words; what they are, the place
// where they stand decides.
type lexer struct {
	text string
	pos  int
}

func (l *lexer) next() token {
	for l.pos < len(l.text) && isSpace(l.text[l.pos]) {
		l.pos++
	}
	start := l.pos
	if start == len(l.text) {
		return token{kind: tokenEnd, pos: start, end: start}
	}
	kind := tokenWord
	switch l.text[start] {
	case '(':
		kind, l.pos = tokenOpen, start+1
	case ')':
		kind, l.pos = tokenClose, start+1
	case ',':
		kind, l.pos = tokenComma, start+1
	case '=', '<', '>', '!':
		kind, l.pos = tokenOp, start+1
		if l.pos < len(l.text) && l.text[l.pos] == '=' {
			l.pos++
		} else if l.text[start] == '!' {
			kind = tokenNot
		}
	default:
		for l.pos < len(l.text) && !isSpace(l.text[l.pos]) && !strings.ContainsRune("()=!<>,", rune(l.text[l.pos])) {
			l.pos++
		}
	}
	return token{kind: kind, pos: start, end: l.pos, text: l.text[start:l.pos]}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
