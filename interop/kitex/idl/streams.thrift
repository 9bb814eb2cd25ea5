// Streams of every kind, over Kitex's TTHeader streaming and over gRPC. What a server does with an item is said by the item's text,
// a verb with an argument after a colon if it needs one:
//
//   error, panic      the handler fails
//   business          a business error, 1001 "not enough" with `left` = `3`
//   status:N          a failure with gRPC's code N
//   seen              answers with what the server saw of the call, in `extra`
//   back              sends `extra` back as metadata of the reply, and echoes
//   header, trailer   sends `extra` in the header, or in the trailer, of a stream, and echoes
//   stop              ends a stream early
//   wait:KEY          waits until the call is given up, and notes so under KEY
//   noted:KEY         answers with the text `noted` once there is a note under KEY
//
// Anything else is echoed with the next number.
namespace go streams

struct Item {
  1: string text
  2: i64 number
  3: map<string, string> extra
}

service Streams {
  Item once(1: Item item)
  // Answers with the texts joined by spaces and the sum of the numbers.
  Item collect(1: Item item) (streaming.mode = "client")
  // Answers with `number` items, numbered from 0, and then does what the text says.
  Item expand(1: Item item) (streaming.mode = "server")
  // Answers each item.
  Item chat(1: Item item) (streaming.mode = "bidirectional")
}
