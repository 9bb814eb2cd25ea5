/** A client of gRPC's suite as a program, whoever makes its stubs: makes the case that the flags name, and ends with 0 when it passes. */
import { CASES, type SuiteClients } from "./cases.ts";
import type { Flags } from "./flags.ts";
import { soak, soakOptions } from "./soak.ts";

/** Makes the case that `--test_case` names. Throws when it does not pass, or does not exist. */
export async function makeCase(flags: Flags, connect: () => SuiteClients): Promise<void> {
  const name = flags.text("test_case", "large_unary");
  if (name === "channel_soak") {
    await soak(soakOptions(flags), async (iterate) => {
      await using clients = connect();
      await iterate(clients);
    });
    return;
  }
  await using clients = connect();
  if (name === "rpc_soak") {
    await soak(soakOptions(flags), (iterate) => iterate(clients));
    return;
  }
  const testCase = CASES[name];
  if (testCase === undefined)
    throw new RangeError(`there is no case "${name}"; there are ${Object.keys(CASES).join(", ")}, rpc_soak, channel_soak`);
  await testCase(clients);
}

/** Ends the process: 0 when it passed. */
export async function runClient(main: () => Promise<void>): Promise<void> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}
