/** Which messages have a form of their own in JSON. */
export const WRAPPERS: ReadonlySet<string> = new Set(
  ["Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes"].map((each) => `google.protobuf.${each}Value`),
);

const SPECIAL: ReadonlySet<string> = new Set([
  ...WRAPPERS,
  ...["Any", "Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue"].map((each) => `google.protobuf.${each}`),
]);

/** Whether a message in an `Any` stands under `value`. */
export function isSpecial(name: string): boolean {
  return SPECIAL.has(name);
}
