package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestDescribeBuild(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.3.1"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.time", Value: "2026-11-23T10:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	if got := describeBuild(info); !strings.HasPrefix(got, "optflow v0.3.1, commit 0123456789ab with changes, 2026-11-23T10:00:00Z, go1.26.8 ") {
		t.Error(got)
	}
	if got := describeBuild(&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}); !strings.HasPrefix(got, "optflow devel, commit unknown, ") {
		t.Error(got)
	}
}
