/** TTHeader frames with any payload codec: metadata, multiplexing, drain, streaming. */
export {};
