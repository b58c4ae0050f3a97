// Command optflow shows options flow in a terminal.
package main

import (
	"os"

	"optflow/cli"
)

func main() {
	ctx, process := cli.OwnProcess()
	os.Exit(cli.Run(ctx, process, os.Args[1:]))
}
