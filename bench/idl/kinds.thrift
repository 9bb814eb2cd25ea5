// A field of every kind that all compared codecs know.
enum Color {
  RED = 1
  GREEN = 2
}

struct Inner {
  1: i32 id
  2: string name
  3: optional double weight
}

union Choice {
  1: string text
  2: i64 number
}

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
  10: Inner inner
  11: Choice choice
  12: list<i32> numbers
  13: set<string> words
  14: map<string, i32> totals
  15: list<Inner> inners
  16: map<i32, list<string>> lists
  17: optional string present
  18: optional string absent
  19: required i32 must
}

service Codec {
  Kinds kinds(1: Kinds value)
}
