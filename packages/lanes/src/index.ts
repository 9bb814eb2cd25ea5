/** Traffic lanes: colouring, propagation, choice with fallback to the baseline. */
export {};
