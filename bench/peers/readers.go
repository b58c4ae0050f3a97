package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	polygonws "github.com/polygon-io/client-go/websocket"
	wsmodels "github.com/polygon-io/client-go/websocket/models"

	"optflow/feed/link"
	"optflow/feed/massive"
	"optflow/model"
	"optflow/model/book"
	"optflow/model/tape"
)

// nothing is left open.
func nothing() {}

// patience bounds one run.
const patience = 2 * time.Minute

// readBytes is the limit: the bytes are read and the events counted by their
// first member, no more.
func readBytes(address string, events int) (func(), error) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nothing, err
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return func() { conn.Close() }, err
	}
	fmt.Fprintf(conn, "GET /options HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", address)
	command := []byte{0x81, 0x80 | 2, 0, 0, 0, 0, '{', '}'}
	conn.Write(append(command, command...))
	mark := []byte(`{"ev":"A"`)
	buf := make([]byte, 0, 256<<10)
	for seen := 0; seen < events; {
		if len(buf) == cap(buf) {
			return func() { conn.Close() }, errors.New("an event larger than the buffer")
		}
		n, err := conn.Read(buf[len(buf):cap(buf)])
		if err != nil {
			return func() { conn.Close() }, err
		}
		buf = buf[:len(buf)+n]
		seen += bytes.Count(buf, mark)
		keep := min(len(buf), len(mark)-1)
		if at := bytes.LastIndex(buf, mark); at >= 0 && len(buf)-at-len(mark) < keep {
			keep = len(buf) - at - len(mark)
		}
		buf = buf[:copy(buf, buf[len(buf)-keep:])]
	}
	return func() { conn.Close() }, nil
}

// readVendor takes events from the vendor's client as its users do.
func readVendor(address string, events int) (func(), error) {
	client, err := polygonws.New(polygonws.Config{APIKey: "k", Feed: polygonws.Feed("ws://" + address), Market: polygonws.Options})
	if err != nil {
		return nothing, err
	}
	leave := func() { go client.Close() }
	if err := client.Subscribe(polygonws.OptionsSecAggs); err != nil {
		return leave, err
	}
	if err := client.Connect(); err != nil {
		return leave, err
	}
	late := time.After(patience)
	for seen := 0; seen < events; {
		select {
		case event := <-client.Output():
			if _, ok := event.(wsmodels.EquityAgg); ok {
				seen++
			}
		case err := <-client.Error():
			return leave, err
		case <-late:
			return leave, fmt.Errorf("only %d of %d events", seen, events)
		}
	}
	return leave, nil
}

// plainKey is a key that need not be kept.
type plainKey string

func (k plainKey) Reveal() string { return string(k) }

// readOptflow reads, decodes, keeps the accounts and appends to the tape.
func readOptflow(address string, events int) (func(), error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := massive.Dial(ctx, massive.StreamOptions{URL: "ws://" + address + "/options", Key: plainKey("k")}, link.SecondBars)
	if err != nil {
		return nothing, err
	}
	if err := conn.Login(ctx); err != nil {
		return conn.CloseNow, err
	}
	if err := conn.Subscribe(ctx, link.SecondBars, nil); err != nil {
		return conn.CloseNow, err
	}
	rows := tape.New(tape.Options{KeepMillis: 1, KeepRows: 20_000})
	accounts := book.New(rows, book.Options{Span: model.Second})
	decoder := massive.Decoder{Contracts: rows.Registry, Keep: func(string) bool { return true }}
	var (
		batch massive.Batch
		frame []byte
	)
	for seen := 0; seen < events; {
		if frame, err = conn.Read(ctx, frame); err != nil {
			return conn.CloseNow, err
		}
		batch.Reset()
		if err := decoder.Decode(frame, &batch); err != nil {
			return conn.CloseNow, err
		}
		for i := range batch.Bars {
			accounts.Apply(&book.Bar{Bar: batch.Bars[i]})
		}
		seen += len(batch.Bars)
		rows.Publish()
	}
	if n := rows.Next(); n < uint64(events) {
		return conn.CloseNow, fmt.Errorf("%d rows of %d events", n, events)
	}
	return conn.CloseNow, nil
}
