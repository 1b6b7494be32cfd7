import { Keys } from '../ui/Keys.tsx';
import type { Choice } from './useChoices.tsx';
import styles from './PaletteRow.module.css';

interface Props {
  id: string;
  choice: Choice;
  heading: string | null;
  active: boolean;
  onPoint: () => void;
  onRun: () => void;
}

export function PaletteRow({ id, choice, heading, active, onPoint, onRun }: Props) {
  return (
    <>
      {heading && (
        <li role="presentation" className={styles.heading}>
          {heading}
        </li>
      )}
      <li id={id} role="option" aria-selected={active} className={styles.row} onPointerMove={onPoint} onClick={onRun}>
        <span className={styles.icon}>{choice.icon}</span>
        <span className={styles.name}>{choice.shown ?? choice.name}</span>
        {choice.detail && <span className={styles.detail}>{choice.detail}</span>}
        {choice.keys && <Keys keys={choice.keys} />}
      </li>
    </>
  );
}
