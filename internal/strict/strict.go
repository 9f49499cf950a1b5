// Package strict turns what a decoder knows about a text, such as an offset or
// a type, into what its author can find: a line, or the names of members.
package strict

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
)

// Position is a byte offset as an editor counts it: line and column from 1. An
// offset outside the text stands for the nearer end.
func Position(text []byte, offset int64) string {
	before := text[:min(max(offset, 0), int64(len(text)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}

// Member is the name that a field has under a tag, such as json.
func Member(field reflect.StructField, tag string) string {
	name, _, _ := strings.Cut(field.Tag.Get(tag), ",")
	return name
}

// Members lists the names of a struct's fields, in their order.
func Members(of reflect.Type, tag string) []string {
	var names []string
	for field := range of.Fields() {
		names = append(names, Member(field, tag))
	}
	return names
}
