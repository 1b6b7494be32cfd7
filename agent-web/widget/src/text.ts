// What a visitor has typed.
export const TEXT_MAX = 10_000;

/** As the server takes it: no lone surrogates, no control characters. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .slice(0, TEXT_MAX)
    .replace(/\p{Surrogate}/gu, '\ufffd');
}
