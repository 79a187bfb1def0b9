/**
 * How much of a browser's main thread the panel takes, in the page that ships: while frames stream in, when a finished run is
 * opened, when the scrubber is moved, and what of its memory stays when streaming goes on and on. Prints JSON.
 *
 *   node panel.js LAYERS FRAMES [BATCHES]
 *
 * The arms are made up (test/webview/fakeSession.ts); the messages are those of the host, posted by the page to itself, so
 * that they are copied as the editor copies them.
 */
import type { Browser, CDPSession } from 'playwright-core';
import type { Hydrate, ToPanel } from '../src/protocol';
import { FakeSession } from '../test/webview/fakeSession';
import { launchBrowser, openPanel, type PanelPage } from '../test/webview/harness';
import { framesOf, type Spans, type TraceEvent } from './trace';

export interface PanelTimes {
  /** Charts that are in sight, and drawn: the eight of all that follows, and as many as the page has of itself. */
  charts: number;
  usualCharts: number;
  /** Milliseconds of main-thread work in each animation frame that drew something while streaming. */
  streaming: Spans;
  /** The same with the usual charts. */
  streamingUsual: Spans;
  /** Milliseconds of taking in a message. */
  messages: Spans;
  /** Milliseconds from the message that holds a finished run to the picture of it, each time. */
  opening: number[];
  /** Milliseconds of main-thread work for each step of the scrubber. */
  scrubbing: Spans;
  /** Of the page's JavaScript, after a collection, in bytes, at even times of streaming. */
  heap: number[];
}

/** So high that the strip and all charts are in sight. */
const size = { width: 1280, height: 2000 };
/** Switched off, so that eight charts are left. */
const leftOut = ['bias', 'batch-mean', 'batch-variance', 'unit', 'percentiles', 'histograms'];
/** Milliseconds between two batches of the host. */
const batchInterval = 100;
const streamedBatches = 60;
const scrubs = 100;

async function trace(browser: Browser, action: () => Promise<unknown>): Promise<TraceEvent[]> {
  const client = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  await action();
  const complete = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
  await client.send('Tracing.end');
  await complete;
  await client.detach();
  return events;
}

/** Gives the page messages for later; they are made there once, apart from what is measured. */
async function load(panel: PanelPage, batches: ToPanel[][]): Promise<void> {
  await panel.page.evaluate(() => Object.assign(window, { batches: [] }));
  for (const batch of batches) {
    await panel.page.evaluate((packed) => {
      const { unpack, batches } = window as unknown as { unpack(value: unknown): unknown; batches: unknown[] };
      batches.push(packed.map(unpack));
    }, batch.map(panel.pack));
  }
}

/** Posts what was loaded, a batch each interval, and resolves when the last one has been drawn. */
function stream(panel: PanelPage, interval: number): Promise<void> {
  return panel.page.evaluate(
    (interval) =>
      new Promise<void>((resolve) => {
        const { batches } = window as unknown as { batches: unknown[][] };
        const next = () => {
          const batch = batches.shift();
          if (!batch) return setTimeout(() => requestAnimationFrame(() => resolve()), 200);
          for (const message of batch) window.postMessage(message, '*');
          return setTimeout(next, interval);
        };
        next();
      }),
    interval,
  );
}

function batchesOf(fake: FakeSession, from: number, to: number, count: number): ToPanel[][] {
  return Array.from({ length: count }, (_, k) => {
    const at = (part: number) => Math.round((from + ((to - from) * part) / count) / fake.every) * fake.every;
    return [
      ...fake.names.map((_, arm) => fake.newFrames(arm, fake.seeds[0], at(k), at(k + 1))),
      fake.status(at(k + 1)),
    ];
  });
}

/** A session, as it stands at a step, with eight charts or with the usual ones. */
function hydration(fake: FakeSession, step: number, isUsual = false): Hydrate {
  const hydrate = fake.hydrate(step);
  return isUsual ? hydrate : { ...hydrate, charts: leftOut.map((id) => ({ id, shown: false })) };
}

async function measureStreaming(browser: Browser, fake: FakeSession, isUsual = false) {
  const panel = await openPanel(browser, size);
  await panel.show(hydration(fake, fake.steps / 2, isUsual));
  await load(panel, batchesOf(fake, fake.steps / 2, fake.steps, streamedBatches));
  const charts = await panel.page.locator('article.chart canvas').evaluateAll(
    (all, height) =>
      (all as HTMLCanvasElement[]).filter((canvas) => {
        const { top, height: own } = canvas.getBoundingClientRect();
        return own > 0 && top < height;
      }).length,
    size.height,
  );
  const events = await trace(browser, () => stream(panel, batchInterval));
  await panel.close();
  const { frames, messages } = framesOf(events);
  return { charts, streaming: frames, messages };
}

async function measureUsual(browser: Browser, fake: FakeSession) {
  const { charts, streaming } = await measureStreaming(browser, fake, true);
  return { usualCharts: charts, streamingUsual: streaming };
}

async function measureOpening(browser: Browser, fake: FakeSession): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const panel = await openPanel(browser, size);
    await load(panel, [[hydration(fake, fake.steps)]]);
    const time = await panel.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const { batches } = window as unknown as { batches: unknown[][] };
          const begun = performance.now();
          window.postMessage(batches[0][0], '*');
          const look = () => {
            // All has been drawn; a task behind that frame, style, layout and paint are through too.
            if (document.body.dataset.redraws) setTimeout(() => resolve(performance.now() - begun));
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    times.push(time);
    await panel.close();
  }
  return times;
}

async function measureScrubbing(browser: Browser, fake: FakeSession): Promise<Spans> {
  const panel = await openPanel(browser, size);
  await panel.show(hydration(fake, fake.steps));
  const slider = panel.page.getByRole('slider', { name: 'Step' });
  await slider.focus();
  const events = await trace(browser, async () => {
    for (let k = 0; k < scrubs; k++) await panel.redrawnBy(() => panel.page.keyboard.press('ArrowLeft'));
  });
  await panel.close();
  return framesOf(events).frames;
}

/** Streams many batches quickly, and asks for the heap ten times on the way. */
async function measureHeap(browser: Browser, layers: number, batches: number): Promise<number[]> {
  const perBatch = 4;
  const fake = new FakeSession({ layers, every: 1, steps: batches * perBatch });
  const panel = await openPanel(browser, size);
  const client: CDPSession = await panel.page.context().newCDPSession(panel.page);
  await panel.show(hydration(fake, 0));
  const heap: number[] = [];
  for (let part = 0; part < 10; part++) {
    const at = (k: number) => Math.round((fake.steps * k) / 10);
    await load(panel, batchesOf(fake, at(part), at(part + 1), batches / 10));
    await stream(panel, 10);
    await client.send('HeapProfiler.collectGarbage');
    heap.push((await client.send('Runtime.getHeapUsage')).usedSize);
  }
  await panel.close();
  return heap;
}

async function main(): Promise<void> {
  const [layers, frames, batches = 600] = process.argv.slice(2).map(Number);
  const fake = new FakeSession({ layers, every: 5, steps: 5 * frames, histogramEvery: 20 });
  const browser = await launchBrowser();
  try {
    const times: PanelTimes = {
      ...(await measureStreaming(browser, fake)),
      ...(await measureUsual(browser, fake)),
      opening: await measureOpening(browser, fake),
      scrubbing: await measureScrubbing(browser, fake),
      heap: await measureHeap(browser, layers, batches),
    };
    console.log(JSON.stringify(times));
  } finally {
    await browser.close();
  }
}

void main();
