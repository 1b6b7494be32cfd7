import { Mail, MessageCircle, MessageSquareText, Phone, Plug, Send, ShoppingBag, type LucideIcon } from 'lucide-react';
import type { Medium } from '../app/route.ts';
import styles from './ChannelIcon.module.css';
import { InstagramGlyph, LineGlyph, MessengerGlyph, WhatsAppGlyph } from './glyphs.ts';
import { mediumName } from './medium.ts';

export const MEDIUM_ICONS: Record<Medium, LucideIcon> = {
  none: Plug,
  email: Mail,
  chat: MessageCircle,
  phone: Phone,
  line: LineGlyph,
  whatsapp: WhatsAppGlyph,
  messenger: MessengerGlyph,
  instagram: InstagramGlyph,
  telegram: Send,
  sms: MessageSquareText,
  shop: ShoppingBag,
  other: Plug,
};

interface Props {
  medium: Medium;
  size?: number;
  /** In a tinted circle. */
  round?: boolean;
  /** Its name stands beside it already. */
  silent?: boolean;
}

export function ChannelIcon({ medium, size = 16, round, silent }: Props) {
  const Icon = MEDIUM_ICONS[medium] ?? Plug;
  const label = silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': mediumName(medium) };
  return (
    <span className={`${styles.icon} ${round ? styles.round : ''}`} data-medium={medium} {...label}>
      <Icon size={size} aria-hidden />
    </span>
  );
}
