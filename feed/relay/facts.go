package relay

import (
	"fmt"

	"optflow/model"
	"optflow/model/book"
	"optflow/model/daylog"
)

// barsOps are the bars of a contract in the form of the day log.
func barsOps(symbol string, bars []model.Bar) []byte {
	var e daylog.Encoder
	e.Put(&book.Contract{Symbol: symbol})
	in := book.History{Bars: make([]model.Bar, len(bars))}
	for i, b := range bars {
		b.Contract = 0
		in.Bars[i] = b
	}
	e.Put(&in)
	return e.Bytes()
}

// snapshotsOps are snapshots in the form of the day log, which go by their
// symbols.
func snapshotsOps(list []model.Snapshot) []byte {
	var e daylog.Encoder
	for i := range list {
		s := list[i]
		s.Contract = model.ContractID(i)
		e.Put(&book.Contract{Symbol: s.Symbol, ID: s.Contract})
		e.Put(&book.Snapshot{Snapshot: &s})
	}
	return e.Bytes()
}

// facts reads bars and snapshots of an answer.
func facts(ops []byte) (bars []model.Bar, list []model.Snapshot, err error) {
	var d daylog.Decoder
	var symbols []string
	err = d.Ops(ops, daylog.Reader{Input: func(in book.Input) {
		switch in := in.(type) {
		case *book.Contract:
			in.ID = model.ContractID(len(symbols))
			symbols = append(symbols, in.Symbol)
		case *book.History:
			bars = append(bars, in.Bars...)
		case *book.Snapshot:
			s := *in.Snapshot
			s.Symbol = symbols[s.Contract]
			list = append(list, s)
		}
	}})
	if err != nil {
		return nil, nil, fmt.Errorf("reading an answer: %w", err)
	}
	return bars, list, nil
}
