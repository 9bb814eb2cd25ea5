package main

import (
	"context"
	"encoding/binary"
	"strings"

	"github.com/cloudwego/gopkg/bufiox"
	"github.com/cloudwego/gopkg/protocol/ttheader"
)

// headerVector is a TTHeader of its own with an opaque payload.
type headerVector struct {
	Name       string            `json:"name"`
	Hex        string            `json:"hex"`
	Flags      int               `json:"flags"`
	SeqID      int32             `json:"seqId"`
	ProtocolID int               `json:"protocolId"`
	Strings    map[string]string `json:"strings"`
	Integers   map[uint16]string `json:"integers"`
	Payload    string            `json:"payload"`
}

// Enough that a reader sees a message where it expects one.
const payload = "80010001000000046563686f0000000100"

func headerVectors() []headerVector {
	params := []struct {
		name  string
		param ttheader.EncodeParam
	}{
		{"nothing in it", ttheader.EncodeParam{SeqID: 1}},
		{"one string", ttheader.EncodeParam{SeqID: 2, StrInfo: map[string]string{"k": "v"}}},
		{"an empty value", ttheader.EncodeParam{SeqID: 2, StrInfo: map[string]string{"k": ""}}},
		{"one integer key", ttheader.EncodeParam{SeqID: 3, IntInfo: map[uint16]string{ttheader.LogID: "log"}}},
		{"an integer key nobody knows", ttheader.EncodeParam{SeqID: 3, IntInfo: map[uint16]string{65535: "x"}}},
		{"an access token alone", ttheader.EncodeParam{SeqID: 4, StrInfo: map[string]string{ttheader.GDPRToken: "secret"}}},
		{"an empty access token", ttheader.EncodeParam{SeqID: 4, StrInfo: map[string]string{ttheader.GDPRToken: ""}}},
		{"all three kinds", ttheader.EncodeParam{SeqID: 5, StrInfo: map[string]string{ttheader.GDPRToken: "secret", "isn": "Echo"}, IntInfo: map[uint16]string{ttheader.ToMethod: "echo"}}},
		{"multiplexed", ttheader.EncodeParam{SeqID: 6, Flags: ttheader.HeaderFlagSupportOutOfOrder}},
		{"every flag", ttheader.EncodeParam{SeqID: 7, Flags: ttheader.HeaderFlagSupportOutOfOrder | ttheader.HeaderFlagDuplexReverse | ttheader.HeaderFlagSASL}},
		{"protocol id 4", ttheader.EncodeParam{SeqID: 8, ProtocolID: ttheader.ProtocolIDKitexProtobuf}},
		{"a negative sequence id", ttheader.EncodeParam{SeqID: -1}},
		{"text that is not ASCII", ttheader.EncodeParam{SeqID: 9, StrInfo: map[string]string{"ключ": "漢字 😀"}}},
		{"a value of 300 bytes", ttheader.EncodeParam{SeqID: 10, StrInfo: map[string]string{"k": strings.Repeat("v", 300)}}},
		{"two strings", ttheader.EncodeParam{SeqID: 11, StrInfo: map[string]string{"a": "1", "b": "2"}}},
		{"three integer keys", ttheader.EncodeParam{SeqID: 12, IntInfo: map[uint16]string{ttheader.MeshVersion: "0", ttheader.RPCTimeout: "100", ttheader.FrameType: "2"}}},
	}
	vectors := make([]headerVector, len(params))
	for i, each := range params {
		strs, integers := each.param.StrInfo, each.param.IntInfo
		if strs == nil {
			strs = map[string]string{}
		}
		if integers == nil {
			integers = map[uint16]string{}
		}
		made := headerVector{
			Name: each.name, Flags: int(each.param.Flags), SeqID: each.param.SeqID, ProtocolID: int(each.param.ProtocolID),
			Strings: strs, Integers: integers, Payload: payload,
		}
		made.Hex = stable(func() []byte { return encodeHeader(each.param) })
		vectors[i] = made
	}
	return vectors
}

func encodeHeader(param ttheader.EncodeParam) []byte {
	// The encoder keeps the token out of the map it is given.
	strs := map[string]string{}
	for key, value := range param.StrInfo {
		strs[key] = value
	}
	param.StrInfo = strs
	var bytes []byte
	writer := bufiox.NewBytesWriter(&bytes)
	length, err := ttheader.Encode(context.Background(), param, writer)
	must(err)
	body := unhex(payload)
	_, err = writer.WriteBinary(body)
	must(err)
	binary.BigEndian.PutUint32(length, uint32(writer.WrittenLen()-4))
	must(writer.Flush())
	return bytes
}
