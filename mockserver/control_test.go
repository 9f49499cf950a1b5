package mockserver_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/openapi"
)

// maxBody is how many bytes a body may have (choice C27).
const maxBody = 1 << 20

// large is more than a body may have.
var large = strings.Repeat(" ", maxBody+1)

// controlCase is a request to the control API. The steps, "METHOD path body", come
// before; want is part of the answer.
type controlCase struct {
	steps              []string
	method, path, body string
	status             int
	want               string
}

// controlCases are requests to the control API, each to a fresh server.
var controlCases = map[string]controlCase{
	"the server says that it is there":         {nil, "GET", "healthz", "", 200, `{"status":"ok"}`},
	"health takes no parameter":                {nil, "GET", "healthz?deep=1", "", 400, `"hint":"leave the query out"`},
	"health is also asked with HEAD":           {nil, "HEAD", "healthz", "", 200, ""},
	"the contract is served":                   {nil, "GET", "openapi.yaml", "", 200, "openapi: 3.1.0"},
	"the contract belongs to no workspace":     {nil, "GET", "openapi.yaml?workspace=test", "", 400, `there is no parameter \"workspace\"`},
	"the limits are told":                      {nil, "GET", "limits", "", 200, `"filters":10,"workspaces":20000`},
	"the limits belong to no workspace":        {nil, "GET", "limits?workspace=test", "", 400, "there is no parameter"},
	"a scrape is answered":                     {nil, "GET", "metrics", "", 200, "mockdesk_workspaces 1"},
	"a scrape takes no parameter":              {nil, "GET", "metrics?name=x", "", 400, "there is no parameter"},
	"the catalog has the keys":                 {nil, "GET", "catalog", "", 200, `"key":"ixk_test_readwrite"`},
	"the catalog of another workspace has its": {[]string{`POST workspaces {"name":"a"}`}, "GET", "catalog?workspace=a", "", 200, `"key":"ixk_a_readwrite"`},
	"a misspelt workspace has no catalog":      {nil, "GET", "catalog?workspace=tset", "", 404, `"hint":"did you mean test?"`},
	"an empty workspace has no catalog":        {nil, "GET", "catalog?workspace=", "", 404, `there is no workspace \"\"`},
	"an unknown workspace has no catalog":      {nil, "GET", "catalog?workspace=nix", "", 404, `there is no workspace \"nix\"`},
	"a misspelt parameter is not passed over":  {nil, "GET", "catalog?workspce=test", "", 400, `"hint":"did you mean workspace?"`},
	"a strange parameter is not passed over":   {nil, "GET", "catalog?colour=red", "", 400, `"hint":"the parameters are workspace"`},
	"of several strange ones the same is told": {nil, "GET", "catalog?d=1&colour=red&b=1&c=1", "", 400, `there is no parameter \"b\"`},
	"a parameter is sent once":                 {nil, "GET", "catalog?workspace=test&workspace=test", "", 400, "is there 2 times"},
	"a query has to be decodable":              {nil, "GET", "catalog?workspace=%zz", "", 400, "write a literal % as %25 and a literal ; as %3B"},

	"workspaces are listed":                     {[]string{`POST workspaces {"name":"a"}`}, "GET", "workspaces", "", 200, `"name":"test"`},
	"the list takes no workspace":               {nil, "GET", "workspaces?workspace=test", "", 400, "there is no parameter"},
	"a new workspace comes with its keys":       {nil, "POST", "workspaces", `{"name":"a"}`, 201, `"key":"ixk_a_readwrite"`},
	"a new workspace is as it was wished":       {nil, "POST", "workspaces", `{"name":"a","rate_limit":"5/1m","error_format":"sample","frozen_at":"2025-01-02T03:04:05Z"}`, 201, `"rate_limit":"5/1m","error_format":"sample","clock":{"now":"2025-01-02T03:04:05Z","frozen":true`},
	"a new workspace may have its own data":     {nil, "POST", "workspaces", `{"name":"a","seed":7,"tickets":100}`, 201, `"seed":7,"tickets":100`},
	"a proxy may be told the name":              {nil, "POST", "workspaces?name=a", `{"name":"a"}`, 201, `"key":"ixk_a_readwrite"`},
	"a proxy is told the name that is meant":    {nil, "POST", "workspaces?name=b", `{"name":"a"}`, 400, "leave the parameter out"},
	"a workspace needs a name":                  {nil, "POST", "workspaces", `{}`, 400, `workspace name \"\" is not 1 to 40`},
	"a workspace needs a proper name":           {nil, "POST", "workspaces", `{"name":"A b"}`, 400, `"hint":"acme-1"`},
	"a name is given once":                      {[]string{`POST workspaces {"name":"a"}`}, "POST", "workspaces", `{"name":"a"}`, 409, "the name is taken"},
	"a workspace needs a proper limit":          {nil, "POST", "workspaces", `{"name":"a","rate_limit":"many"}`, 400, `"hint":"100/1m"`},
	"a workspace needs a dialect that there is": {nil, "POST", "workspaces", `{"name":"a","error_format":"xml"}`, 400, `error format \"xml\"`},
	"a workspace needs a proper instant":        {nil, "POST", "workspaces", `{"name":"a","frozen_at":"noon"}`, 400, "noon"},
	"a workspace has no unknown member":         {nil, "POST", "workspaces", `{"name":"a","colour":"red"}`, 400, `{"error":"there is no member \"colour\"","hint":"the members are name, seed, tickets, empty, case, rate_limit, error_format, frozen_at, life"}`},
	"a workspace has no misspelt member":        {nil, "POST", "workspaces", `{"nam":"a"}`, 400, `{"error":"there is no member \"nam\"","hint":"did you mean name?"}`},
	"a workspace has no member in capitals":     {nil, "POST", "workspaces", `{"Name":"a"}`, 400, `"hint":"did you mean name?"`},
	"a workspace is no list":                    {nil, "POST", "workspaces", `["a"]`, 400, `the body […] is not a mapping`},
	"a workspace needs a number for a seed":     {nil, "POST", "workspaces", `{"name":"a","seed":"1"}`, 400, `{"error":"seed \"1\" is not a whole number of at least 0","hint":"{\"name\":\"a\",\"seed\":1}"}`},
	"a workspace needs a whole seed":            {nil, "POST", "workspaces", `{"name":"a","seed":-1}`, 400, `seed -1 is not a whole number of at least 0`},
	"a workspace needs a time beside the date":  {nil, "POST", "workspaces", `{"name":"a","frozen_at":"2025-06-02"}`, 400, `{"error":"frozen_at \"2025-06-02\" is no instant","hint":"write it as 2025-06-02T12:00:00Z"}`},
	"a seed of zero stands for none":            {nil, "POST", "workspaces", `{"name":"a","seed":0}`, 400, `{"error":"seed 0 is written, but stands for none","hint":"leave it out"}`},
	"no tickets are an empty world":             {nil, "POST", "workspaces", `{"name":"a","tickets":0}`, 201, `"tickets":0,"notes":0`},
	"an empty world has no tickets":             {nil, "POST", "workspaces", `{"name":"a","empty":true}`, 201, `"tickets":0,"notes":0`},
	"an empty limit stands for none":            {nil, "POST", "workspaces", `{"name":"a","rate_limit":""}`, 400, `rate_limit \"\" is written`},
	"an empty dialect stands for none":          {nil, "POST", "workspaces", `{"name":"a","error_format":""}`, 400, `error_format \"\" is written`},
	"the first instant stands for none":         {nil, "POST", "workspaces", `{"name":"a","frozen_at":"0001-01-01T00:00:00Z"}`, 400, `{"error":"frozen_at \"0001-01-01T00:00:00Z\" stands for no instant","hint":"leave it out, or write it as 0001-01-01T00:00:01Z"}`},
	"null is a member left out":                 {nil, "POST", "workspaces", `{"name":"a","seed":null,"tickets":null,"rate_limit":null,"error_format":null,"frozen_at":null}`, 201, `"seed":1`},
	"JSON may escape what it likes":             {nil, "POST", "workspaces", `{"\u006eame":"\u0061"}`, 201, `"name":"a"`},
	"a workspace is made of one value":          {nil, "POST", "workspaces", `{"name":"a"} {}`, 400, "more behind its JSON value"},
	"a workspace is not made of broken JSON":    {nil, "POST", "workspaces", `{"name":`, 400, "the body is JSON that ends too early"},
	"a workspace is not made of a text":         {nil, "POST", "workspaces", "{\n  name: a\n}", 400, `{"error":"the body is not JSON: \"n\" is out of place in line 2, column 3","hint":"/_mockdesk/reference shows what to send"}`},
	"a workspace is not made of very much":      {nil, "POST", "workspaces", large, 413, "larger than 1048576 bytes"},
	"a workspace is described":                  {nil, "GET", "workspaces/test", "", 200, `"name":"test","seed":1`},
	"its description has no keys":               {[]string{`POST workspaces {"name":"a"}`}, "GET", "workspaces/a", "", 200, `"snapshots":[]}`},
	"its description counts what happened":      {[]string{bring}, "GET", "workspaces/test", "", 200, `"events":1`},
	"an unknown workspace is not described":     {nil, "GET", "workspaces/nix", "", 404, `"hint":"GET /_mockdesk/workspaces lists them"`},
	"a workspace is deleted":                    {[]string{`POST workspaces {"name":"a"}`}, "DELETE", "workspaces/a", "", 204, ""},
	"a workspace is deleted once":               {[]string{`POST workspaces {"name":"a"}`, "DELETE workspaces/a"}, "DELETE", "workspaces/a", "", 404, "there is no workspace"},
	"the default workspace stays":               {nil, "DELETE", "workspaces/test", "", 409, `"hint":"reset it"`},
	"a workspace cannot be patched":             {nil, "PATCH", "workspaces/test", "{}", 405, `"hint":"use DELETE, GET, HEAD"`},

	"a reset takes all levers back":            {[]string{"POST presets/slow", `PUT clock {"mode":"frozen"}`, `PUT rate-limit {"rate_limit":"1/1h"}`}, "POST", "reset", "", 200, `"faults":0,"requests":0,"rate_limit":"off"`},
	"a reset needs a workspace that there is":  {nil, "POST", "reset?workspace=nix", "", 404, "there is no workspace"},
	"a snapshot is kept":                       {nil, "POST", "snapshot", "", 200, `"snapshots":["default"]`},
	"a snapshot is kept under a name":          {nil, "POST", "snapshot", `{"name":"before"}`, 200, `"snapshots":["before"]`},
	"a snapshot needs a name":                  {nil, "POST", "snapshot", `{"name":""}`, 400, "1 to 100 bytes"},
	"a snapshot needs a name of bearable size": {nil, "POST", "snapshot", `{"name":"` + strings.Repeat("a", 101) + `"}`, 400, "1 to 100 bytes"},
	"snapshots are bounded":                    {slices.Repeat([]string{"POST snapshot #"}, 20), "POST", "snapshot", `{"name":"one too many"}`, 409, "20 snapshots at most"},
	"a snapshot is restored":                   {[]string{"POST snapshot", "POST presets/slow"}, "POST", "restore", "", 200, `"faults":0`},
	"a snapshot that there is not":             {nil, "POST", "restore", `{"name":"nix"}`, 404, `snapshot \"nix\": there is no such snapshot`},
	"a restore does not take everything":       {nil, "POST", "restore", `["nix"]`, 400, "the body […] is not a mapping"},
	"rules are asked in another order":         {[]string{"POST presets/no-entitlement", "POST presets/recovering-outage"}, "PUT", "faults", `{"order":["fault-2","fault-1"]}`, 200, `{"faults":[{"id":"fault-2"`},
	"every rule has a place":                   {[]string{"POST presets/no-entitlement", "POST presets/recovering-outage"}, "PUT", "faults", `{"order":["fault-2"]}`, 400, `{"error":"rule \"fault-1\" has no place","hint":"name all rules in force"}`},
	"no rule has two places":                   {[]string{"POST presets/no-entitlement"}, "PUT", "faults", `{"order":["fault-1","fault-1"]}`, 400, `rule \"fault-1\" is there twice`},
	"a rule that is not there has no place":    {nil, "PUT", "faults", `{"order":["fault-1"]}`, 404, `"hint":"GET /_mockdesk/faults lists the rules"`},
	"an order is a list":                       {nil, "PUT", "faults", `{"order":"fault-1"}`, 400, "order"},
	"a rule that is off is kept":               {[]string{`POST faults {"disabled":true,"then":{"malformed":true}}`}, "GET", "faults", "", 200, `"disabled":true`},
	"a rule is off or on":                      {nil, "POST", "faults", `{"disabled":"yes","then":{"malformed":true}}`, 400, `"hint":"disabled: true"`},
	"a rule that is used up says so":           {[]string{`POST faults {"when":{"for":"30s"},"then":{"malformed":true}}`, `POST clock/advance {"by":"30s"}`}, "GET", "faults", "", 200, `"spent":true`},
	"a body is cut in the middle":              {nil, "POST", "faults", `{"then":{"body":{"cut_share":0.5}}}`, 201, `"cut_share":0.5`},
	"a body is cut within it":                  {nil, "POST", "faults", `{"then":{"body":{"cut_share":1}}}`, 400, "cut_share is not between 0 and 1"},
	"a body is cut at one place":               {nil, "POST", "faults", `{"then":{"body":{"cut_share":0.5,"cut_after":3}}}`, 400, "body needs one of cut_after, cut_share, stall_after"},
	"the clock runs":                           {nil, "GET", "clock", "", 200, `"frozen":false,"offset":"0s"`},
	"no clock without a workspace":             {nil, "GET", "clock?workspace=nix", "", 404, "there is no workspace"},
	"the clock is frozen at an instant":        {nil, "PUT", "clock", `{"mode":"frozen","at":"2025-06-02T09:00:00+02:00"}`, 200, `{"now":"2025-06-02T07:00:00Z","frozen":true`},
	"the clock is frozen where it is":          {nil, "PUT", "clock", `{"mode":"frozen"}`, 200, `"frozen":true`},
	"the clock is set free":                    {[]string{`PUT clock {"mode":"frozen"}`}, "PUT", "clock", `{"mode":"real"}`, 200, `"frozen":false`},
	"a real clock is not set":                  {nil, "PUT", "clock", `{"mode":"real","at":"2025-06-02T09:00:00Z"}`, 400, "clock/advance moves it"},
	"a clock has two modes":                    {nil, "PUT", "clock", `{"mode":"fast"}`, 400, `mode \"fast\" is not real or frozen`},
	"a clock needs a wish":                     {nil, "PUT", "clock", ``, 400, "is not real or frozen"},
	"a clock does not take a PATCH":            {nil, "PATCH", "clock", `{}`, 405, "use GET, HEAD, PUT"},
	"a running clock is advanced":              {nil, "POST", "clock/advance", `{"by":"90s"}`, 200, `"frozen":false,"offset":"1m30s"`},
	"a frozen clock is advanced":               {[]string{`PUT clock {"mode":"frozen","at":"2025-06-02T09:00:00Z"}`}, "POST", "clock/advance", `{"by":"1h"}`, 200, `{"now":"2025-06-02T10:00:00Z","frozen":true`},
	"a clock is advanced by a duration":        {nil, "POST", "clock/advance", `{"by":"soon"}`, 400, `by \"soon\" is not a duration`},
	"a clock is not advanced by a number":      {nil, "POST", "clock/advance", `{"by":30}`, 400, `{"error":"by 30 is not a duration, such as 30s","hint":"{\"by\":\"30s\"}"}`},
	"a clock is not advanced without a unit":   {nil, "POST", "clock/advance", `{"by":"1"}`, 400, `{"error":"by \"1\" is not a duration","hint":"{\"by\": \"1s\"}"}`},
	"a clock is not frozen on a day":           {nil, "PUT", "clock", `{"mode":"frozen","at":"2025-06-02"}`, 400, `{"error":"at \"2025-06-02\" is no instant","hint":"write it as 2025-06-02T12:00:00Z"}`},
	"a clock is not frozen without an offset":  {nil, "PUT", "clock", `{"mode":"frozen","at":"2025-06-02 09:00"}`, 400, `"hint":"write it as 2025-06-02T12:00:00Z"`},
	"a clock is not frozen without seconds":    {nil, "PUT", "clock", `{"mode":"frozen","at":"2025-06-02T09:00Z"}`, 400, `"hint":"write it as 2025-06-02T09:00:00Z"`},
	"a clock is not frozen at a number":        {nil, "PUT", "clock", `{"mode":"frozen","at":1748854800}`, 400, `"error":"at 1748854800 is no instant"`},
	"a clock that is said to be running":       {nil, "PUT", "clock", `{"mode":"running"}`, 400, `"hint":"{\"mode\": \"real\"}, or {\"mode\": \"frozen\", \"at\": \"2025-06-02T09:00:00Z\"}"`},
	"a clock keeps to years that can be told":  {nil, "PUT", "clock", `{"mode":"frozen","at":"9999-12-31T23:59:59-01:00"}`, 400, "a clock shows the years 1 to 9000"},
	"a clock is not advanced beyond them":      {[]string{`PUT clock {"mode":"frozen","at":"8999-01-01T00:00:00Z"}`}, "POST", "clock/advance", `{"by":"87600h"}`, 400, "a clock shows the years 1 to 9000"},
	"no workspace begins beyond them":          {nil, "POST", "workspaces", `{"name":"a","frozen_at":"9999-12-31T23:59:59-01:00"}`, 400, "frozen_at 9999-12-31T23:59:59-01:00: a clock shows"},

	"keys are listed without secrets":         {nil, "GET", "keys", "", 200, `"service":"inboxops","kind":"read-write","key":"ixk_…te","revoked":false`},
	"keys need a workspace that there is":     {nil, "GET", "keys?workspace=nix", "", 404, "there is no workspace"},
	"every key is changed":                    {nil, "PATCH", "keys", `{"revoked":true}`, 200, `"kind":"reconnect","key":"ah_k…ct","revoked":true`},
	"keys have no unknown state":              {nil, "PATCH", "keys", `{"admin":true}`, 400, `"hint":"the members are revoked, read_only, unentitled, outsider, reconnect"`},
	"keys have no misspelt state":             {nil, "PATCH", "keys", `{"revokd":true}`, 400, `{"error":"there is no member \"revokd\"","hint":"did you mean revoked?"}`},
	"the state of a key is true or false":     {nil, "PATCH", "keys", `{"revoked":"yes"}`, 400, `{"error":"revoked \"yes\" is not true or false","hint":"{\"revoked\":true}"}`},
	"the kind of a key has a dash":            {nil, "PATCH", "keys/inboxops/readwrite", `{}`, 404, `and kind \"readwrite\"","hint":"did you mean read-write?"`},
	"the kinds of a key are told":             {nil, "PATCH", "keys/apphandoff/owner", `{}`, 404, `"hint":"the kinds of apphandoff are member, `},
	"the services of keys are told":           {nil, "PATCH", "keys/zendesk/owner", `{}`, 404, `"hint":"the services are inboxops, apphandoff"`},
	"a key is changed":                        {nil, "PATCH", "keys/inboxops/read-write", `{"read_only":true}`, 200, `"revoked":false,"read_only":true`},
	"what is left out of a key stays":         {[]string{`PATCH keys/inboxops/read-write {"read_only":true}`}, "PATCH", "keys/inboxops/read-write", `{"unentitled":true}`, 200, `"read_only":true,"unentitled":true`},
	"a key of InboxOps cannot reconnect":      {nil, "PATCH", "keys/inboxops/read-write", `{"reconnect":true}`, 400, `{"error":"reconnect means nothing to a key of inboxops","hint":"PATCH /_mockdesk/keys/apphandoff/member"}`},
	"a key of InboxOps is no outsider":        {nil, "PATCH", "keys/inboxops/read-only", `{"outsider":true}`, 400, "outsider means nothing to a key of inboxops"},
	"a key of AppHandoff only reads":          {nil, "PATCH", "keys/apphandoff/member", `{"read_only":true}`, 400, `{"error":"read_only means nothing to a key of apphandoff","hint":"PATCH /_mockdesk/keys/inboxops/read-write"}`},
	"what is not so may be said of all":       {nil, "PATCH", "keys/inboxops/read-only", `{"outsider":false,"reconnect":null}`, 200, `"outsider":false`},
	"all keys that can, reconnect":            {nil, "PATCH", "keys", `{"reconnect":true}`, 200, `"kind":"read-write","key":"ixk_…te","revoked":false,"read_only":false,"unentitled":false,"outsider":false,"reconnect":false`},
	"a key that there is not":                 {nil, "PATCH", "keys/inboxops/member", `{}`, 404, `no key of service \"inboxops\" and kind \"member\"`},
	"the rate limit is read":                  {nil, "GET", "rate-limit", "", 200, `{"rate_limit":"off","windows":[{"keys":["inboxops/read-write","inboxops/read-only","inboxops/revoked","inboxops/unentitled"],"used":0},{`},
	"the rate limit is of a workspace":        {nil, "GET", "rate-limit?workspace=nix", "", 404, "there is no workspace"},
	"the rate limit is set":                   {nil, "PUT", "rate-limit", `{"rate_limit":"2/1m"}`, 200, `"used":0,"remaining":2`},
	"the rate limit has a form":               {nil, "PUT", "rate-limit", `{"rate_limit":"2 per minute"}`, 400, `"hint":"100/1m"`},
	"the rate limit is not switched off idly": {nil, "PUT", "rate-limit", `{}`, 400, "rate_limit is missing"},

	"a desk does not live":            {nil, "GET", "life", "", 200, `{"life":"off","rate":"off"}`},
	"a desk lives from now on":        {[]string{`PUT clock {"mode":"frozen","at":"2025-06-02T09:00:00Z"}`}, "PUT", "life", `{"life":"calm"}`, 200, `{"life":"calm","rate":"6/1h","since":"2025-06-02T09:00:00Z","next":"2025-06-02T09:`},
	"a desk lives at a rate":          {nil, "PUT", "life", `{"life":"5/1d"}`, 200, `{"life":"5/1d","rate":"5/1d","since"`},
	"life is of a workspace":          {nil, "GET", "life?workspace=nix", "", 404, "there is no workspace"},
	"life has a form":                 {nil, "PUT", "life", `{"life":"lively"}`, 400, `"hint":"30/1h"`},
	"life has bounds":                 {nil, "PUT", "life", `{"life":"5000/1h"}`, 400, `life 5000/1h is more than one event a second`},
	"life is not switched off idly":   {nil, "PUT", "life", `{}`, 400, "life is missing"},
	"a new workspace may live":        {nil, "POST", "workspaces", `{"name":"a","life":"busy"}`, 201, `"life":"busy"`},
	"a new workspace lives at a rate": {nil, "POST", "workspaces", `{"name":"a","life":"much"}`, 400, `life \"much\" is not off`},

	"no faults are listed":                     {nil, "GET", "faults", "", 200, `{"faults":[]}`},
	"faults are listed with counts":            {[]string{"POST presets/slow"}, "GET", "faults", "", 200, `"matched":0,"fired":0`},
	"faults are of a workspace":                {nil, "GET", "faults?workspace=nix", "", 404, "there is no workspace"},
	"a rule is put in force":                   {nil, "POST", "faults", `{"match":{"operation":"listTickets"},"then":{"status":{"code":429}}}`, 201, `{"id":"fault-1","match":{"operation":"listTickets"},"then":{"status":{"code":"429"}}}`},
	"a rule shows no key":                      {nil, "POST", "faults", `{"match":{"key":"ixk_test_readonly"},"then":{"malformed":true}}`, 201, `"match":{"service":"inboxops","key_kind":"read-only"}`},
	"a rule for a key of nobody":               {nil, "POST", "faults", `{"match":{"key":"ixk_prod_0123456789"},"then":{"malformed":true}}`, 400, "match.key ixk_…89 can never match"},
	"a rule for a key of another kind":         {nil, "POST", "faults", `{"match":{"key":"ixk_test_readonly","key_kind":"read-write"},"then":{"malformed":true}}`, 400, "the key is read-only of inboxops"},
	"a rule for a misspelt operation":          {nil, "POST", "faults", `{"match":{"operation":"listTickts"},"then":{"malformed":true}}`, 400, `no operation has operation \"listTickts\"","hint":"did you mean listTickets?"`},
	"a rule with a misspelt member":            {nil, "POST", "faults", `{"mach":{},"then":{"malformed":true}}`, 400, `there is no member \"mach\"","hint":"did you mean match?"`},
	"a rule for no operation":                  {nil, "POST", "faults", `{"match":{"operation":"listTasks"},"then":{"malformed":true}}`, 400, "match can never match"},
	"a rule writes no empty Content-Type":      {nil, "POST", "faults", `{"then":{"malformed":true,"content_type":""}}`, 400, `{"error":"line 1: content_type \"\" is written, but stands for none","hint":"leave it out"}`},
	"a rule writes no empty connection":        {nil, "POST", "faults", `{"then":{"malformed":true,"connection":""}}`, 400, `{"error":"line 1: connection \"\" is written, but stands for none","hint":"leave it out"}`},
	"a mean of zero is a mean":                 {nil, "POST", "faults", `{"then":{"latency":{"mean":"0s","deviation":"1s"}}}`, 400, `latency deviation needs a mean above 0s`},
	"a rule needs an effect":                   {nil, "POST", "faults", `{}`, 400, "then has no effect"},
	"a rule is not empty":                      {nil, "POST", "faults", ``, 400, "the body is empty"},
	"a rule is not very large":                 {nil, "POST", "faults", large, 413, "larger than"},
	"an id is given once":                      {[]string{`POST faults {"id":"x","then":{"malformed":true}}`}, "POST", "faults", `{"id":"x","then":{"malformed":true}}`, 400, `id \"x\" is in force already`},
	"an id that no path could hold":            {nil, "POST", "faults", `{"id":"..","then":{"malformed":true}}`, 400, `id \"..\" is not 1 to 100 letters`},
	"an id that is taken is not given":         {[]string{`POST faults {"id":"fault-2","then":{"malformed":true}}`}, "POST", "faults", `{"then":{"malformed":true}}`, 201, `"id":"fault-3"`},
	"a rule is not replaced by one for nobody": {[]string{"POST presets/slow"}, "PUT", "faults/fault-1", `{"match":{"key":"ixk_prod_0123456789"},"then":{"malformed":true}}`, 400, "match.key ixk_…89 can never match"},
	"all rules are taken out of force":         {[]string{"POST presets/slow"}, "DELETE", "faults", "", 204, ""},
	"rules of nobody are not taken":            {nil, "DELETE", "faults?workspace=nix", "", 404, "there is no workspace"},
	"a rule is replaced":                       {[]string{"POST presets/flaky-5xx"}, "PUT", "faults/fault-2", `{"then":{"malformed":true}}`, 200, `{"id":"fault-2","then":{"malformed":true}}`},
	"a rule that there is not is not replaced": {nil, "PUT", "faults/fault-9", `{"then":{"malformed":true}}`, 404, `rule \"fault-9\": there is no such rule`},
	"a rule is not replaced by a wrong one":    {[]string{"POST presets/slow"}, "PUT", "faults/fault-1", `{"then":{"latency":{}}}`, 400, "latency needs one of"},
	"a rule is taken out of force":             {[]string{"POST presets/slow"}, "DELETE", "faults/fault-1", "", 204, ""},
	"a rule is taken out of force once":        {nil, "DELETE", "faults/fault-1", "", 404, `"hint":"GET /_mockdesk/faults lists the rules"`},
	"a state is exported":                      {nil, "GET", "case.yaml", "", 200, "rate_limit: off"},
	"a state is exported as requests found it": {nil, "GET", "case.yaml?state=found", "", 200, "rate_limit: off"},
	"there are two states to export":           {nil, "GET", "case.yaml?state=fuond", "", 400, `"hint":"did you mean found?"`},
	"nobody's state is not exported":           {nil, "GET", "case.yaml?workspace=nix", "", 404, "there is no workspace"},
	"a case is imported":                       {nil, "PUT", "case.yaml", "world: empty\n", 200, `"tickets":0`},
	"a wrong case is not imported":             {nil, "PUT", "case.yaml", "wrld: empty\n", 400, `case: line 1, column 1: there is no member \"wrld\"","hint":"did you mean world?"`},
	"an empty file is no case":                 {nil, "PUT", "case.yaml", "", 400, "the body is empty"},
	"what clients have sent is replayed":       {nil, "POST", "replay?of=clients", "", 200, `"opened":false,"others":0`},
	"no case was opened to be replayed":        {nil, "POST", "replay?of=opened", "", 400, "no case with requests was opened"},
	"there are two kinds of requests":          {nil, "POST", "replay?of=client", "", 400, `"hint":"did you mean clients?"`},
	"a case without requests is replayed":      {nil, "POST", "replay", "world: empty\n", 200, `{"same":false,"sent":0,"different":0,"left":0,"opened":false,"others":0,"requests":[],"uncounted":[]}`},
	"a case is replayed":                       {nil, "POST", "replay", "world: empty\nrequests: [{url: /api/v1/tickets, answer: {status: 401}}]\n", 200, `{"where":"header Content-Type","recorded":"nothing","now":"application/problem+json"}`},
	"a wrong case is not replayed":             {nil, "POST", "replay", "requests: [{}]\n", 400, `case: line 1, column 12: requests[0]: a request needs a url","hint":"url: /api/v1/tickets?status=open"`},
	"snapshots are compared":                   {[]string{"POST snapshot", `PUT rate-limit {"rate_limit":"2/1m"}`}, "GET", "compare?from=default", "", 200, `{"same":false,"settings":[{"member":"rate_limit","from":"off","to":"2/1m","words":"rate_limit: off → 2/1m"}],"desk":[]}`},
	"what is compared is there":                {nil, "GET", "compare?from=nix", "", 404, `there is no such snapshot","hint":"POST /_mockdesk/snapshot makes one`},
	"a comparison needs a snapshot":            {nil, "GET", "compare", "", 400, "the parameter from is missing"},
	"rules are exported":                       {[]string{"POST presets/recovering-outage"}, "GET", "faults.yaml", "", 200, "for: 30s"},
	"exported rules show no key":               {[]string{`POST faults {"match":{"key":"ixk_test_readonly"},"then":{"malformed":true}}`}, "GET", "faults.yaml", "", 200, "key_kind: read-only"},
	"rules of nobody are not exported":         {nil, "GET", "faults.yaml?workspace=nix", "", 404, "there is no workspace"},
	"rules are imported":                       {nil, "POST", "faults.yaml", "faults:\n  - then: {malformed: true}\n", 201, `{"faults":[{"id":"fault-1","then":{"malformed":true}}]}`},
	"imported rules are checked line by line":  {nil, "POST", "faults.yaml", "faults:\n  - then: {malformed: true}\n  - {}\n", 400, "line 3: rule 2: then has no effect"},
	"imported rules are for keys that are":     {nil, "POST", "faults.yaml", "faults:\n  - match: {key: ixk_prod_0123456789}\n    then: {malformed: true}\n", 400, "can never match"},
	"an empty file is no rules":                {nil, "POST", "faults.yaml", "", 400, "the body is empty"},
	"presets are listed":                       {nil, "GET", "presets", "", 200, `{"name":"rate-limit-burst","about":`},
	"the list of presets takes no parameter":   {nil, "GET", "presets?name=slow", "", 400, "there is no parameter"},
	"a preset is applied":                      {nil, "POST", "presets/read-only-key", "", 201, `"status":{"code":"insufficient_scope"}`},
	"a preset that there is not":               {nil, "POST", "presets/nix", "", 404, "the presets are rate-limit-burst"},
	"a misspelt preset":                        {nil, "POST", "presets/slo", "", 404, `{"error":"there is no preset \"slo\"","hint":"did you mean slow?"}`},

	"requests are listed":                     {nil, "GET", "requests", "", 200, `"url":"/api/v1/tickets?page=0"`},
	"requests are selected":                   {nil, "GET", "requests?status=2xx&service=inboxops&order=desc&limit=1&header=Authorization", "", 200, `{"requests":[]}`},
	"a filter that there is not":              {nil, "GET", "requests?code=400", "", 400, "the parameters are method, service"},
	"a filter with a wrong value":             {nil, "GET", "requests?status=bad", "", 400, `filter status \"bad\"`},
	"requests of nobody":                      {nil, "GET", "requests?workspace=nix", "", 404, "there is no workspace"},
	"a request is told":                       {nil, "GET", "requests/1", "", 200, `"why":"parameter page"`},
	"a request that there is not":             {nil, "GET", "requests/99", "", 404, "the journal has no request 99"},
	"a request has a number":                  {nil, "GET", "requests/first", "", 400, "is not the number of a request"},
	"the journal is emptied":                  {nil, "DELETE", "requests", "", 204, ""},
	"the journal of nobody is not emptied":    {nil, "DELETE", "requests?workspace=nix", "", 404, "there is no workspace"},
	"a stream is offered":                     {nil, "HEAD", "requests/stream", "", 200, ""},
	"a stream has filters":                    {nil, "GET", "requests/stream?status=bad", "", 400, `filter status`},
	"a stream does not take a POST":           {nil, "POST", "requests/stream", "", 405, "use GET, HEAD"},
	"an archive is exported":                  {nil, "GET", "requests.har", "", 200, `"creator":{"name":"mockdesk","version":"devel"}`},
	"an archive has filters":                  {nil, "GET", "requests.har?status=bad", "", 400, `filter status`},
	"requests are verified":                   {nil, "POST", "verify", `{"filter":{"operation":"listTickets","status":"4xx"},"exactly":1}`, 200, `{"ok":true,"expected":"exactly 1","actual":1`},
	"requests that did not come are told":     {nil, "POST", "verify", `{"filter":{"operation":"listTickets","status":200},"at_least":1}`, 200, `"condition":"status","want":"200","got":"400"`},
	"an expectation needs a number":           {nil, "POST", "verify", `{"filter":{}}`, 400, "the expectation has no number"},
	"an expectation has known members":        {nil, "POST", "verify", `{"times":1}`, 400, `{"error":"there is no member \"times\"","hint":"the members are filter, exactly, at_least, at_most, wait"}`},
	"an expectation has no misspelt member":   {nil, "POST", "verify", `{"atleast":1}`, 400, `"hint":"did you mean at_least?"`},
	"a filter has no misspelt member":         {nil, "POST", "verify", `{"filter":{"statsu":200},"exactly":1}`, 400, `{"error":"there is no member \"statsu\"","hint":"did you mean status?"}`},
	"a filter has no strange status":          {nil, "POST", "verify", `{"filter":{"status":[200]},"exactly":1}`, 400, "status [200] is neither a number nor a text"},
	"a filter has headers by name":            {nil, "POST", "verify", `{"filter":{"header":["Accept"]},"exactly":1}`, 400, "header […] is not a mapping of names to texts"},
	"a filter begins at an instant":           {nil, "POST", "verify", `{"filter":{"since":"2025-06-02"},"exactly":1}`, 400, `{"error":"since \"2025-06-02\" is no instant","hint":"write it as 2025-06-02T12:00:00Z"}`},
	"an expectation needs a whole number":     {nil, "POST", "verify", `{"exactly":"1"}`, 400, `{"error":"exactly \"1\" is not a whole number","hint":"{\"exactly\":1}"}`},
	"a misspelt kind is not counted":          {nil, "POST", "verify", `{"filter":{"key_kind":"read-onyl"},"exactly":0}`, 400, `"hint":"did you mean read-only?"`},
	"an empty condition is not counted":       {nil, "POST", "verify", `{"filter":{"method":""},"exactly":0}`, 400, `method \"\" is written, but stands for none`},
	"null is no condition":                    {nil, "POST", "verify", `{"filter":{"status":null,"method":null,"since":null},"exactly":1,"at_least":null}`, 200, `"ok":true`},
	"no filter is null":                       {nil, "POST", "verify", `{"filter":null,"exactly":1}`, 200, `"ok":true`},
	"all since the beginning are counted":     {nil, "POST", "verify", `{"filter":{"after":0},"exactly":1}`, 200, `"ok":true`},
	"what is behind all is not counted":       {nil, "POST", "verify", `{"filter":{"after":2},"exactly":0}`, 400, "filter after 2 selects nothing: the newest request is 1"},
	"a rule in force is counted":              {[]string{`POST faults {"id":"third-list","then":{"malformed":true}}`}, "POST", "verify", `{"filter":{"rule":"third-list"},"exactly":0}`, 200, `"ok":true`},
	"a misspelt rule is not":                  {[]string{`POST faults {"id":"third-list","then":{"malformed":true}}`}, "POST", "verify", `{"filter":{"rule":"thrid-list"},"exactly":0}`, 400, `"hint":"did you mean third-list?"`},
	"a rule that never was is not":            {nil, "GET", "requests?rule=fault-1", "", 400, "no such rule is in force or in the journal"},
	"what came is told in sum":                {nil, "GET", "verify/summary", "", 200, `"allowances":[],"early_retries":[],"more_early_retries":0,"waited":0,"unclear":0,"unwatched":0,"faults":[]}`},
	"what came to no workspace":               {nil, "GET", "verify/summary?workspace=nix", "", 404, "there is no workspace"},
	"early retries are told":                  {nil, "GET", "verify/retries", "", 200, `{"early":[],"waited":0,"not_retried":0,"meanwhile":0,"unclear":0,"unreadable":[],"missing":0}`},
	"early retries in no workspace":           {nil, "GET", "verify/retries?workspace=nix", "", 404, "there is no workspace"},
	"what a client holds is compared":         {nil, "POST", "verify/sync", `{"tickets":[{"id":"1003","updated_at":"2020-01-01T00:00:00Z"},{"id":"1003"},{"id":"7"}],"messages":{"1003":[]},"threads":[]}`, 200, `"stale":{"count":1,`},
	"what a client holds of one status":       {nil, "POST", "verify/sync", `{"where":"status=open","tickets":[]}`, 200, `{"complete":false,"held":0,`},
	"nothing cannot be compared":              {nil, "POST", "verify/sync", `{}`, 400, `{"error":"nothing is held: give tickets, messages or threads","hint":"{\"tickets\": []} when it holds none"}`},
	"a wrong query cannot be compared":        {nil, "POST", "verify/sync", `{"where":"statsu=open&status=x","tickets":[]}`, 400, `"hint":"status=open"`},
	"what is held has no misspelt member":     {nil, "POST", "verify/sync", `{"ticket":[]}`, 400, `"hint":"did you mean tickets?"`},
	"what is held has an id":                  {nil, "POST", "verify/sync", `{"tickets":[{"id":""}]}`, 400, `{"error":"tickets[0]: it needs an id, which is a text","hint":"\"id\": \"1001\""}`},
	"what is held has times":                  {nil, "POST", "verify/sync", `{"tickets":[{"id":"1003","updated_at":"yesterday"}]}`, 400, `{"error":"tickets[0]: updated_at \"yesterday\" is no instant","hint":"write it as 2025-06-02T12:00:00.000Z"}`},
	"what is held may be rows":                {nil, "POST", "verify/sync", `{"tickets":[{"id":"1003","subject":"x","assignee_id":null,"updated_at":"2020-01-01T00:00:00Z"}]}`, 200, `"stale":{"count":1,`},
	"what is held has no other member":        {nil, "POST", "verify/sync", `{"tickets":[{"id":"1003","updatedAt":"2020-01-01T00:00:00Z"}]}`, 400, `{"error":"tickets[0]: there is no member \"updatedAt\"","hint":"did you mean updated_at?"}`},
	"what is held is a list":                  {nil, "POST", "verify/sync", `{"tickets":{}}`, 400, `{"error":"tickets {…} is not a list","hint":"{\"tickets\":[]}"}`},
	"what is held has ids":                    {nil, "POST", "verify/sync", `{"tickets":[{"id":1003}]}`, 400, `{"error":"tickets[0]: it needs an id, which is a text","hint":"\"id\": \"1003\""}`},
	"what is held of messages is a mapping":   {nil, "POST", "verify/sync", `{"messages":{"1003":"a"}}`, 400, `"error":"messages {…} is not a mapping of ids to lists of ids"`},
	"a thread that is held is there":          {nil, "POST", "verify/sync", `{"threads":[{"project_id":"x","ticket_id":"y","messages":[]}]}`, 400, `there is no ticket y in a project x`},
	"a request is explained":                  {nil, "POST", "explain", `{"path":"/api/v1/tickets","key":"ixk_test_revoked"}`, 200, `{"status":401,"step":"key","why":"key revoked"`},
	"what is arranged is explained by name":   {[]string{`POST desk/tickets {"name":"stuck"}`}, "POST", "explain", `{"path":"/api/v1/tickets/1101/messages","key":"ixk_test_readwrite"}`, 200, `"ticket":"stuck"`},
	"a name is no id":                         {[]string{`POST desk/tickets {"name":"stuck"}`}, "POST", "explain", `{"path":"/api/v1/tickets/stuck/messages","key":"ixk_test_readwrite"}`, 200, `"why":"not_found; stuck is the name of a ticket whose number is 1101, and the path takes number or id"`},
	"a project's name is no id":               {[]string{`POST desk/projects {"name":"checkout"}`}, "POST", "explain", `{"path":"/api/projects/checkout/tickets/x/messages","key":"ah_k_test_member"}`, 200, `checkout is the name of the project `},
	"an explanation needs a path":             {nil, "POST", "explain", `{}`, 400, "is not a path that begins with a slash"},
	"an explanation needs a path of its own":  {nil, "POST", "explain", `{"path":"http://other.test/"}`, 400, "is not a path"},
	"the control API is not explained":        {nil, "POST", "explain", `{"path":"/_mockdesk/reset","method":"POST"}`, 400, "only requests to the services"},
	"an explanation needs a method":           {nil, "POST", "explain", `{"path":"/","method":"GET IT"}`, 400, "is not a method"},
	"an explanation needs a kind of key":      {nil, "POST", "explain", `{"path":"/","service":"inboxops","key_kind":"owner"}`, 400, `kind \"owner\"`},
	"an explanation needs kind and service":   {nil, "POST", "explain", `{"path":"/","key_kind":"owner"}`, 400, "need each other"},
	"an explanation needs one key":            {nil, "POST", "explain", `{"path":"/","service":"inboxops","key_kind":"read-only","key":"x"}`, 400, "two ways to say the same"},
	"what came before the clock was set back": {[]string{`PUT clock {"mode":"frozen","at":"2001-01-01T00:00:00Z"}`}, "GET", "requests?since=2001-01-02T00:00:00Z", "", 200, `"url":"/api/v1/tickets?page=0"`},
	"which is counted":                        {[]string{`PUT clock {"mode":"frozen","at":"2001-01-01T00:00:00Z"}`}, "POST", "verify", `{"filter":{"since":"2001-01-02T00:00:00Z"},"exactly":1}`, 200, `"ok":true`},

	"nothing is served elsewhere":         {nil, "GET", "nix", "", 404, `"hint":"GET /_mockdesk/openapi.yaml lists what is"`},
	"a path is misspelled":                {nil, "GET", "clok", "", 404, `"hint":"did you mean /_mockdesk/clock?"`},
	"a path under one is misspelled":      {nil, "PATCH", "fault/fault-1", "", 404, `"hint":"did you mean /_mockdesk/faults/fault-1?"`},
	"a path is not cleaned":               {nil, "GET", "/catalog", "", 404, "nothing is served at /_mockdesk//catalog"},
	"no operation lies under another one": {nil, "GET", "catalog/keys", "", 404, "nothing is served"},
}

