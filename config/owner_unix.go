//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// foreign reports whether a file belongs to another user than us and root.
func foreign(info fs.FileInfo) bool {
	stat, known := info.Sys().(*syscall.Stat_t)
	return known && stat.Uid != 0 && int(stat.Uid) != os.Geteuid()
}
