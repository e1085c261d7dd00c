import { test as base, expect } from '@playwright/test';
import { Noise } from '../support/noise.ts';
import { Account, type World } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { Server } from '../support/server.ts';

/** Who is in the pictures. */
export interface Cast {
  world: World;
  zoya: Account;
  ayesha: Account;
  /** Somebody without any conversation. */
  nobody: Account;
  /** The conversation of Zoya and Ayesha. */
  path: string;
  conversation: string;
}

const LONG = `Dadi kehti hain: ${'chai pehle, baaki baad mein. '.repeat(12)}`;

const OTHERS: [string, string, string][] = [
  ['Bilal Ahmed', 'bilal', 'ok, kal milte hain'],
  ['प्रिया शर्मा', 'priya', 'कल की बैठक पाँच बजे है'],
  ['عائشہ صدیقی', 'siddiqui', 'آپ کب آئیں گی؟'],
  ['Sana Mirza', 'sana', '👍🏽'],
  ['Shri Venkatanarasimharajuvaripeta Raghavendra', 'raghav', 'https://example.org/minutes.pdf'],
];

async function talk(zoya: Account, ayesha: Account, conversation: string): Promise<void> {
  await seed(ayesha, conversation, ['Chai at 5?', 'At the usual place']);
  await seed(zoya, conversation, ['Haan, pakka', LONG]);
  await seed(ayesha, conversation, [
    'क्षत्रिय, ज्ञान और श्री — यह हिन्दी में है',
    'یہ پیغام اُردو میں ہے، ٹھیک؟',
    'سلام, see http://x.y/?a=1 ok!',
  ]);
  await seed(zoya, conversation, ['👨‍👩‍👧‍👦 🇮🇳 🇵🇰 👍🏽 ☕', 'two\nlines', 'ٹھیک ہے']);
}

async function assemble(world: World): Promise<Cast> {
  const zoya = await Account.signUp(world, 'Zoya Rehman', 'zoya');
  const ayesha = await Account.signUp(world, 'Ayesha Khan', 'ayesha');
  const nobody = await Account.signUp(world, 'Danish Iqbal', 'danish');
  for (const [name, username, text] of OTHERS) {
    const other = await Account.signUp(world, name, username);
    await seed(other, await zoya.openDirect(other), [text]);
  }
  const conversation = await zoya.openDirect(ayesha);
  await talk(zoya, ayesha, conversation);
  return { world, zoya, ayesha, nobody, conversation, path: `/c/${conversation}` };
}

export const test = base.extend<object, { cast: Cast }>({
  cast: [
    async ({ browser }, use) => {
      const server = await Server.start();
      const ends: (() => Promise<void>)[] = [];
      const noise = new Noise();
      const keep = (end: () => Promise<void>): number => ends.push(end);
      await use(await assemble({ origin: server.url, browser, noise, keep }));
      for (const end of ends.reverse()) {
        await end();
      }
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

export { expect };
