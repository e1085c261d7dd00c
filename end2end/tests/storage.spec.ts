import { SocketGate } from '../support/gate.ts';
import { alive } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

test('where nothing is kept the composer says so, and closing asks', async ({ pair }) => {
  const page = await (await pair.ayesha.browser()).newPage();
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  const gate = await SocketGate.before(page);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  await page.goto(pair.path);
  await alive(page);
  const thread = new Thread(page);
  await expect(thread.composer).toHaveAccessibleDescription(/^This browser keeps nothing here/);
  await expect(page.getByText('This browser keeps nothing here')).toBeVisible();
  await thread.write('nowhere but here');
  await thread.endsWith('nowhere but here');

  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await thread.endsWith('nowhere but here');
});

test('a tab that is older than what is stored offers to load the newer page', async ({
  noise,
  pair,
}) => {
  noise.expect(/status of 404/);
  const page = await (await pair.ayesha.browser()).newPage();
  await page.goto('/no/such/page');
  const name = `baatcheet-${pair.ayesha.person.id}`;
  await page.evaluate(
    (name) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(name, 1_000);
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
      }),
    name,
  );
  await page.goto(pair.path);
  await alive(page);
  await expect(page.getByText('A newer version is open in another tab.')).toBeVisible();
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Reload' }).click();
  await loaded;
});
