/** Retry, hedging, breaking, limits, adaptive admission, fallback, fault injection; today: retry. */
export { retryDelayMs } from "./retry.ts";
