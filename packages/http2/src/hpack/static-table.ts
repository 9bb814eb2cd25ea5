/** The fields both ends know from the start (RFC 7541, appendix A). The first has index 1. */
// biome-ignore format: a table
const ENTRIES: readonly (readonly [name: string, value?: string])[] = [
  [":authority"], [":method", "GET"], [":method", "POST"], [":path", "/"], [":path", "/index.html"], [":scheme", "http"],
  [":scheme", "https"], [":status", "200"], [":status", "204"], [":status", "206"], [":status", "304"], [":status", "400"],
  [":status", "404"], [":status", "500"], ["accept-charset"], ["accept-encoding", "gzip, deflate"], ["accept-language"],
  ["accept-ranges"], ["accept"], ["access-control-allow-origin"], ["age"], ["allow"], ["authorization"], ["cache-control"],
  ["content-disposition"], ["content-encoding"], ["content-language"], ["content-length"], ["content-location"], ["content-range"],
  ["content-type"], ["cookie"], ["date"], ["etag"], ["expect"], ["expires"], ["from"], ["host"], ["if-match"], ["if-modified-since"],
  ["if-none-match"], ["if-range"], ["if-unmodified-since"], ["last-modified"], ["link"], ["location"], ["max-forwards"],
  ["proxy-authenticate"], ["proxy-authorization"], ["range"], ["referer"], ["refresh"], ["retry-after"], ["server"], ["set-cookie"],
  ["strict-transport-security"], ["transfer-encoding"], ["user-agent"], ["vary"], ["via"], ["www-authenticate"],
];

/** Entries of the dynamic table have indices above it. */
export const STATIC_ENTRIES: number = ENTRIES.length;
/** By index; at 0 stands nothing. */
export const STATIC_NAMES: readonly string[] = ["", ...ENTRIES.map(([name]) => name)];
export const STATIC_VALUES: readonly string[] = ["", ...ENTRIES.map(([, value = ""]) => value)];

/** The key of a field in maps from fields to indices; no name has a NUL. */
export function fieldKey(name: string, value: string): string {
  return `${name}\0${value}`;
}

/** The index of a field that is in the table with this value. */
export const STATIC_FIELDS: ReadonlyMap<string, number> = new Map(
  ENTRIES.flatMap(([name, value], at) => (value === undefined ? [] : [[fieldKey(name, value), at + 1] as const])),
);

/** The first index of each name. */
export const STATIC_NAME_INDEX: ReadonlyMap<string, number> = new Map(ENTRIES.map(([name], at) => [name, at + 1] as const).toReversed());
