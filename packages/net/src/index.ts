/** Bytes and sockets: slabs, write batching, timing wheel, connections and pools, listeners that recognise a protocol from its first bytes, TLS. */
export {};
