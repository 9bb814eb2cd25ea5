#!/usr/bin/env node
/** The `kiteline` command. */
const OLDEST_NODE = 24;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(`kiteline needs Node.js ${OLDEST_NODE} or later; this is ${process.versions.node} (${process.execPath})`);
  process.exitCode = 2;
} else {
  // Loaded only now: an older Node might not even read it.
  const [{ run }, { processIo }] = await Promise.all([import("./run.ts"), import("./process-io.ts")]);
  process.exitCode = await run(process.argv.slice(2), processIo());
}
export {};
