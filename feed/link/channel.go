package link

import "optflow/model"

// Channel is one kind of events that a source can be asked for.
type Channel uint8

// The channels: a bar of each second, or of each minute, in which a contract
// traded.
const (
	SecondBars Channel = iota + 1
	MinuteBars
)

// Span is the width of the channel's windows, 0: it has none.
func (c Channel) Span() model.Span {
	switch c {
	case SecondBars:
		return model.Second
	case MinuteBars:
		return model.Minute
	}
	return 0
}

// BarsOf is the channel whose windows are span wide.
func BarsOf(span model.Span) Channel {
	if span == model.Minute {
		return MinuteBars
	}
	return SecondBars
}
