// Prints golden vectors as JSON: bytes made by Kitex's own codecs and what they hold (package form). The same run gives the
// same bytes: see stable.
package main

import (
	"encoding/hex"
	"encoding/json"
	"log"
	"os"
)

type document struct {
	// About says how to read the rest.
	About    string            `json:"about"`
	IDL      map[string]string `json:"idl"`
	Structs  []structVector    `json:"structs"`
	Messages []messageVector   `json:"messages"`
	Headers  []headerVector    `json:"headers"`
	// Protobuf are messages of Kitex Protobuf, and ProtobufIDL is what they are of.
	Protobuf    []messageVector `json:"protobuf"`
	ProtobufIDL string          `json:"protobufIdl"`
}

const about = "Made by interop/kitex/cmd/vectors with Kitex v0.16.2 from the IDL within; hex is what Kitex wrote. " +
	"Values: i64 is a string, double a number or NaN, Infinity, -Infinity, -0 as strings, binary is base64, a map is an array of pairs, " +
	"a union is an object with one field. A message's body is its arguments or its result struct by field name; of Protobuf it is the " +
	"message itself, with numbers and maps as JSON has them."

func main() {
	out := document{
		About:    about,
		IDL:      map[string]string{"echo.thrift": read("idl/echo.thrift"), "interop.thrift": read("idl/interop.thrift")},
		Structs:  structVectors(),
		Messages: messageVectors(),
		Headers:  headerVectors(),

		Protobuf:    protobufVectors(),
		ProtobufIDL: read("idl/pb_streams.proto"),
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	must(encoder.Encode(out))
}

func read(path string) string {
	text, err := os.ReadFile(path)
	must(err)
	return string(text)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func unhex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	must(err)
	return bytes
}

// Enough for every order of a map of a few entries to have been seen.
const encodings = 2000

// stable is the smallest of many encodings of one value: Go walks a map in another order each time, and one of the orders has
// to be chosen if the next run is to agree with this one.
func stable(encode func() []byte) string {
	least := hex.EncodeToString(encode())
	for range encodings {
		if again := hex.EncodeToString(encode()); again < least {
			least = again
		}
	}
	return least
}
