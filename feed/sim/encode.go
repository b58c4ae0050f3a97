package sim

import (
	"strconv"

	"optflow/feed/sim/basis"
	"optflow/feed/sim/exchange"
)

// appendEvent writes an event as the vendor's JSON object. It formats numbers
// itself, from integers, because a fast market spends its time here.
func appendEvent(b []byte, e *exchange.Event, f *exchange.Faults) []byte {
	switch e.Kind {
	case exchange.ChannelT:
		return appendTrade(b, e, f)
	case exchange.ChannelQ:
		return appendQuote(b, e)
	}
	return appendBar(b, e, f)
}

func appendBar(b []byte, e *exchange.Event, f *exchange.Faults) []byte {
	odd := f.OddNumbers && basis.Mix(uint64(e.Start)^e.Contract.Hash)%8 == 0
	decimals := 8
	if f.RoundedVwap {
		decimals = 4
	}
	width := basis.Second
	b = append(b, `{"ev":"A","sym":"`...)
	if e.Kind == exchange.ChannelAM {
		b = append(b[:len(b)-len(`","sym":"`)], `M","sym":"`...)
		width = basis.Minute
	}
	b = append(b, e.Contract.Symbol...)
	b = append(b, `","v":`...)
	b = appendCount(b, e.Volume, odd)
	b = append(b, `,"av":`...)
	b = appendCount(b, e.DayVolume, odd)
	b = append(b, `,"op":`...)
	b = appendCents(b, e.Opening)
	b = append(b, `,"vw":`...)
	b = appendRatio(b, e.Cents, e.Volume, decimals)
	b = append(b, `,"o":`...)
	b = appendCents(b, e.Open)
	b = append(b, `,"c":`...)
	b = appendCents(b, e.Close)
	b = append(b, `,"h":`...)
	b = appendCents(b, e.High)
	b = append(b, `,"l":`...)
	b = appendCents(b, e.Low)
	b = append(b, `,"a":`...)
	b = appendRatio(b, e.DayCents, e.DayVolume, decimals)
	b = append(b, `,"z":`...)
	if count := int64(max(1, e.Count)); odd {
		b = strconv.AppendFloat(b, float64(e.Volume)/float64(count), 'f', -1, 64)
	} else {
		b = strconv.AppendInt(b, (e.Volume+count/2)/count, 10)
	}
	b = append(b, `,"s":`...)
	b = strconv.AppendInt(b, e.Start, 10)
	b = append(b, `,"e":`...)
	b = strconv.AppendInt(b, e.Start+width, 10)
	return append(b, '}')
}

func appendTrade(b []byte, e *exchange.Event, f *exchange.Faults) []byte {
	b = append(b, `{"ev":"T","sym":"`...)
	b = append(b, e.Contract.Symbol...)
	b = append(b, `","x":`...)
	b = strconv.AppendInt(b, int64(exchange.ExchangeID(e.Exchange)), 10)
	b = append(b, `,"p":`...)
	b = appendCents(b, e.Close)
	b = append(b, `,"s":`...)
	b = strconv.AppendInt(b, e.Volume, 10)
	if !f.OddNumbers || e.Sequence%16 != 0 || e.Code != 'I' {
		b = append(b, `,"c":[`...)
		b = strconv.AppendInt(b, int64(exchange.ConditionID(e.Code)), 10)
		b = append(b, ']')
	}
	b = append(b, `,"t":`...)
	b = strconv.AppendInt(b, e.Start, 10)
	b = append(b, `,"q":`...)
	b = strconv.AppendInt(b, e.Sequence, 10)
	return append(b, '}')
}

// appendQuote writes a quote: open, volume and exchange hold the bid, close, count
// and code the ask.
func appendQuote(b []byte, e *exchange.Event) []byte {
	b = append(b, `{"ev":"Q","sym":"`...)
	b = append(b, e.Contract.Symbol...)
	b = append(b, `","bx":`...)
	b = strconv.AppendInt(b, int64(exchange.VenueID(e.Exchange)), 10)
	b = append(b, `,"ax":`...)
	b = strconv.AppendInt(b, int64(exchange.VenueID(e.Code)), 10)
	b = append(b, `,"bp":`...)
	b = appendCents(b, e.Open)
	b = append(b, `,"ap":`...)
	b = appendCents(b, e.Close)
	b = append(b, `,"bs":`...)
	b = strconv.AppendInt(b, e.Volume, 10)
	b = append(b, `,"as":`...)
	b = strconv.AppendInt(b, int64(e.Count), 10)
	b = append(b, `,"t":`...)
	b = strconv.AppendInt(b, e.Start, 10)
	b = append(b, `,"q":`...)
	b = strconv.AppendInt(b, e.Sequence, 10)
	return append(b, '}')
}

// appendCount writes a whole number, an odd one in the forms that broke other
// clients: 2.384421e+06 when large, 7.0 when not.
func appendCount(b []byte, n int64, odd bool) []byte {
	switch {
	case !odd:
		return strconv.AppendInt(b, n, 10)
	case n >= 100_000:
		return strconv.AppendFloat(b, float64(n), 'e', -1, 64)
	}
	return append(strconv.AppendInt(b, n, 10), ".0"...)
}

// appendCents writes cents as dollars.
func appendCents(b []byte, cents int32) []byte { return appendDecimal(b, int64(cents), 2) }

// appendRatio writes cents/size as dollars, rounded to so many decimals.
func appendRatio(b []byte, cents, size int64, decimals int) []byte {
	if size <= 0 {
		return append(b, '0')
	}
	for range decimals - 2 {
		cents *= 10
	}
	return appendDecimal(b, (cents+size/2)/size, decimals)
}

// appendDecimal writes n / 10^decimals without trailing zeros; n is not negative.
func appendDecimal(b []byte, n int64, decimals int) []byte {
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	b = strconv.AppendInt(b, n/scale, 10)
	rest := n % scale
	if rest == 0 {
		return b
	}
	b = append(b, '.')
	for rest > 0 {
		scale /= 10
		b = append(b, '0'+byte(rest/scale))
		rest %= scale
	}
	return b
}

// vwapOf is cents/size in dollars as the wire shows it.
func vwapOf(cents, size int64, f *exchange.Faults) float64 {
	decimals := 8
	if f.RoundedVwap {
		decimals = 4
	}
	v, err := strconv.ParseFloat(string(appendRatio(nil, cents, size, decimals)), 64)
	if err != nil {
		return 0 // cannot happen: we wrote it
	}
	return v
}
