import { useT } from '../i18n/index.ts';
import { CopyLine } from './CopyLine.tsx';
import { Card } from './Page.tsx';

/** The line of HTML that puts the chat on a site. */
export function ChatSnippet({ channelId }: { channelId: string }) {
  const t = useT();
  const script = new URL('widget.js', document.baseURI);
  script.hash = '';
  return (
    <Card title={t('channels.snippet')}>
      <CopyLine label={t('channels.snippet_text')} value={`<script src="${script.href}" data-channel="${channelId}" async></script>`} />
    </Card>
  );
}