func TestControl(t *testing.T) {
	t.Parallel()
	for name, c := range controlCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			f.get(readWrite, "/api/v1/tickets?page=0").want(400)
			for i, step := range c.steps {
				method, rest, _ := strings.Cut(step, " ")
				path, body, _ := strings.Cut(rest, " ")
				if body == "#" {
					body = fmt.Sprintf(`{"name":"%d"}`, i)
				}
				if a := f.control(method, path, body); a.Status > 299 {
					t.Fatalf("%s: %d %s", step, a.Status, a.Body)
				}
			}
			a := f.control(c.method, c.path, c.body)
			a.want(c.status)
			if !strings.Contains(a.Body, c.want) {
				t.Errorf("%s\ndoes not say %s", a.Body, c.want)
			}
			if allow := a.Header.Get("Allow"); a.Status == http.StatusMethodNotAllowed && (allow == "" || !strings.Contains(a.Body, allow)) {
				t.Errorf("Allow %q, but %s", allow, a.Body)
			}
		})
	}
}

// control sends a request to the control API.
func (f *fake) control(method, path, body string, headers ...string) *answer {
	f.t.Helper()
	kind := "application/json"
	if strings.HasPrefix(path, "faults.yaml") || strings.HasPrefix(path, "case.yaml") || path == "replay" {
		kind = "application/yaml"
	}
	return f.send(method, "", "/_mockdesk/"+path, body, append([]string{"Content-Type: " + kind}, headers...)...)
}

