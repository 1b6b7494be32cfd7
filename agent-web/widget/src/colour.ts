// The site's own colour, and whether dark or light is read better on it.
/** sRGB components of a computed colour, 0 to 1. */
function components(computed: string): number[] | null {
  const numbers = computed.match(/[\d.]+/g)?.map(Number) ?? [];
  if (numbers.length < 3) return null;
  const scale = computed.startsWith('rgb') ? 255 : computed.startsWith('color(srgb') ? 1 : 0;
  return scale ? numbers.slice(0, 3).map((n) => n / scale) : null;
}

/** WCAG 2.2, relative luminance. */
export function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** White where it has contrast enough, since that is what such colours are made for. */
export function paint(root: HTMLElement, wanted: (string | null | undefined)[]): void {
  const accent = wanted.find((each) => each && CSS.supports('color', each)) ?? '#2f6f4f';
  root.style.setProperty('--accent', accent);
  const rgb = components(getComputedStyle(root.querySelector('.swatch') ?? root).color);
  const light = !rgb || 1.05 / (luminance(rgb) + 0.05) >= 4.5;
  root.style.setProperty('--on-accent', light ? '#fff' : '#111');
}
