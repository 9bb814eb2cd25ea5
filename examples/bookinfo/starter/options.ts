/** What `npm start` can be told, and what it says of itself. */
import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

const PORT = 9080;
const MESH = join(import.meta.dirname, "..", "mesh");

export const HELP = `Bookinfo in lanes: four services, seven processes, governed by Istio's YAML.

  npm start                     the page at http://127.0.0.1:${PORT}/productpage
  npm start -- --port 8080      the page on another port; 0 takes a free one
  npm start -- --mesh FOLDER    another folder of YAML than ${relative(process.cwd(), MESH)}
  npm start -- --join NAME --run FOLDER [--lane LANE]
                                one more instance, such as reviews-v2 or reviews-v4, for the Bookinfo that said FOLDER
  npm start -- --help           this text

The page is answered by details, reviews v1 or v3 and ratings v1: 0 stars or 1 by turns. With the header or the cookie
uid=100 a request is in the lane "branch" and gets reviews v2 and ratings v2: 5 stars. The switch on the page sets the
cookie. As JSON, with the hops that the request took:

  curl -H 'accept: application/json' http://127.0.0.1:${PORT}/productpage
  curl -H 'accept: application/json' -H 'uid: 100' http://127.0.0.1:${PORT}/productpage

Edit a YAML file, and the next request obeys it. End a process, and the page goes on with what is left. Ctrl-C ends
everything.
`;

export interface StartOptions {
  /** The page's; 0 takes a free one. */
  readonly port: number;
  /** The folder of Istio YAML. */
  readonly mesh: string;
  /** Whether it is another one than ours. */
  readonly otherMesh: boolean;
  /** One instance to start alone, and the run folder that it joins. */
  readonly join: { readonly name: string; readonly run: string; readonly lane: string | undefined } | undefined;
}

/** `undefined` when only help is wanted. Throws an `Error` that says what was expected. */
export function readOptions(args: readonly string[]): StartOptions | undefined {
  const text = { type: "string" } as const;
  const options = { port: text, mesh: text, join: text, run: text, lane: text, help: { type: "boolean", short: "h" } } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return undefined;
  const { port = String(PORT), mesh = MESH, join: name, run, lane } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new RangeError(`--port must be a number from 0 to 65535, got "${port}"`);
  if (!isFolder(mesh)) throw new RangeError(`--mesh must be a folder of YAML files, got "${mesh}"`);
  const common = { port: Number(port), mesh: resolve(mesh), otherMesh: resolve(mesh) !== MESH };
  if (name === undefined) {
    if (run !== undefined || lane !== undefined) throw new RangeError("--run and --lane belong to --join");
    return { ...common, join: undefined };
  }
  if (run === undefined || !isFolder(run))
    throw new RangeError(
      `--join needs --run with the folder that the running Bookinfo said, got ${run === undefined ? "none" : `"${run}"`}`,
    );
  return { ...common, join: { name, run: resolve(run), lane } };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