// Every operation of the contract has cases that succeed and, where it can
// fail by what is sent, cases that fail.
func TestControlCasesAreComplete(t *testing.T) {
	t.Parallel()
	contract, err := openapi.Load(openapi.Control)
	if err != nil {
		t.Fatal(err)
	}
	good, bad := map[string]bool{"streamRequests": true, "streamEvents": true}, map[string]bool{}
	for _, c := range controlCases {
		path, _, _ := strings.Cut(c.path, "?")
		op, _ := contract.Match(c.method, "/_mockdesk/"+path)
		if c.status < 300 {
			good[op.ID] = true
		} else {
			bad[op.ID] = true
		}
	}
	for _, op := range contract.Operations() {
		if !good[op.ID] || !bad[op.ID] {
			t.Errorf("%s has a good case: %v, a bad one: %v", op.ID, good[op.ID], bad[op.ID])
		}
	}
}

// What is sent as curl -d sends it is read as JSON.
func TestControlReadsBodiesOfAnyType(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	f.control("POST", "clock/advance", `{"by":"1m"}`, "Content-Type: application/x-www-form-urlencoded").want(200)
	f.control("POST", "clock/advance", `{"by":"1m"}`, "Content-Type: ").want(200)
}

func TestJSONIsReadAsJSON(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	for name, body := range map[string]string{
		"a number with a zero in front": `{"when":{"nth":010},"then":{"malformed":true}}`,
		"a hexadecimal number":          `{"when":{"nth":0x10},"then":{"malformed":true}}`,
		"a word of YAML":                `{"then":{"malformed":yes}}`,
		"a comma too many":              `{"then":{"malformed":true},}`,
	} {
		for _, path := range []string{"faults", "faults.yaml"} {
			if path == "faults.yaml" {
				body = `{"faults":[` + body + `]}`
			}
			a := f.control("POST", path, body, "Content-Type: application/json")
			if a.Status != 400 || !strings.Contains(a.Body, "the body is not JSON") {
				t.Errorf("%s at %s: %d %s", name, path, a.Status, a.Body)
			}
		}
	}
	a := f.control("POST", "faults", `{"match":{"header":{"X-Run":null}},"then":{"headers":{"set":{"X-A":"1","X-B":null}}}}`).want(201)
	if strings.Contains(a.Body, "X-Run") || strings.Contains(a.Body, "X-B") {
		t.Errorf("what is null is not left out: %s", a.Body)
	}
}

