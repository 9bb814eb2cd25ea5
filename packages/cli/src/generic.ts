/** How the tool looks at messages, on both sides. */
import type { GenericJsonOptions } from "@kiteline/thrift";

/** Arguments by name, in the IDL's names; 64-bit integers as strings; what the IDL does not have is an error. */
export const GENERIC: GenericJsonOptions = { mode: "json", byName: true, i64: "string", goTags: false, strictNames: true };
