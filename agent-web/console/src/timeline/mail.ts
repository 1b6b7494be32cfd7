// A mail's HTML made harmless: no script, no form, nothing fetched from outside until asked for.
import DOMPurify from 'dompurify';
import type { Attachment } from '@throughline/protocol';
import { calmCss, pictureOf, policyOf } from './mailRules.ts';

export interface CleanMail {
  document: string;
  /** It refers to pictures on other servers, which would tell the sender that it was read. */
  remote: boolean;
}

const QUOTES = 'blockquote[type="cite"], .gmail_quote, .yahoo_quoted, .moz-cite-prefix + blockquote, #divRplyFwdMsg ~ *';

const STYLE = `
  html { color-scheme: light; }
  body { margin: 0; padding: 2px 0; font: 14px/1.5 system-ui, "Hiragino Sans", "Noto Sans CJK JP", sans-serif; color: #161920; background: #fff; overflow-wrap: anywhere; }
  body > :first-child { margin-top: 0; }
  body > :last-child { margin-bottom: 0; }
  img { max-width: 100%; height: auto; }
  table { max-width: 100%; }
  pre { white-space: pre-wrap; }
  blockquote { margin: 8px 0; padding-inline-start: 12px; border-inline-start: 2px solid #cbd1dc; color: #444c5b; }
  summary { display: inline-block; margin: 4px 0; padding: 0 8px; border-radius: 9px; background: #e2e6ee; color: #444c5b; font-size: 12px; cursor: pointer; list-style: none; }
  img[data-blocked] { display: inline-block; min-width: 24px; min-height: 24px; border: 1px dashed #cbd1dc; background: #f3f4f7; }
`;

export function cleanMail(html: string, files: readonly Attachment[], showRemote: boolean, quoteWord: string): CleanMail {
  const body = DOMPurify.sanitize(html, {
    RETURN_DOM: true,
    FORBID_TAGS: ['form', 'input', 'button', 'textarea', 'select', 'video', 'audio', 'iframe', 'object', 'embed', 'base', 'link', 'meta', 'svg', 'math'],
    FORBID_ATTR: ['srcset', 'background', 'ping'],
    ALLOW_DATA_ATTR: false,
    WHOLE_DOCUMENT: false,
    FORCE_BODY: true,
  }) as HTMLElement;
  let remote = false;
  for (const image of body.querySelectorAll('img')) remote = placeImage(image, files, showRemote) || remote;
  for (const one of body.querySelectorAll<HTMLElement>('style, [style]')) remote = calmStyle(one) || remote;
  for (const link of body.querySelectorAll('a[href]')) {
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer');
  }
  foldQuote(body, quoteWord);
  return {
    remote,
    document:
      `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policyOf(showRemote)}">` +
      `<meta name="referrer" content="no-referrer"><style>${STYLE}</style></head><body>${body.innerHTML}</body></html>`,
  };
}

/** True when it is from elsewhere. */
function placeImage(image: HTMLImageElement, files: readonly Attachment[], showRemote: boolean): boolean {
  const { source, remote } = pictureOf(image.getAttribute('src') ?? '', files, showRemote);
  if (source === null) image.removeAttribute('src');
  else if (source !== '') image.setAttribute('src', source);
  if (remote && source === null) image.setAttribute('data-blocked', '');
  return remote;
}

function calmStyle(element: HTMLElement): boolean {
  const { css, remote } = calmCss(element.tagName === 'STYLE' ? (element.textContent ?? '') : (element.getAttribute('style') ?? ''));
  if (element.tagName === 'STYLE') element.textContent = css;
  else element.setAttribute('style', css);
  return remote;
}

function foldQuote(body: HTMLElement, word: string): void {
  const quote = body.querySelector(QUOTES);
  if (!quote?.parentNode || (body.textContent ?? '').trim().length - (quote.textContent ?? '').trim().length < 1) return;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = word;
  quote.parentNode.insertBefore(details, quote);
  details.append(summary, quote);
}
