/** Alerts of a server whose certificates are asked of callers. Over TLS 1.3 they come when the caller believes that it is connected. */

const REFUSED = /^ERR_SSL_\w*ALERT_(?:\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED)$/;

/** What to say of an error that tells that the server wants another certificate, or one at all: it has read no call. Else `undefined`. */
export function refusedCertificate(error: NodeJS.ErrnoException | undefined): string | undefined {
  if (error?.code === undefined || !REFUSED.test(error.code)) return undefined;
  const alert = /ALERT_(\w+)$/.exec(error.code)?.[1]?.toLowerCase().replaceAll("_", " ");
  return `the server's TLS refused this client: ${alert} (see cert and key of the option tls)`;
}
