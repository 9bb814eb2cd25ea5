package main

import (
	"context"

	"kiteline/interop/kitex/kitex_gen/pb"
	"kiteline/interop/kitex/kitex_gen/streams"
)

// The generated interfaces name the streams each in its own way, which a generic type cannot have.

type thriftStreams struct{ behaviour[streams.Item] }

func (s *thriftStreams) Collect(ctx context.Context, stream streams.Streams_collectServer) error {
	return s.collect(ctx, stream)
}

func (s *thriftStreams) Expand(ctx context.Context, item *streams.Item, stream streams.Streams_expandServer) error {
	return s.expand(ctx, item, stream)
}

func (s *thriftStreams) Chat(ctx context.Context, stream streams.Streams_chatServer) error {
	return s.chat(ctx, stream)
}

type pbStreams struct{ behaviour[pb.Item] }

func (s *pbStreams) Collect(ctx context.Context, stream pb.PbStreams_CollectServer) error {
	return s.collect(ctx, stream)
}

func (s *pbStreams) Expand(ctx context.Context, item *pb.Item, stream pb.PbStreams_ExpandServer) error {
	return s.expand(ctx, item, stream)
}

func (s *pbStreams) Chat(ctx context.Context, stream pb.PbStreams_ChatServer) error {
	return s.chat(ctx, stream)
}
