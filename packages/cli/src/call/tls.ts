/** The options of a command that speaks TLS. */
import { resolve } from "node:path";
import type { ClientTls } from "kiteline";
import type { Args, OptionSpec } from "../args.ts";
import { invalidInput, usage } from "../failure.ts";
import type { Io } from "../io.ts";
import { readText } from "../json-input.ts";

export const TLS_OPTIONS: readonly OptionSpec[] = [
  { name: "tls", help: "Speak TLS; each of the next five options implies it." },
  { name: "ca", value: "FILE", multiple: true, completes: "file", help: "Trust these authorities (PEM) instead of the system's (repeat)." },
  { name: "cert", value: "FILE", completes: "file", help: "Show this certificate (PEM) where the server asks for one." },
  { name: "key", value: "FILE", completes: "file", help: "The key of --cert (PEM)." },
  { name: "server-name", value: "NAME", help: "The name that the server must prove. Defaults to the host of TARGET." },
  { name: "insecure", help: "Accept any certificate. For tests only." },
];

/** What these options say; `undefined` for plaintext. Throws a failure for a file that cannot be read. */
export function readTls(args: Args, { cwd }: Io): ClientTls | undefined {
  const ca = args.list("ca");
  const [cert, key, serverName] = [args.text("cert"), args.text("key"), args.text("server-name")];
  const insecure = args.flag("insecure");
  if (!args.flag("tls") && ca.length === 0 && cert === undefined && key === undefined && serverName === undefined && !insecure)
    return undefined;
  if ((cert === undefined) !== (key === undefined)) throw usage("--cert and --key go together");
  const read = (name: string, path: string, what: string): string => {
    const text = readText(resolve(cwd, path), path);
    // Node takes authorities that are none, and trusts nobody then.
    if (!new RegExp(`-----BEGIN [A-Z0-9 ]*${what}-----`).test(text)) throw invalidInput(`--${name} ${path}: expected a ${what} in PEM`);
    return text;
  };
  return {
    ...(ca.length === 0 ? {} : { ca: ca.map((path) => read("ca", path, "CERTIFICATE")) }),
    ...(cert === undefined || key === undefined ? {} : { cert: read("cert", cert, "CERTIFICATE"), key: read("key", key, "PRIVATE KEY") }),
    serverName,
    insecureSkipVerify: insecure,
  };
}
