// One or two letters that stand for a person.
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

export function initials(name: string): string {
  const trimmed = name.trim().replace(/^[^\p{L}\p{N}]+/u, '');
  if (!trimmed) return '';
  if (CJK.test(trimmed)) return [...trimmed].slice(0, 1).join('');
  if (trimmed.includes('@') || /^\d/.test(trimmed)) return [...trimmed][0]!.toUpperCase();
  const words = trimmed.split(/[\s.]+/).filter(Boolean);
  const last = words.length > 1 ? words.at(-1) : '';
  return ([...(words[0] ?? '')][0] ?? '').concat([...(last ?? '')][0] ?? '').toUpperCase();
}
