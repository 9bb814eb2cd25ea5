/** Structs, none of whose fields is required, in every place that a value can have. */

typedef i64 (js.type = "number") Millis

struct Order {
  1: string title
  2: list<Line> lines
  3: set<string> tags
  4: map<string, list<i32>> sales
  5: binary image
  6: optional Buyer buyer
  7: i32 copies
  8: optional Order next
  9: list<string> words
  10: optional Refused refused
}

struct Line {
  1: i32 price
  2: optional Millis until
}

/** Of nothing. */
struct Buyer {}

union Place {
  1: string shelf
  2: list<string> rooms
  3: Line line
}

exception Refused {
  1: list<string> reasons
}

service Orders {
  Order find(1: Order like, 2: i32 most)
  Place move(1: Place place) throws (1: Refused refused)
  list<string> names(1: list<string> names)
}
