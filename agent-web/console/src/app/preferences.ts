// What an agent likes, kept in the browser.
import { LANGUAGES, setLanguage, type Language } from '../i18n/index.ts';
import { Store } from '../lib/store.ts';
import { readStored, writeStored } from '../lib/storage.ts';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Where to, when a conversation is done with: the next of the list, the list, or nowhere. */
export type After = 'next' | 'list' | 'stay';
export const AFTERS: readonly After[] = ['next', 'list', 'stay'];

interface Preferences {
  theme: Theme;
  panel: boolean;
  journey: boolean;
  after: After;
  /** The queue shows one row a person. */
  people: boolean;
  /** When a colleague gives one a conversation. */
  sound: boolean;
  desktop: boolean;
}

export const preferences = new Store<Preferences>({ theme: 'system', panel: true, journey: true, after: 'next', people: false, sound: false, desktop: false });

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  writeStored('theme', theme);
  preferences.patch({ theme });
}

export function setJourney(journey: boolean): void {
  writeStored('journey', journey ? 'yes' : 'no');
  preferences.patch({ journey });
}

export function setAfter(after: After): void {
  writeStored('after', after);
  preferences.patch({ after });
}

export function setPeople(people: boolean): void {
  writeStored('people', people ? 'yes' : null);
  preferences.patch({ people });
}

export function setSound(sound: boolean): void {
  writeStored('sound', sound ? 'yes' : null);
  preferences.patch({ sound });
}

/** The browser asks the agent, and is asked only here. False: it does not allow it. */
export async function setDesktop(desktop: boolean): Promise<boolean> {
  const allowed = desktop && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
  writeStored('desktop', allowed ? 'yes' : null);
  preferences.patch({ desktop: allowed });
  return allowed === desktop;
}

export function chooseLanguage(language: Language): void {
  writeStored('language', language);
  void setLanguage(language);
}

/** Before the first drawing: what was chosen here, else what the browser asks for. Over when the words are there. */
export async function startPreferences(): Promise<void> {
  setTheme(THEMES.find((theme) => theme === readStored('theme')) ?? 'system');
  preferences.patch({
    panel: window.matchMedia('(min-width: 68.75em)').matches,
    journey: readStored('journey') !== 'no',
    after: AFTERS.find((after) => after === readStored('after')) ?? 'next',
    people: readStored('people') === 'yes',
    sound: readStored('sound') === 'yes',
    desktop: readStored('desktop') === 'yes',
  });
  const wanted = [readStored('language'), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  await setLanguage(wanted.map((tag) => LANGUAGES.find((known) => known === tag)).find(Boolean) ?? 'en');
}

export const languageWasChosen = (): boolean => readStored('language') !== null;
