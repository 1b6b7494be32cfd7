/** As Markdown that means itself: every mark that may mean something is behind a backslash. */
export const escaped = (text: string): string => text.replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
