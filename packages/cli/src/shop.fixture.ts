/** A service of Protobuf with a method of every kind, for tests. */
export const SHOP = `syntax = "proto3";
package acme.v1;
import "google/protobuf/any.proto";
import "google/protobuf/empty.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Size { SIZE_UNSPECIFIED = 0; SIZE_LARGE = 1; }
message Item { string name = 1; int64 weight = 2; }
message Order {
  string id = 1; int64 count = 2; repeated Item items = 3; optional string note = 4; Size size = 5;
  google.protobuf.Timestamp at = 6; oneof pay { string card = 7; Item swap = 8; } Order parent = 9; google.protobuf.Any extra = 10;
  google.protobuf.StringValue nick = 11; bytes raw = 12; map<string, int64> tags = 13; string user_name = 14;
}
message Receipt { string id = 1; int32 count = 2; repeated Item items = 3; Size size = 4; Item first = 5; string user_name = 6; string currency = 7; google.protobuf.Any extra = 8; }
service Shop {
  rpc Buy(Order) returns (Receipt);
  rpc Watch(Order) returns (stream Receipt);
  rpc Collect(stream Order) returns (Receipt);
  rpc Chat(stream Order) returns (stream Receipt);
  rpc Ping(google.protobuf.Empty) returns (google.protobuf.Empty);
  rpc Name(google.protobuf.StringValue) returns (google.protobuf.StringValue);
}
`;
