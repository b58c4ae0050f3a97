package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// versionText says what was built when, from what the Go tool recorded.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "optflow, " + runtime.Version()
	}
	return describeBuild(info)
}

func describeBuild(info *debug.BuildInfo) string {
	setting := make(map[string]string)
	for _, s := range info.Settings {
		setting[s.Key] = s.Value
	}
	parts := []string{"optflow " + strings.TrimSuffix(strings.Trim(info.Main.Version, "()"), "+dirty")}
	if commit := setting["vcs.revision"]; commit != "" {
		text := "commit " + commit[:min(12, len(commit))]
		if setting["vcs.modified"] == "true" {
			text += " with changes"
		}
		parts = append(parts, text)
	} else {
		parts = append(parts, "commit unknown")
	}
	if date := setting["vcs.time"]; date != "" {
		parts = append(parts, date)
	}
	return strings.Join(append(parts, fmt.Sprintf("%s %s/%s", info.GoVersion, runtime.GOOS, runtime.GOARCH)), ", ")
}
