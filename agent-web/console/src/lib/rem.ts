/** What is so many pixels high in a browser whose text is 16 pixels is so high here. */
export const rem = (px: number): number => (px / 16) * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
