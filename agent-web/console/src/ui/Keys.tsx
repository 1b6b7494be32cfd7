import styles from './overlay.module.css';

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const SHOWN: Record<string, string> = { mod: MAC ? '⌘' : 'Ctrl', enter: '↵', escape: 'Esc', shift: '⇧', alt: MAC ? '⌥' : 'Alt', up: '↑', down: '↓' };

/** "mod+k" as it stands on the keyboard. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={styles.keys} dir="ltr">
      {keys.split('+').map((key) => (
        <kbd key={key}>{SHOWN[key] ?? key.toUpperCase()}</kbd>
      ))}
    </span>
  );
}
