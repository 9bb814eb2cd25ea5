/** What a server says of lanes that it does not believe its callers. */
import type { Log, ServerCall } from "@kiteline/core";

/** Says, once, that a colour was taken away: whoever wonders why a lane ends here shall find it. */
export function droppedColours(log: Log): (lane: string, call: ServerCall) => void {
  let told = false;
  return (lane, call) => {
    if (told) return;
    told = true;
    log({
      level: "warn",
      message: `took the lane "${lane}" from a call of ${call.method.fullName}, as from all that come with one: if only members of the mesh can call this server, say trustLanes: true. Said once`,
      peer: call.peer,
    });
  };
}
