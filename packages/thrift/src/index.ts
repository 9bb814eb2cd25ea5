/** Thrift: binary and compact, framed and buffered, IDL at run time, generic calls. */
export {};
