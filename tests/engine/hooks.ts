import { missing } from "./stack";

/** What the engine tests do takes minutes and mostly waits, so all of it is begun before the first test asks for an outcome. */
const starts: (() => void)[] = [];
let reason: string | undefined;

/** A group of tests whose work is put into the queue by `start`; skipped with the reason where there is no engine. */
export function onEngine(title: string, start: () => void, tests: () => void): void {
  starts.push(start);
  describe(title, () => {
    before(function () {
      if (reason !== undefined) this.skip();
    });
    tests();
  });
}

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    reason = await missing();
    if (reason === undefined) for (const start of starts) start();
    else console.log(`engine tests are skipped: ${reason}`);
  },
};
