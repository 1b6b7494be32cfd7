import type { ErrorKind } from './generated.ts';

/** A call that was refused (the server's kinds) or that got no answer (the last three). */
export type CallErrorKind = ErrorKind | 'disconnected' | 'timeout' | 'closed';

export class CallError extends Error {
  readonly kind: CallErrorKind;
  readonly code: number;
  /** The parameter that is at fault, when it is one. */
  readonly field: string | null;
  /** Seconds for which it is of no use to try again; 0: not known. */
  readonly retryAfter: number;

  /** A word for programs, where the kind and the field say too little. */
  readonly reason: string | null;

  constructor(kind: CallErrorKind, message: string, code = 0, field: string | null = null, retryAfter = 0, reason: string | null = null) {
    super(message);
    this.name = 'CallError';
    this.kind = kind;
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
    this.reason = reason;
  }
}

/** The error object as it stands in a JSON-RPC answer and in an HTTP body. */
export interface WireError {
  code?: number;
  message?: string;
  data?: { kind?: ErrorKind; field?: string | null; retry_after?: number; reason?: string } | null;
}

export function callError(wire: WireError | undefined, fallback = 'internal' as ErrorKind): CallError {
  return new CallError(
    wire?.data?.kind ?? fallback,
    wire?.message ?? 'The server gave no reason.',
    wire?.code ?? 0,
    wire?.data?.field ?? null,
    wire?.data?.retry_after ?? 0,
    wire?.data?.reason ?? null,
  );
}
