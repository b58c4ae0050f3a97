package relay

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"optflow/model/book"
	"optflow/model/daylog"
)

// talk is one frame of each type, and one that may be skipped.
func talk(t testing.TB) []byte {
	t.Helper()
	data, err := AppendJSON(nil, TypeHello, NewHello("sim", "abc", 20_000, 7))
	if err != nil {
		t.Fatal(err)
	}
	block := daylog.Block{First: 7, Ops: 1, Raw: 3, Stored: []byte("ops")}
	data = AppendFrame(data, TypeBlock, block.Append(nil))
	data = AppendFrame(data, optional+5, []byte("of a later optflow"))
	if data, err = AppendJSON(data, TypeAsk, Ask{V: 1, ID: 3, Verb: Day, Args: Args{Symbol: "O:SPY261218C00600000"}}); err != nil {
		t.Fatal(err)
	}
	if data, err = AppendJSON(data, TypeAnswer, Answer{V: 1, ID: 3, Error: "no"}); err != nil {
		t.Fatal(err)
	}
	return AppendFrame(AppendPosition(data, Position{99, 1_795_448_486_000}), TypeBye, []byte("ends"))
}

func TestFramesComeBack(t *testing.T) {
	r := NewReader(iotest.OneByteReader(bytes.NewReader(talk(t))))
	var got []Type
	for {
		kind, payload, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, kind)
		switch kind {
		case TypeHello:
			h, err := ReadHello(payload)
			if err != nil || h.Feed != "sim" || h.Epoch != "abc" || h.From != 7 {
				t.Errorf("hello %+v, %v", h, err)
			}
		case TypeBlock:
			b, _, err := daylog.Next(payload)
			if err != nil || b.First != 7 || string(b.Stored) != "ops" {
				t.Errorf("block %+v, %v", b, err)
			}
		case TypeAsk:
			if a, err := ReadAsk(payload); err != nil || a.Verb != Day || a.Args.Symbol != "O:SPY261218C00600000" {
				t.Errorf("ask %+v, %v", a, err)
			}
		case TypeAnswer:
			if a, err := ReadAnswer(payload); err != nil || a.err().Error() != "no" {
				t.Errorf("answer %+v, %v", a, err)
			}
		case TypePosition:
			if p, err := ReadPosition(payload); err != nil || p != (Position{99, 1_795_448_486_000}) {
				t.Errorf("position %+v, %v", p, err)
			}
		}
	}
	if !bytes.Equal([]byte{1, 2, 3, 4, 5, 6}, typesOf(got)) {
		t.Errorf("frames %v", got)
	}
}

func typesOf(list []Type) (all []byte) {
	for _, t := range list {
		all = append(all, byte(t))
	}
	return all
}

// A frame's length costs nothing until its bytes are there.
func TestLengthsAreNotBelieved(t *testing.T) {
	for _, tt := range []struct {
		kind Type
		size uint32
		want error
	}{
		{TypeHello, 5 << 10, ErrBroken}, {TypeBlock, 1 << 30, ErrBroken}, {TypeAsk, 1 << 20, ErrBroken}, {TypePosition, 17, ErrBroken},
		{optional, 2 << 20, ErrBroken}, {TypeBlock, daylog.MaxBlock, io.ErrUnexpectedEOF}, {7, 3, ErrNewer}, {0, 3, ErrNewer},
	} {
		head := append(binary.LittleEndian.AppendUint32(nil, tt.size), byte(tt.kind), 1, 2, 3)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := NewReader(bytes.NewReader(head)).Next()
		runtime.ReadMemStats(&after)
		if !errors.Is(err, tt.want) {
			t.Errorf("type %d, %d bytes: %v, want %v", tt.kind, tt.size, err, tt.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("type %d, %d bytes claimed: %d bytes were taken", tt.kind, tt.size, took)
		}
	}
}

func TestVersions(t *testing.T) {
	newer := NewHello("sim", "e", 20_000, 0)
	newer.V, newer.Optflow = 2, "v1.9.0\x1b[31m"
	rules := NewHello("sim", "e", 20_000, 0)
	rules.Rules = book.Rules + 1
	for want, h := range map[string]Hello{"needs optflow ≥ v1.9.0": newer, "other rules": rules} {
		data, err := AppendJSON(nil, TypeHello, h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadHello(data[headSize:]); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%+v: %v", h, err)
		}
	}
	for _, text := range []string{"", "{}", "[1]", `{"v":"1"}`, `{"v":-1}`} {
		if _, err := ReadHello([]byte(text)); !errors.Is(err, ErrBroken) {
			t.Errorf("hello %q: %v", text, err)
		}
		if _, err := ReadAsk([]byte(text)); !errors.Is(err, ErrBroken) {
			t.Errorf("ask %q: %v", text, err)
		}
		if _, err := ReadAnswer([]byte(text)); !errors.Is(err, ErrBroken) {
			t.Errorf("answer %q: %v", text, err)
		}
	}
	long := Ask{V: 1, Verb: Follow, Args: Args{Tickers: []string{strings.Repeat("A", 41)}}}
	many := Ask{V: 1, Verb: Watch, Args: Args{Contracts: make([]string, mostContracts+1)}}
	for _, a := range []Ask{long, many} {
		data, err := AppendJSON(nil, TypeAsk, a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadAsk(data[headSize:]); !errors.Is(err, ErrBroken) {
			t.Errorf("%s of %d names: %v", a.Verb, len(a.Args.Contracts), err)
		}
	}
}

// Whatever a peer sends ends in an error or is read as it was meant, and holds no
// more memory than was sent.
func FuzzPeer(f *testing.F) {
	f.Add(talk(f))
	f.Add([]byte{255, 255, 255, 255, 2})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewReader(bytes.NewReader(data))
		for {
			kind, payload, err := r.Next()
			if err != nil {
				return
			}
			if len(payload) > len(data) {
				t.Fatalf("%d bytes of %d", len(payload), len(data))
			}
			switch kind {
			case TypeHello:
				_, _ = ReadHello(payload)
			case TypeAsk:
				_, _ = ReadAsk(payload)
			case TypeAnswer:
				if a, err := ReadAnswer(payload); err == nil {
					_, _, _ = facts(a.Ops)
				}
			case TypePosition:
				_, _ = ReadPosition(payload)
			}
		}
	})
}
