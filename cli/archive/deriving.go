// Package archive has the files of recorded days made once the days are over.
package archive

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"optflow/feed/history"
	"optflow/feed/history/parquet"
	"optflow/model"
	"optflow/model/market"
	"optflow/model/memory"
)

const (
	// deriveAfter is how long the start is over before old days are looked at.
	deriveAfter = 10 * time.Second
	deriveEvery = time.Minute
)

// deriving is one run of the program's.
type deriving struct {
	Options
	make   func(ctx context.Context, day history.Day) error
	looked model.Date          // days before it were looked at
	failed map[string]struct{} // and are not tried again
}

// Options say what is made of which days, and how.
type Options struct {
	Root  string   // the folder of all history
	Feeds []string // those that this program may record
	All   bool     // windows and bursts, not the minutes alone
	Clock market.Clock
	Log   *slog.Logger
	Self  string   // this program
	Env   []string // of another one of it, which needs no key
}

// Run has the files of days made until ctx ends: soon after the start of those that
// lack them, and of each day once it is over. It has another process do it: going
// through a day takes the memory of a second book, which the running program has no
// room for, and what a process took it gives back.
func Run(ctx context.Context, o Options) error {
	d := deriving{Options: o, failed: make(map[string]struct{}), make: func(ctx context.Context, day history.Day) error { return export(ctx, &o, day) }}
	return d.run(ctx)
}

func (d *deriving) run(ctx context.Context) error {
	for wait := deriveAfter; ; wait = deriveEvery {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		d.look(ctx, d.Clock.Now())
	}
}

// look makes what is lacking of the days that are over at a market time, in ms.
func (d *deriving) look(ctx context.Context, now int64) {
	before := model.TradingDate(now)
	if now >= parquet.Settled(before) {
		before++
	}
	if before == d.looked {
		return
	}
	d.looked = before
	for _, feed := range d.Feeds {
		days, err := parquet.Lacking(d.Root, history.Store{Dir: filepath.Join(d.Root, feed)}, before, d.All)
		if err != nil {
			d.Log.Warn("past days were not looked at", "text", err.Error())
		}
		for _, day := range days {
			name := day.Feed + " " + day.Date.String()
			if _, is := d.failed[name]; is || ctx.Err() != nil {
				continue
			}
			if err := d.make(ctx, day); err != nil && ctx.Err() == nil {
				d.failed[name] = struct{}{}
				d.Log.Warn("a day has no files", "day", name, "text", err.Error())
			}
		}
	}
}

// export has another process of this program write the files of a day.
func export(ctx context.Context, o *Options, day history.Day) error {
	args := []string{"history", "export", day.Date.String(), "--of", day.Feed, "--history-dir", o.Root, "--background"}
	if !o.All {
		args = append(args, "--minutes")
	}
	cmd := exec.CommandContext(ctx, o.Self, args...) // #nosec G204 -- the program itself, of a day and folder that it found
	cmd.Env = o.Env
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it leaves nothing half
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
}

// Past is what the sessions before a date say of volumes, and of the open interest
// of contracts. What cannot be read is logged, and as if it were not there.
func (o *Options) Past(ctx context.Context, before model.Date, contracts []string) memory.Past {
	p := memory.Past{Volumes: new(model.RecordedVolumes), Interest: make(map[string]memory.Interest)}
	for _, feed := range o.Feeds {
		if err := parquet.AddVolumes(ctx, o.Root, feed, before, p.Volumes); err != nil && ctx.Err() == nil {
			o.Log.Warn("volumes of past days were not read", "text", err.Error())
		}
		found, err := parquet.Interests(ctx, o.Root, feed, before, contracts)
		if err != nil && ctx.Err() == nil {
			o.Log.Warn("the open interest of past days was not read", "text", err.Error())
		}
		maps.DeleteFunc(found, func(symbol string, i memory.Interest) bool { return i.Date <= p.Interest[symbol].Date })
		maps.Copy(p.Interest, found)
	}
	return p
}
