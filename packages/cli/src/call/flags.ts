/** Errors of clients name the options of `createClient`; who typed a command has flags. */

const FLAGS: Readonly<Record<string, string>> = {
  protocol: "--protocol",
  payload: "--payload",
  tls: "--tls",
  "tls.ca": "--ca",
};

/** The text of an error with the flags of the command in place of the options that it names, as `the option tls.ca`. */
export function inFlags(text: string): string {
  return text
    .replace("the option tls cannot be used", "--ca, --cert or --key cannot be used")
    .replace("cert and key of the option tls", "--cert and --key")
    .replace(/the option (protocol|payload), "(\w+)"/g, "--$1 $2")
    .replace(/the options? ([\w.]*\w)(?: and ([\w.]*\w))?/g, (said, one: string, other: string | undefined) => {
      const flags = [one, ...(other === undefined ? [] : [other])].map((option) => FLAGS[option]);
      return flags.includes(undefined) ? said : flags.join(" and ");
    });
}
