package model

import (
	"fmt"
	"strings"
	"time"

	"optflow/model/ticker"
)

// A contract symbol is "O:", the root, YYMMDD, C or P, and the strike in
// thousandths of a dollar in 8 digits. Only the root's length varies, and roots
// may end in digits ("SPY1"), so a symbol is read from the right.
const (
	symbolPrefix = "O:"
	strikeDigits = 8
	tailLength   = 6 + 1 + strikeDigits
	maxRoot      = 6
)

// ParseContract reads a contract symbol such as "O:SPY251219C00650000". The
// strike's unit is a thousandth of a dollar, the year is 20YY, Shares is 100 and
// ID 0. Root and Underlying share the memory of symbol. The error says which
// part is wrong; it quotes at most 40 bytes of the symbol, safely.
func ParseContract(symbol string) (Contract, error) {
	body, found := strings.CutPrefix(symbol, symbolPrefix)
	if !found {
		return Contract{}, symbolError(symbol, `does not start with "O:"`)
	}
	if len(body) < tailLength {
		return Contract{}, symbolError(symbol, "is too short: after O: it wants a root, YYMMDD, C or P, and 8 digits of strike")
	}
	root, tail := body[:len(body)-tailLength], body[len(body)-tailLength:]
	strike, ok := number(tail[7:])
	if !ok {
		return Contract{}, strikeError(symbol, body, tail)
	}
	kind := Call
	switch tail[6] {
	case 'C':
	case 'P':
		kind = Put
	default:
		return Contract{}, typeError(symbol, body, tail)
	}
	expiry, err := symbolDate(symbol, tail[:6])
	if err != nil {
		return Contract{}, err
	}
	if strike == 0 {
		return Contract{}, symbolError(symbol, "has a strike of zero")
	}
	if err := checkRoot(symbol, root); err != nil {
		return Contract{}, err
	}
	return Contract{
		Symbol: symbol, Root: root, Underlying: ticker.OfRoot(root),
		Expiry: expiry, Type: kind, Strike: int32(strike), Shares: 100,
		RootDigit: len(root) > 1 && root[len(root)-1]-'0' <= 9,
	}, nil
}

// FormatContract is the symbol of a contract's root, expiry, type and strike,
// the reverse of ParseContract.
func FormatContract(c Contract) string {
	return symbolPrefix + c.Root + c.Expiry.UTC().Format("060102") + strings.ToUpper(c.Type.String()[:1]) + fmt.Sprintf("%0*d", strikeDigits, c.Strike)
}

// number reads decimal digits and nothing else.
func number(digits string) (n int, ok bool) {
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int(d)
	}
	return n, true
}

// symbolDate reads YYMMDD and refuses days that no calendar has.
func symbolDate(symbol, digits string) (Date, error) {
	n, ok := number(digits)
	if !ok {
		return 0, symbolError(symbol, "has %q where the date's 6 digits belong", digits)
	}
	year, month, day := 2000+n/10000, n/100%100, n%100
	if month < 1 || month > 12 {
		return 0, symbolError(symbol, "has the date %s: there is no month %02d", digits, month)
	}
	if last := MakeDate(year, time.Month(month)+1, 0).UTC().Day(); day < 1 || day > last {
		return 0, symbolError(symbol, "has the date %s: there is no day %02d in %s %d", digits, day, time.Month(month), year)
	}
	return MakeDate(year, time.Month(month), day), nil
}

func checkRoot(symbol, root string) error {
	if root == "" {
		return symbolError(symbol, "has no root between O: and the date")
	}
	for i := range len(root) {
		c := root[i]
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' {
			return symbolError(symbol, "has %q in its root, which takes A-Z, 0-9 and '.'", root[i:i+1])
		}
	}
	if len(root) > maxRoot {
		return symbolError(symbol, "has a root of %d characters, at most %d are possible", len(root), maxRoot)
	}
	return nil
}

// strikeError tells a short strike from one with foreign characters in it.
func strikeError(symbol, body, tail string) error {
	digits := len(body) - len(strings.TrimRight(body, "0123456789"))
	if before := len(body) - digits - 1; digits < strikeDigits && before >= 0 && (body[before] == 'C' || body[before] == 'P') && digits > 0 {
		return symbolError(symbol, "has a strike of %d digits, want %d", digits, strikeDigits)
	}
	return symbolError(symbol, "has %q where the strike's %d digits belong", tail[7:], strikeDigits)
}

// typeError tells a long strike from a missing or foreign type letter.
func typeError(symbol, body, tail string) error {
	digits := len(body) - len(strings.TrimRight(body, "0123456789"))
	before := len(body) - digits - 1
	if digits > strikeDigits && before >= 6 && (body[before] == 'C' || body[before] == 'P') {
		if _, dated := number(body[before-6 : before]); dated {
			return symbolError(symbol, "has a strike of %d digits, want %d", digits, strikeDigits)
		}
	}
	return symbolError(symbol, "has %q where C or P belongs", tail[6:7])
}

func symbolError(symbol, problem string, args ...any) error {
	const shown = 40
	cut := ""
	if len(symbol) > shown {
		symbol, cut = symbol[:shown], "..."
	}
	return fmt.Errorf("contract symbol %q%s %s", symbol, cut, fmt.Sprintf(problem, args...))
}
