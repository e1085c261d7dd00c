import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { expect, type Page } from '@playwright/test';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Expects that a page breaks none of axe's rules. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // Colours that are still on their way to another theme would be judged half-way.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  );
  await page.evaluate(SOURCE);
  const results = await page.evaluate(async (tags): Promise<AxeResults> => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    return axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
  }, TAGS);
  const broken = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')}\n${failureSummary}`),
  );
  // Soft, so that one run tells of every page.
  expect.soft(broken, where).toEqual([]);
  // Off unless its tag is asked for; without it the touch targets would go unchecked.
  const ran = [...results.passes, ...results.inapplicable, ...results.incomplete];
  expect(ran.map(({ id }) => id)).toContain('target-size');
}
