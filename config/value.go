package config

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"optflow/model/ticker"
)

const allowedAmount = "dollars from 0 on, such as 25000, 25k or 1.5m"

var errNoNumber = errors.New("is not a number")

// scales are the letters behind amounts, as in the filter language.
var scales = map[byte]float64{'k': 1e3, 'm': 1e6, 'b': 1e9}

// amount reads "250000", "250,000", "$250k", "1.5m" or "2b".
func amount(text string) (float64, error) {
	digits := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "$"))
	scale := 1.0
	if n := len(digits); n > 0 {
		if by, known := scales[digits[n-1]]; known {
			scale, digits = by, digits[:n-1]
		}
	}
	if digits == "" || strings.Trim(digits, "0123456789.,") != "" {
		return 0, errNoNumber
	}
	n, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
	if err != nil || math.IsInf(n*scale, 0) {
		return 0, errNoNumber
	}
	return n * scale, nil
}

// wholeNumber reads "200000", "200,000" or "200k".
func wholeNumber(text string) (int, error) {
	n, err := amount(text)
	if err != nil || strings.HasPrefix(strings.TrimSpace(text), "$") {
		return 0, errors.New("is not a whole number")
	}
	if n != math.Trunc(n) || n > math.MaxInt32 {
		return 0, errors.New("is not a whole number of that size")
	}
	return int(n), nil
}

func bounds[T cmp.Ordered](v, least, most T) error {
	if v < least {
		return errors.New("is too small")
	}
	if v > most {
		return errors.New("is too large")
	}
	return nil
}

// tickers reads names of underlyings and lists, each ticker once.
func tickers(text string, lists []ticker.Named) ([]string, error) {
	list, err := ticker.List(text, lists...)
	switch {
	case err != nil:
		return nil, fmt.Errorf("has a word that is wrong: %w", err)
	case len(list) == 0:
		return nil, errors.New("names no ticker")
	case len(list) > mostTickers:
		return nil, fmt.Errorf("names %d tickers, at most %d are possible", len(list), mostTickers)
	}
	return list, nil
}

func showDuration(d time.Duration) string {
	if d == 0 {
		return "off"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func showAmount(dollars float64) string {
	for _, letter := range []byte{'b', 'm', 'k'} {
		if scaled := dollars / scales[letter]; scaled >= 1 {
			return strconv.FormatFloat(scaled, 'f', -1, 64) + string(letter)
		}
	}
	return strconv.FormatFloat(dollars, 'f', -1, 64)
}
