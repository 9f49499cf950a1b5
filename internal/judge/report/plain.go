package report

import (
	"reflect"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// plainly returns the report with every text in it passed through plain.Text,
// so that what a server sends is shown but commands nothing. Each format begins
// with it.
func plainly(r conformance.Report) conformance.Report {
	return copied(reflect.ValueOf(r)).Interface().(conformance.Report)
}

// copied is a copy of a value with the texts in it written plainly.
func copied(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch {
	case v.Kind() == reflect.String:
		out.SetString(plain.Text(v.String()))
	case v.Kind() == reflect.Slice && !v.IsNil():
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(copied(v.Index(i)))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() { // those of a time.Time are not
				out.Field(i).Set(copied(v.Field(i)))
			}
		}
	}
	return out
}
