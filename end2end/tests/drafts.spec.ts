import { alive } from '../support/people.ts';
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