func TestKeysAreSecretOutsideTheCatalog(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	f.control("POST", "faults", `{"match":{"key":"`+readWrite+`"},"then":{"status":{"code":503}}}`).want(201)
	f.get(readWrite, "/api/v1/tickets?key="+readWrite).want(503)
	f.get("ixk_unknown_secret", "/api/v1/tickets").want(401)
	explained := f.control("POST", "explain", `{"path":"/api/v1/tickets?page=`+readWrite+`","key":"`+readWrite+`"}`).want(200)
	asked := 0
	for _, a := range []*answer{
		explained, f.control("GET", "workspaces", ""), f.control("GET", "workspaces/test", ""), f.control("POST", "snapshot", ""),
		f.control("GET", "keys", ""), f.control("PATCH", "keys", "{}"), f.control("GET", "rate-limit", ""),
		f.control("GET", "faults", ""), f.control("GET", "faults.yaml", ""), f.control("GET", "requests", ""),
		f.control("GET", "requests/1", ""), f.control("GET", "requests.har", ""), f.control("GET", "verify/retries", ""), f.control("GET", "verify/summary", ""),
		f.control("POST", "verify", `{"filter":{"header":{"Authorization":"x"}},"exactly":1}`),
	} {
		a.want(200)
		asked++
		for _, key := range append(f.Workspace("").Keys, nil) {
			secret := "ixk_unknown_secret"
			if key != nil {
				secret = key.Secret
			}
			if strings.Contains(a.Body, secret) {
				t.Errorf("answer %d tells %s: %s", asked, secret, a.Body)
			}
		}
	}
}

