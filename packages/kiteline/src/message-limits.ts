/** What a message may hold beside its bytes, in the words of the formats that read it. */
import type { ThriftLimits } from "@kiteline/thrift";

/** A few bytes of a message can become many objects: more than this is taken for hostile. */
export interface MessageLimits {
  /**
   * Structs or messages inside one another, at most 1000. Defaults to 64 for Thrift, which counts structs that can hold themselves (in what
   * is written all), and to 100 for Protobuf.
   */
  readonly maxDepth?: number | undefined;
  /** Elements of all containers of a message of Thrift together. Defaults to 2 097 152: as many 64-bit numbers as fill 16 MiB. */
  readonly maxContainerElements?: number | undefined;
  /** Messages, map entries and unknown fields inside a message of Protobuf, all together. Defaults to 1 048 576. */
  readonly maxMessages?: number | undefined;
}

/** What messages that are received are held against. */
export interface ReceivedLimits {
  readonly maxReceivedBytes: number;
  readonly limits: MessageLimits;
}

export function thriftLimits({ maxReceivedBytes, limits: { maxDepth, maxContainerElements } }: ReceivedLimits): ThriftLimits {
  return { maxStringBytes: maxReceivedBytes, maxDepth, maxContainerElements };
}
