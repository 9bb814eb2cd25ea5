/** Sources of snapshots: static, file, DNS; the contract of registration. Registries with a server are packages of their own. */
export { fileSource, type FileSourceOptions } from "./file-source.ts";
export { staticSource, type StaticSource } from "./static-source.ts";
export { resolveNames, type DnsOptions, type Lookup } from "./dns-source.ts";

// For authors of sources.
export { Publisher } from "./publisher.ts";