func TestControlGuard(t *testing.T) {
	t.Parallel()
	const outside = "Remote: 192.0.2.7:1234"
	tests := map[string]struct {
		token, method, path string
		headers             []string
		status              int
	}{
		"this machine may call":                           {"", "GET", "clock", nil, 200},
		"this machine may call by IPv6":                   {"", "GET", "clock", []string{"Remote: [::1]:1234", "Host: [::1]:4010"}, 200},
		"this machine may call by mapped IPv4":            {"", "GET", "clock", []string{"Remote: [::ffff:127.0.0.1]:1234"}, 200},
		"another machine may not call":                    {"", "GET", "clock", []string{outside}, 403},
		"an unreadable address may not call":              {"", "GET", "clock", []string{"Remote: @"}, 403},
		"this machine may call by its own proxy":          {"", "GET", "clock", []string{"X-Forwarded-For: 127.0.0.1"}, 200},
		"another may not call by a proxy here":            {"", "GET", "clock", []string{"X-Forwarded-For: 192.0.2.7"}, 403},
		"who a proxy was told of does not count":          {"", "GET", "clock", []string{"X-Forwarded-For: 127.0.0.1, 192.0.2.7"}, 403},
		"another may call by a proxy with the token":      {"sesame", "GET", "clock", []string{"X-Forwarded-For: 192.0.2.7", "X-Mockdesk-Token: sesame"}, 200},
		"a token nobody asked for does not help":          {"", "GET", "clock", []string{outside, "Authorization: Bearer "}, 403},
		"another machine may ask for health":              {"", "GET", "healthz", []string{outside, "Host: fake.example"}, 200},
		"another machine may ask for health with a token": {"sesame", "GET", "healthz", []string{outside}, 200},
		"another machine may call with the token":         {"sesame", "GET", "clock", []string{outside, "Authorization: Bearer sesame"}, 200},
		"the scheme has no case":                          {"sesame", "GET", "clock", []string{"Authorization: bearer  sesame"}, 200},
		"the token has a header of its own":               {"sesame", "GET", "clock", []string{outside, "X-Mockdesk-Token: sesame"}, 200},
		"the header of its own leaves the other free":     {"sesame", "GET", "clock", []string{"Authorization: Bearer " + readWrite, "X-Mockdesk-Token: sesame"}, 200},
		"this machine needs the token too":                {"sesame", "GET", "clock", nil, 401},
		"a wrong token is refused":                        {"sesame", "GET", "clock", []string{"Authorization: Bearer sesam"}, 401},
		"a longer token is refused":                       {"sesame", "GET", "clock", []string{"X-Mockdesk-Token: sesame2"}, 401},
		"another scheme is refused":                       {"sesame", "GET", "clock", []string{"Authorization: Basic sesame"}, 401},
		"localhost is this server":                        {"", "GET", "clock", []string{"Host: localhost:4010"}, 200},
		"LocalHost is this server":                        {"", "GET", "clock", []string{"Host: LocalHost"}, 200},
		"a listed name is this server":                    {"", "GET", "clock", []string{"Host: mockdesk:4010"}, 200},
		"another name is not":                             {"", "GET", "clock", []string{"Host: rebound.example:4010"}, 421},
		"a name that begins like one is not":              {"", "GET", "clock", []string{"Host: localhost.example"}, 421},
		"another address is not":                          {"", "GET", "clock", []string{"Host: 192.0.2.1:4010"}, 421},
		"another name is not, whatever the token":         {"sesame", "GET", "clock", []string{"Host: rebound.example", "X-Mockdesk-Token: sesame"}, 421},
		"the own page may write":                          {"", "POST", "reset", []string{"Origin: http://127.0.0.1:4010"}, 200},
		"the own page may write, says the browser":        {"", "POST", "reset", []string{"Origin: http://127.0.0.1:4010", "Sec-Fetch-Site: same-origin"}, 200},
		"another page may not write":                      {"", "POST", "reset", []string{"Origin: http://page.example"}, 403},
		"another port may not write":                      {"", "POST", "reset", []string{"Origin: http://127.0.0.1:3000"}, 403},
		"a page without an origin may not write":          {"", "POST", "reset", []string{"Origin: null"}, 403},
		"another site may not write":                      {"", "DELETE", "faults", []string{"Sec-Fetch-Site: cross-site"}, 403},
		"another page with the token may not write":       {"sesame", "PUT", "clock", []string{"Origin: http://page.example", "X-Mockdesk-Token: sesame"}, 403},
		"another page may read nothing useful":            {"", "GET", "clock", []string{"Origin: http://page.example"}, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100, AdminToken: test.token, Hosts: []string{"mockdesk"}})
			a := f.control(test.method, test.path, "", test.headers...).want(test.status)
			if a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("a page of another origin may read the answer")
			}
			if test.status < 400 {
				return
			}
			var refused struct{ Error, Hint string }
			if a.decode(&refused); refused.Error == "" || refused.Hint == "" {
				t.Errorf("%s does not teach", a.Body)
			}
			if strings.Contains(a.Body, "sesame") {
				t.Errorf("%s tells the token", a.Body)
			}
			if challenge := a.Header.Get("WWW-Authenticate"); (challenge == "Bearer") != (test.status == 401) {
				t.Errorf("WWW-Authenticate %q", challenge)
			}
		})
	}
}

