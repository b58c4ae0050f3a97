package archive

import (
	"context"
	"maps"

	"optflow/feed/history/parquet"
	"optflow/model"
	"optflow/model/memory"
)

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
