/**
 * Values by example of Protobuf's messages, in their JSON form: zeros, with messages inside so that their fields are seen. A
 * mock answers with them, and an error about a request shows them.
 */
import { schema } from "@kiteline/protobuf";

type JsonObject = Record<string, unknown>;

/** Messages inside one another that are shown; deeper ones are left out, since descriptors can be endless. */
const MAX_DEPTH = 4;

/** Google's own types, which have forms of their own in JSON (protobuf.dev, "ProtoJSON Format"). */
const SPECIAL: Readonly<Record<string, unknown>> = {
  "google.protobuf.Any": {},
  "google.protobuf.Timestamp": "1970-01-01T00:00:00Z",
  "google.protobuf.Duration": "0s",
  "google.protobuf.FieldMask": "",
  "google.protobuf.Struct": {},
  "google.protobuf.Value": null,
  "google.protobuf.ListValue": [],
  "google.protobuf.BoolValue": false,
  "google.protobuf.StringValue": "",
  "google.protobuf.BytesValue": "",
  "google.protobuf.DoubleValue": 0,
  "google.protobuf.FloatValue": 0,
  "google.protobuf.Int32Value": 0,
  "google.protobuf.UInt32Value": 0,
  "google.protobuf.Int64Value": "0",
  "google.protobuf.UInt64Value": "0",
};

/** A message: of a oneof it has the first field, of optional scalars none. */
export function exampleMessage(type: schema.MessageType): unknown {
  return messageWithin(type, []);
}

/** A reply by example: fields that the request has by the same name and type are those of the request. */
export function exampleReply(type: schema.MessageType, requestType: schema.MessageType, request: unknown): unknown {
  const example = exampleMessage(type);
  if (isSpecial(type)) return type === requestType ? request : example;
  if (isSpecial(requestType)) return example;
  const given = request as JsonObject;
  const offered = type.fields.flatMap((field) => {
    const found = requestType.fields.find((each) => each.name === field.name && isSameType(each, field));
    return found === undefined || given[found.jsonName] === undefined ? [] : [[field.jsonName, given[found.jsonName]] as const];
  });
  return completeMessage(type, example, Object.fromEntries(offered));
}

/** The given fields of a message over those of its example; fields may be called as in the .proto file, too. */
export function completeMessage(type: schema.MessageType, example: unknown, given: unknown): unknown {
  if (isSpecial(type) || typeof given !== "object" || given === null || Array.isArray(given)) return given;
  const complete = { ...(example as JsonObject) };
  for (const [name, value] of Object.entries(given)) {
    const field = type.fields.find((each) => each.jsonName === name || each.name === name);
    // Another field of a oneof takes its place.
    for (const rival of field?.oneof?.fields ?? []) delete complete[rival.jsonName];
    complete[field?.jsonName ?? name] = value;
  }
  return complete;
}

function messageWithin(type: schema.MessageType, around: readonly schema.MessageType[]): unknown {
  if (isSpecial(type)) return SPECIAL[type.name];
  const inside = [...around, type];
  const isShown = (field: schema.Field): boolean => {
    const { shape, cardinality, presence, oneof } = field;
    if (cardinality !== "singular") return true;
    if (shape.kind === "message" && inside.includes(shape.message)) return false;
    if (presence === "required") return true;
    if (shape.kind === "message" && inside.length >= MAX_DEPTH) return false;
    return oneof === undefined ? presence === "implicit" || shape.kind === "message" : field === oneof.fields[0];
  };
  return Object.fromEntries(type.fields.filter(isShown).map((field) => [field.jsonName, fieldWithin(field, inside)]));
}

function fieldWithin({ cardinality, shape }: schema.Field, inside: readonly schema.MessageType[]): unknown {
  if (cardinality === "map") return {};
  if (cardinality === "repeated") return [];
  switch (shape.kind) {
    case "message":
      return messageWithin(shape.message, inside);
    case "enum":
      return shape.enum.values[0]?.name ?? 0;
    case "scalar":
      return zeroOf(shape);
  }
}

function zeroOf(shape: schema.ScalarShape): unknown {
  if (shape.scalar === "bool") return false;
  if (shape.scalar === "string" || shape.scalar === "bytes") return "";
  return schema.i64Form(shape) === undefined ? 0 : "0";
}

export function isSpecial({ name }: schema.MessageType): boolean {
  return Object.hasOwn(SPECIAL, name);
}

function isSameType(a: schema.Field, b: schema.Field): boolean {
  const sameKey = a.key?.scalar === b.key?.scalar;
  return a.cardinality === b.cardinality && sameKey && typeNameOf(a.shape) === typeNameOf(b.shape);
}

function typeNameOf(shape: schema.Shape): string {
  return shape.kind === "scalar" ? shape.scalar : shape.kind === "enum" ? shape.enum.name : shape.message.name;
}