// Every operation but health is guarded.
func TestControlGuardsEveryOperation(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{AdminToken: "sesame"})
	for _, op := range f.contract(openapi.Control).Operations() {
		path := strings.NewReplacer("{name}", "test", "{id}", "x", "{seq}", "1", "{service}", "inboxops", "{kind}", "read-only").Replace(op.Path)
		a := f.control(op.Method, strings.TrimPrefix(path, "/_mockdesk/"), "")
		if want := map[bool]int{true: 200, false: 401}[op.ID == "getHealth"]; a.Status != want {
			t.Errorf("%s: status %d, want %d", op.ID, a.Status, want)
		}
	}
}

// TestExplain says for each step of a request's way who decides.
func TestExplain(t *testing.T) {
	t.Parallel()
	const note = `"method":"POST","path":"/api/v1/tickets/1001/messages","headers":{"Content-Type":"application/json"},"body":{"type":"internal_note","body_text":"hi"}`
	tests := map[string]struct {
		levers    []string
		question  string
		status    int
		step, why string
	}{
		"an address that nobody serves":    {nil, `"path":"/api/v2/tickets","key":"ixk_test_readwrite"`, 404, "route", "not_found"},
		"a method that the path lacks":     {nil, `"method":"DELETE","path":"/api/v1/tickets"`, 405, "route", "method_not_allowed"},
		"no key":                           {nil, `"path":"/api/v1/tickets"`, 401, "key", "key missing"},
		"a key of nobody":                  {nil, `"path":"/api/v1/tickets","key":"ixk_nix"`, 401, "key", "key unknown"},
		"a key of the other service":       {nil, `"path":"/api/v1/tickets","key":"ah_k_other_member"`, 401, "key", "key unknown"},
		"a revoked key":                    {nil, `"path":"/api/v1/tickets","service":"inboxops","key_kind":"revoked"`, 401, "key", "key revoked"},
		"a key that is being revoked":      {[]string{`PATCH keys {"revoked":true}`}, `"path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 401, "key", "key revoked"},
		"a key in a header":                {nil, `"path":"/api/v1/tickets?per_page=1","headers":{"authorization":"Bearer ixk_other_readwrite"}`, 200, "operation", "nothing stands in the way of the operation"},
		"what a request prefers":           {nil, `"path":"/api/v1/tickets","key":"ixk_test_readwrite","headers":{"Prefer":"code=503"}`, 503, "prefer", "Prefer: code=503"},
		"what a request wrongly prefers":   {nil, `"path":"/api/v1/tickets","key":"ixk_test_readwrite","headers":{"Prefer":"code=418"}`, 400, "prefer", "parameter Prefer"},
		"a rule that refuses":              {[]string{"POST presets/rate-limit-burst"}, `"path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 429, "fault", "fault fault-1"},
		"a rule that breaks connections":   {[]string{`POST faults {"then":{"connection":"reset"}}`}, `"path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 0, "fault", "fault fault-1"},
		"a rule that cuts bodies":          {[]string{`POST faults {"then":{"body":{"cut_after":5}}}`}, `"path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 200, "operation", "fault fault-1"},
		"a key without entitlement":        {nil, `"path":"/api/v1/tickets","key":"ixk_test_unentitled"`, 403, "entitlement", "key without entitlement"},
		"a key that only reads":            {nil, note + `,"key":"ixk_test_readonly"`, 403, "scope", "key read-only"},
		"a full rate window":               {[]string{`PUT rate-limit {"rate_limit":"1/1m"}`, "API"}, `"path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 429, "rate-limit", "rate limit"},
		"a rate window with one place":     {[]string{`PUT rate-limit {"rate_limit":"1/1m"}`}, `"path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 200, "operation", "nothing stands in the way of the operation"},
		"a wrong parameter":                {nil, `"path":"/api/v1/tickets?status=shut","key":"ixk_test_readwrite"`, 400, "parameters", "parameter status"},
		"a ticket that there is not":       {nil, `"path":"/api/v1/tickets/1/messages","key":"ixk_test_readwrite"`, 404, "operation", "not_found"},
		"a note":                           {nil, note + `,"key":"ixk_test_readwrite"`, 201, "operation", "nothing stands in the way of the operation"},
		"a note whose body is a text":      {nil, strings.Replace(note, `{"type":"internal_note","body_text":"hi"}`, `"{\"type\":\"internal_note\",\"body_text\":\"hi\"}"`, 1) + `,"key":"ixk_test_readwrite"`, 201, "operation", "nothing stands in the way of the operation"},
		"a note that cannot be":            {nil, strings.Replace(note, "internal_note", "email", 1) + `,"key":"ixk_test_readwrite"`, 400, "parameters", "parameter type"},
		"the ticket service's other sides": {nil, `"method":"HEAD","path":"/api/v1/tickets","key":"ixk_test_readwrite"`, 200, "operation", "nothing stands in the way of the operation"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 100})
			f.control("POST", "workspaces", `{"name":"other"}`).want(201)
			for _, lever := range test.levers {
				if lever == "API" {
					f.get(readWrite, "/api/v1/tickets").want(200)
					continue
				}
				method, rest, _ := strings.Cut(lever, " ")
				path, body, _ := strings.Cut(rest, " ")
				f.control(method, path, body)
			}
			before := f.state()
			for range 2 {
				var got struct {
					Status    int
					Step, Why string
				}
				f.control("POST", "explain", "{"+test.question+"}").want(200).decode(&got)
				if got.Status != test.status || got.Step != test.step || got.Why != test.why {
					t.Errorf("got %+v, want %d, %s, %s", got, test.status, test.step, test.why)
				}
			}
			if diff := cmp.Diff(before, f.state()); diff != "" {
				t.Errorf("the question changed something (-before +after):\n%s", diff)
			}
		})
	}
}

