/** Traffic lanes: colouring, propagation, choice with fallback to the baseline. */
export { Lanes, withLane, type LanesOptions, type LaneSplit } from "./lanes.ts";
export { Colouring, type ColouringOptions, type EdgeRequest } from "./colouring.ts";
export { httpEdgeRequest, type HttpRequest } from "./http-request.ts";
