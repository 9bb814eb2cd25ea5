/** Retry with budget, hedging, breaking, limits, adaptive admission, fallback, fault injection. */
export {};
