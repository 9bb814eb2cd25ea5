// One service with everything that two implementations may understand differently. `Interop` and `Other` are served by one
// server beside `Echo`; `removed` is declared but served by nobody, so that calling it is calling an unknown method, and the
// same of `Missing`, an unknown service.
namespace go interop

include "echo.thrift"

typedef i64 Moment

enum Color {
  RED = 1
  GREEN = 2
  FAR = 2147483647
}

struct Inner {
  1: i32 id
  2: optional string name
  3: optional Inner next
}

union Choice {
  1: string text
  2: i64 number
  3: Inner inner
}

// A field of every kind.
struct Kinds {
  1: bool flag
  2: byte small
  3: i16 medium
  4: i32 normal
  5: i64 large
  6: double real
  7: string text
  8: binary bytes
  9: Color color
  10: Moment moment
  11: Inner inner
  12: Choice choice
  13: list<i32> numbers
  14: set<string> words
  15: map<string, i64> totals
  16: list<Inner> inners
  17: map<i32, list<string>> lists
  18: list<map<i64, set<i16>>> nested
  19: list<list<list<double>>> cube
  20: list<bool> flags
  21: list<binary> blobs
  22: map<Color, Inner> byColor
  // Ids out of order and far apart, as old IDLs have them.
  -3: optional string negative
  32767: optional string last
  40: optional bool maybeFlag
  41: optional byte maybeSmall
  42: optional i16 maybeMedium
  43: optional i32 maybeNormal
  44: optional i64 maybeLarge
  45: optional double maybeReal
  46: optional string maybeText
  47: optional binary maybeBytes
  48: optional Color maybeColor
  49: optional list<string> maybeList
  50: optional map<string, string> maybeMap
  51: required string must
  52: string preset = "preset"
  53: optional i32 presetNumber = 7
}

exception NotFound {
  1: string key
  2: i32 code
}

exception Denied {
  1: string reason
  2: optional list<string> roles
}

// What a server saw of a call besides its arguments.
struct Seen {
  1: string service
  2: string method
  3: string caller
  4: string protocol
  5: map<string, string> persistent
  6: map<string, string> transient
  // TTHeader's string and integer keys as they came.
  7: map<string, string> strings
  8: map<i32, string> integers
  // Milliseconds until the handler's deadline; absent when there is none.
  9: optional i64 leftMs
}

service Interop {
  Kinds kinds(1: Kinds value)
  void nothing()
  void store(1: string key, 2: binary value, 3: i64 expiry)
  string join(1: string a, 2: i32 b, 3: bool c, 4: list<string> d, 5: Inner e)
  oneway void note(1: string key, 2: string text)
  // What `note` and `store` left under the key.
  list<string> noted(1: string key)
  // `what`: notFound, denied, error, panic; anything else is returned.
  string fail(1: string what) throws (1: NotFound notFound, 2: Denied denied)
  void failQuietly(1: string what) throws (1: NotFound notFound)
  string business(1: i32 status, 2: string message, 3: map<string, string> extra)
  // Returns after `ms`, or fails when the caller's deadline passes first.
  string sleep(1: i32 ms)
  // Sends `backward` with the reply.
  Seen reflect(1: map<string, string> backward)
  // Returns `content`, or `bytes` bytes when that is not 0.
  binary body(1: binary content, 2: i32 bytes)
  string removed()
}

service Other {
  // Answers with `other:` before the action, so that a mistaken service shows.
  echo.Resp echo(1: echo.Req req)
  string name()
}

service Missing {
  string anything()
}
