import { SocketGate } from '../support/gate.ts';
import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

test('each conversation keeps its draft and its caret, through a reload', async ({
  pair,
  signUp,
}) => {
  const { ayesha, bilal, path } = pair;
  const sana = await signUp('Sana');
  const other = `/c/${await ayesha.openDirect(sana)}`;
  const page = await ayesha.open(path);
  const thread = new Thread(page);
  const draft = 'haan, main kal aati hoon';
  await thread.composer.pressSequentially(draft);
  for (let step = 0; step < 4; step += 1) {
    await thread.composer.press('ArrowLeft');
  }

  await row(page, sana.name).click();
  await expect(page).toHaveURL(other);
  await expect(thread.composer).toHaveValue('');
  await expect(row(page, bilal.name)).toContainText(`Draft: ${draft}`);
  await thread.composer.pressSequentially('something else');

  await page.reload();
  await alive(page);
  await expect(thread.composer).toHaveValue('something else');
  await row(page, bilal.name).click();
  await expect(page).toHaveURL(path);
  await expect(thread.composer).toHaveValue(draft);
  const caret = await thread.composer.evaluate((area: HTMLTextAreaElement) => area.selectionStart);
  expect(caret).toBe(draft.length - 4);

  await thread.composer.press('Enter');
  await thread.endsWith(draft);
  await expect(row(page, bilal.name)).not.toContainText('Draft:');
  await page.reload();
  await alive(page);
  await expect(thread.composer).toHaveValue('');
  await expect(row(page, sana.name)).toContainText('Draft: something else');
});

test('the tabs of an account share a draft, and it is sent once', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const browser = await ayesha.browser();
  const [here, there] = [await browser.newPage(), await browser.newPage()];
  for (const page of [here, there]) {
    await page.goto(path);
    await alive(page);
  }
  const [one, other] = [new Thread(here), new Thread(there)];
  await one.composer.pressSequentially('shall I bring samosas?');
  await expect(other.composer).toHaveValue('shall I bring samosas?');
  await expect(row(there, bilal.name)).toContainText('Draft: shall I bring samosas?');
  await one.composer.press('Enter');
  await other.endsWith('shall I bring samosas?');
  await expect(other.composer).toHaveValue('');
  await expect(row(there, bilal.name)).not.toContainText('Draft:');
});

test('what is sent in one tab does not take another tab’s draft with it', async ({ pair }) => {
  const browser = await pair.ayesha.browser();
  const [here, there] = [await browser.newPage(), await browser.newPage()];
  // Time stands still: what is typed is shared only when the composer is left.
  await here.clock.install();
  for (const page of [here, there]) {
    await page.goto(pair.path);
    await alive(page);
  }
  const [one, other] = [new Thread(here), new Thread(there)];
  await here.clock.pauseAt(Date.now() + 5_000);
  await one.composer.fill('short');
  await other.composer.fill('a long letter');
  await other.composer.blur();
  await expect(row(here, pair.bilal.name)).toContainText('Draft: a long letter');
  await expect(one.composer).toHaveValue('short');
  await one.composer.press('Enter');
  await other.endsWith('short');
  await expect(other.composer).toHaveValue('a long letter');
  await there.close();
  await here.reload();
  await alive(here);
  await expect(one.composer).toHaveValue('a long letter');
});

test('what is begun on the phone stands on the desk, and goes everywhere when it is sent', async ({
  pair,
}) => {
  const { ayesha, bilal, path } = pair;
  const phone = new Thread(await ayesha.open(path, PHONE));
  const desk = new Thread(await ayesha.open(path));
  await phone.composer.fill('haan, kal');
  await expect(desk.composer).toHaveValue('haan, kal');
  await expect(row(desk.page, bilal.name)).toContainText('Draft: haan, kal');
  await desk.composer.press('End');
  await desk.composer.pressSequentially(' aati hoon');
  await expect(phone.composer).toHaveValue('haan, kal aati hoon');
  await phone.send.tap();
  await desk.endsWith('haan, kal aati hoon');
  await expect(desk.composer).toHaveValue('');
  await expect(row(desk.page, bilal.name)).not.toContainText('Draft:');
});

test('what was written without a connection is not overwritten, and is sent when there is one', async ({
  noise,
  pair,
}) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const browser = await ayesha.browser();
  const gate = await SocketGate.before(browser);
  const page = await browser.newPage();
  await page.goto(path);
  await alive(page);
  const away = new Thread(page);
  const list = await ayesha.open('/');
  await gate.cut();
  await away.composer.fill('in the tunnel');
  await expect(row(page, bilal.name)).toContainText('Draft: in the tunnel');
  const other = new Thread(await ayesha.open(path));
  await other.composer.fill('at the desk');
  await expect(row(list, bilal.name)).toContainText('Draft: at the desk');
  gate.mend();
  await page.reload();
  await alive(page);
  await expect(other.composer).toHaveValue('in the tunnel');
  await expect(row(list, bilal.name)).toContainText('Draft: in the tunnel');
  await expect(away.composer).toHaveValue('in the tunnel');
});
