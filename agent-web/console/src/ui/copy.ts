import { t } from '../i18n/index.ts';
import { toast } from './toasts.ts';

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('ui.copied'), null, 'done', 2500);
  } catch {
    toast(t('ui.copy_failed'), null, 'bad');
  }
}
