import { Handshake, Mail, Mailbox, MessageCircle, MessageSquareText, Phone, Plug, Send, ShoppingBag, type LucideIcon } from 'lucide-react';
import type { MEDIA, Medium } from '@throughline/protocol';
import { InstagramGlyph, LineGlyph, MessengerGlyph, WhatsAppGlyph } from './glyphs.ts';

/** The icons that MEDIA names; one that is missing, or that nothing names, does not compile. */
export const ICONS = {
  mail: Mail,
  bubble: MessageCircle,
  phone: Phone,
  line: LineGlyph,
  whatsapp: WhatsAppGlyph,
  messenger: MessengerGlyph,
  instagram: InstagramGlyph,
  paper_plane: Send,
  text_bubble: MessageSquareText,
  bag: ShoppingBag,
  people: Handshake,
  letter: Mailbox,
  plug: Plug,
} satisfies Record<(typeof MEDIA)[Medium]['icon'], LucideIcon>;
