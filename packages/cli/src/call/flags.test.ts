import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inFlags } from "./flags.ts";

describe("inFlags", () => {
  for (const [said, shown] of [
    ["untrusted (the option tls.ca names the authorities to trust)", "untrusted (--ca names the authorities to trust)"],
    ["does the server speak TLS there? see the option tls", "does the server speak TLS there? see --tls"],
    ["leave the scheme out, the options protocol and tls say how", "leave the scheme out, --protocol and --tls say how"],
    ["see cert and key of the option tls", "see --cert and --key"],
    ['see the option protocol, "framed", and the option payload, "compact"', "see --protocol framed, and --payload compact"],
    ["the option tls cannot be used: no start line", "--ca, --cert or --key cannot be used: no start line"],
    ["they need the option oldThrift and more", "they need the option oldThrift and more"],
  ] as const) {
    it(`says ${JSON.stringify(shown)}`, () => assert.equal(inFlags(said), shown));
  }
});
