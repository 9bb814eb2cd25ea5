/** How a field's value is laid out: the last three bits of its tag (Protobuf, "Encoding"). */
export const VARINT = 0;
export const I64 = 1;
export const LEN = 2;
export const GROUP = 3;
export const END_GROUP = 4;
export const I32 = 5;