// state is what of all workspaces a request could change.
func (f *fake) state() map[string]string {
	f.t.Helper()
	state := map[string]string{}
	for _, name := range []string{"test", "other"} {
		for _, path := range []string{"faults", "keys", "rate-limit", "requests"} {
			state[name+" "+path] = f.control("GET", path+"?workspace="+name, "").want(200).Body
		}
		state[name+" notes"] = fmt.Sprint(f.Workspace(name).Store.Notes())
	}
	return state
}

// What is explained is what happens: the next request gets it.
func TestExplainForetells(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	f.control("POST", "presets/flaky-5xx", "").want(201)
	seen := map[int]int{}
	for range 60 {
		var foretold struct{ Status int }
		f.control("POST", "explain", `{"path":"/api/v1/tickets?per_page=1","key":"ixk_test_readwrite"}`).want(200).decode(&foretold)
		a := f.get(readWrite, "/api/v1/tickets?per_page=1")
		if a.Status != foretold.Status {
			t.Fatalf("foretold %d, got %d", foretold.Status, a.Status)
		}
		seen[a.Status]++
	}
	if got := slices.Sorted(maps.Keys(seen)); !slices.Equal(got, []int{200, 500, 503}) {
		t.Errorf("statuses %v: the test has seen too little", seen)
	}
}

// A delay is told, not waited for.
func TestExplainTellsTheDelay(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	f.control("POST", "faults", `{"then":{"latency":{"fixed":"1m"}}}`).want(201)
	var got struct {
		Delay   string
		Effects json.RawMessage
	}
	f.control("POST", "explain", `{"path":"/api/v1/tickets","key":"ixk_test_readwrite"}`).want(200).decode(&got)
	if got.Delay != time.Minute.String() || string(got.Effects) != `{"latency":{"fixed":"1m0s"}}` {
		t.Errorf("got %+v", got)
	}
}
