// How dates and clocks are written: in the words' language, as the page's region has it, else the browser's.

const speaks = (tag: string, language: string): boolean => tag.slice(0, 2).toLowerCase() === language;

export function localeOf(language: string): string {
  const tags = [document.documentElement.lang, ...navigator.languages].filter((tag) => speaks(tag, language));
  return tags.find((tag) => tag.includes('-')) ?? language;
}

/** 13:41 or 1:41 pm, as whoever reads it is used to: by the page's region, else by the browser's own language. */
export function clock(language: string): Intl.DateTimeFormat {
  const locale = localeOf(language);
  const region = locale.includes('-') ? locale : navigator.language;
  const { hourCycle } = new Intl.DateTimeFormat(region, { hour: 'numeric' }).resolvedOptions();
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...(hourCycle && { hourCycle }) });
}
