// Command release turns the repository into what is published: for each platform
// an archive, its bill of materials and packages, and checksums of all of them.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

// everyPlatform are those that archives are made for.
const everyPlatform = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	out := flag.String("out", "dist", "folder to write to; what it holds is removed")
	platforms := flag.String("platforms", everyPlatform, "platforms, separated by commas")
	check := flag.Bool("check", false, "write nothing, but build in two folders and compare all bytes")
	flag.Parse()
	r := release{root: ".", out: *out, platforms: strings.Split(*platforms, ","), log: os.Stdout}
	err := error(nil)
	if *check {
		err = r.check()
	} else {
		err = r.make()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}
