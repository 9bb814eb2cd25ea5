/** What oneofs and required fields are before they are set. */

/** A oneof none of whose fields is set. One object for all: it cannot be changed. */
export const unset: { readonly case: undefined; readonly value?: undefined } = Object.freeze({ case: undefined });

/** Stands for a required field until it has come; a message that lacks it is never handed out. */
export const absent: never = undefined as never;
