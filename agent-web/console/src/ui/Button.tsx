import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import type { LucideIcon } from 'lucide-react';
import styles from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  small?: boolean;
  icon?: LucideIcon | undefined;
  /** Shown in place of the icon's words while it works. */
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', small, icon: Icon, className, children, ...rest }: ButtonProps) {
  const names = [styles.button, styles[look], small && styles.small, !children && styles.square, className];
  return (
    <button type="button" className={names.filter(Boolean).join(' ')} {...rest}>
      {Icon && <Icon size={small ? 14 : 16} aria-hidden />}
      {children}
    </button>
  );
}
