// Streams of every kind, over Kitex's TTHeader streaming and over gRPC. What a server does with an item is said by its text: see
// `behaviour` in cmd/server.
namespace go streams

struct Item {
  1: string text
  2: i64 number
  3: map<string, string> extra
}

service Streams {
  Item once(1: Item item)
  // The same as a stream of one message each way, as Kitex carries it over gRPC.
  Item onceStreamed(1: Item item) (streaming.mode = "unary")
  // Answers with the texts joined and the sum of the numbers.
  Item collect(1: Item item) (streaming.mode = "client")
  // Answers with `number` items, numbered from 0.
  Item expand(1: Item item) (streaming.mode = "server")
  // Answers each item.
  Item chat(1: Item item) (streaming.mode = "bidirectional")
}
