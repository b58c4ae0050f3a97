//go:build race && unix

package e2e

func init() {
	buildFlags = []string{"-race"}
	buildEnv = []string{"GORACE=halt_on_error=1 atexit_sleep_ms=50"}
}
