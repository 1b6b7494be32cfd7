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
        <bdi className={styles.name}>{choice.shown ?? choice.name}</bdi>
        {choice.detail && <bdi className={styles.detail}>{choice.detail}</bdi>}
        {choice.keys && <Keys keys={choice.keys} />}
      </li>
    </>
  );
}
