import { Bug } from "../support/bug.ts";
import { DeadlineError } from "../support/deadline.ts";
import { errorCode } from "../support/error-code.ts";

/**
 * Why there is no answer. unreachable, tls: no byte of the request was sent. lost: it may have arrived.
 * too-large: it was answered, with more than is read.
 */
export interface LineFailure {
  readonly kind: "unreachable" | "tls" | "lost" | "too-large";
  readonly words: string;
  readonly cause: unknown;
}

/** Marks what failed before a connection was handed over, so that "nothing was sent" is known and not guessed. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  readonly kind: "unreachable" | "tls";

  constructor(kind: "unreachable" | "tls", words: string, options?: ErrorOptions) {
    super(words, options);
    this.kind = kind;
  }
}

/** What OpenSSL and Node call a certificate that they refuse, and a handshake that fails. */
const certificateCode =
  /^(?:CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_|PATH_LENGTH_|ERR_TLS_CERT_)/u;
const handshakeCode = /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$)/u;

export function connectErrorFrom(error: Error): ConnectError {
  const code = errorCode(error);
  if (certificateCode.test(code)) {
    const words = `the server's certificate is not trusted: ${error.message} (${code})`;
    return new ConnectError("tls", words, { cause: error });
  }
  if (handshakeCode.test(code)) {
    return new ConnectError("tls", `no TLS connection comes about with it (${code})`, { cause: error });
  }
  const known = connectWords.get(code) ?? error.message;
  return new ConnectError("unreachable", `${known} (${code})`, { cause: error });
}

const connectWords = new Map([
  ["ECONNREFUSED", "the connection was refused"],
  ["ENOTFOUND", "the host name is not known"],
  ["EAI_AGAIN", "the host name could not be looked up"],
  ["EHOSTUNREACH", "there is no way to the host"],
  ["ENETUNREACH", "there is no way to the host's network"],
  ["ETIMEDOUT", "the connection took too long"],
  ["UND_ERR_CONNECT_TIMEOUT", "the connection took too long"],
  ["ECONNRESET", "the connection was closed before it was secured"],
]);

/** From what the HTTP library threw to what it means for the request. */
export function lineFailureFrom(error: unknown): LineFailure {
  if (error instanceof ConnectError) return { kind: error.kind, words: error.message, cause: error };
  const code = errorCode(error);
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return { kind: "too-large", words: "the answer is larger than any should be", cause: error };
  }
  if (code === "UND_ERR_INVALID_ARG")
    throw new Bug("a request was made that HTTP can't carry", { cause: error });
  if (error instanceof DeadlineError) {
    return { kind: "lost", words: "the whole exchange took too long", cause: error };
  }
  return { kind: "lost", words: `${lostWords.get(code) ?? "the connection broke"} (${code})`, cause: error };
}

const lostWords = new Map([
  ["UND_ERR_HEADERS_TIMEOUT", "the server did not answer in time"],
  ["UND_ERR_BODY_TIMEOUT", "the answer stopped half-way"],
  ["UND_ERR_SOCKET", "the connection was closed before the answer was whole"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "the connection was closed before the answer was whole"],
  ["UND_ERR_ABORTED", "the request was given up"],
]);
