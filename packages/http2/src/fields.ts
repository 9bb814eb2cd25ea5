/** Header fields: as they come, and as they are sent. */

/** What a field counts beyond its text, in every limit and table. */
export const FIELD_OVERHEAD_BYTES = 32;

/**
 * A header block that came, checked: what HTTP/2 itself names by properties, the rest in the order it came. Never changed, so it
 * may be kept; when the same bytes come again the same object comes again, and readers may note in `memo` what they made of it.
 *
 * Values are read as ISO 8859-1: each character is one byte of the wire.
 */
export class Fields {
  /** `:method`, of a request; else empty. */
  method = "";
  /** `:scheme`, of a request; else empty. */
  scheme = "";
  /** `:authority`, of a request; empty when it has none. */
  authority = "";
  /** `:path`, of a request; else empty. */
  path = "";
  /** `:status`, of a response; else 0. */
  status = 0;
  /** The names of all other fields, in lower case; each belongs to the value at its place. */
  readonly names: string[] = [];
  readonly values: string[] = [];
  /** For whoever reads the fields: what it understood of them. */
  memo: unknown = undefined;

  /** The first value of a field; undefined when it is not there. */
  get(name: string): string | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.values[at];
  }
}

/** Fields that vary from message to message, flat: name, value, name, value. Names in lower case, values of ISO 8859-1 without line breaks. */
export type ExtraFields = readonly string[];

/**
 * Fields that are sent again and again, such as a method's request headers. Make it once and keep it: each connection remembers
 * how it encodes it, a byte per field once its peer knows them. Throws a `TypeError` for names and values that HTTP/2 cannot carry.
 */
export class PreparedFields {
  readonly list: readonly (readonly [name: string, value: string])[];
  /** What a peer counts for them (RFC 9113, section 6.5.2). */
  readonly listBytes: number;

  /** In the order they are to be sent: those that begin with a colon first. */
  constructor(list: readonly (readonly [name: string, value: string])[]) {
    for (const [name, value] of list) {
      checkName(name);
      checkValue(name, value);
    }
    this.list = list;
    this.listBytes = list.reduce((sum, [name, value]) => sum + name.length + value.length + FIELD_OVERHEAD_BYTES, 0);
  }
}

/** Throws a `TypeError` unless `name` may travel: a token in lower case, or a pseudo-header (RFC 9113, section 8.2.1). */
export function checkName(name: string): void {
  if (!/^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) {
    throw new TypeError(`"${name}" cannot be the name of a header field: expected lower-case letters, digits and !#$%&'*+-.^_\`|~`);
  }
}

/** Throws a `TypeError` unless `value` may travel. */
export function checkValue(name: string, value: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is forbidden
  if (/[\0\r\n]|[^\0-\xff]/.test(value) || /^[ \t]|[ \t]$/.test(value)) {
    throw new TypeError(
      `the value of header field "${name}" cannot travel: expected characters up to U+00FF without line breaks, NUL, and spaces at its ends; encode it first`,
    );
  }
}
