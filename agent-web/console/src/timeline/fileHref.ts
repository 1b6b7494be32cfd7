import type { Attachment } from '@throughline/protocol';

/** Where its content is, by its own name and type: the server's answer says both, and what is saved is called so. */
export const fileHref = (file: Attachment, url: string, more: Record<string, string> = {}): string =>
  `${url}?${new URLSearchParams({ ...(file.name ? { name: file.name } : {}), type: file.type, ...more })}`;
