import type { ErrorKind, Said } from './generated.ts';

/** A call that was refused (the server's kinds) or that got no answer (the last three). */
export type CallErrorKind = ErrorKind | 'disconnected' | 'timeout' | 'closed';

export class CallError extends Error {
  readonly kind: CallErrorKind;
  readonly code: number;
  /** The parameter that is at fault, when it is one. */
  readonly field: string | null;
  /** Seconds for which it is of no use to try again; 0: not known. */
  readonly retryAfter: number;

  /** Why, as a saying (`SAYINGS`): its code, or null where the kind says all … */
  readonly reason: string | null;
  /** … and its parameters. */
  readonly params: Said['params'];

  constructor(kind: CallErrorKind, message: string, { code, data }: WireError = {}) {
    super(message);
    this.name = 'CallError';
    this.kind = kind;
    this.code = code ?? 0;
    this.field = data?.field ?? null;
    this.retryAfter = data?.retry_after ?? 0;
    this.reason = data?.reason ?? null;
    this.params = data?.params ?? {};
  }
}

/** The error object as it stands in a JSON-RPC answer and in an HTTP body. */
export interface WireError {
  code?: number;
  message?: string;
  data?: { kind?: ErrorKind; field?: string | null; retry_after?: number; reason?: string; params?: Said['params'] } | null;
}

export function callError(wire: WireError | undefined, fallback = 'internal' as ErrorKind): CallError {
  return new CallError(wire?.data?.kind ?? fallback, wire?.message ?? 'The server gave no reason.', wire);
}
