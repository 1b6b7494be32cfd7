import { describe, it } from 'node:test';
import { Desk, row, type Look } from './lib/browser.ts';
import { MailBox } from './lib/people.ts';
const LOOKS: [string, Look][] = [['1280', {}], ['1920d', { width: 1920, height: 1080, theme: 'dark' }], ['390', { width: 390, height: 844 }], ['1280ja', { language: 'ja', theme: 'dark' }]];
describe('shots', () => {
  it('composer', async () => {
    const desk = await Desk.open();
    desk.tolerated = /./;
    const mail = await MailBox.of(desk.server);
    await mail.receive({ from: 'a@customer.example', text: 'Where is my tea?', fromName: 'Ann Berg' });
    let n = 0;
    for (const [name, look] of LOOKS) {
      const page = await desk.console(look);
      await page.getByRole('link').filter({ hasText: n === 0 ? 'Where is my tea?' : 'Dear Ann' }).first().click();
      n++;
      const box = page.locator('textarea, [contenteditable=true]').last();
      await box.click();
      await page.locator('[contenteditable=true]').waitFor();
      await page.keyboard.type('Dear **Ann**, see:\n- one *fine* pot\n- `A-12` of');
      await page.keyboard.press('Enter'); await page.keyboard.press('Enter');
      await page.keyboard.type('> quoted words');
      await page.keyboard.press('Enter'); await page.keyboard.press('Enter');
      await page.keyboard.type('Thanks https://shop.example/a :smil');
      await page.getByRole('listbox').waitFor();
      await page.screenshot({ path: `/tmp/shots/write-${name}.png` });
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+Enter');
      await page.waitForTimeout(800);
      await page.locator('button:has(svg.lucide-smile)').click();
      await page.locator('[role=option]').first().waitFor();
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/shots/sent-${name}.png` });
      await page.context().close();
    }
    await desk.end();
  });
});
