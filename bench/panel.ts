/**
 * Main-thread time of the panel in the shipped page: while frames stream in, when a finished run is opened and when the
 * scrubber moves. Also the memory that remains allocated over a long stream. Prints JSON.
 *
 *   node panel.js LAYERS FRAMES [BATCHES]
 *
 * The arms are synthetic (test/webview/fakeSession.ts). The page posts the host's messages to itself, so that they are
 * copied as in the editor.
 */
import type { Browser, CDPSession } from 'playwright-core';
import type { Hydrate, ToPanel } from '../src/protocol';
import { FakeSession } from '../test/webview/fakeSession';
import { launchBrowser, openPanel, type PanelPage } from '../test/webview/harness';
import { framesOf, type Spans, type TraceEvent } from './trace';

export interface PanelTimes {
  /** Number of charts visible and drawn: eight for most measurements, and the page's default selection. */
  charts: number;
  usualCharts: number;
  /** Main-thread time of each animation frame that drew something while streaming, in milliseconds. */
  streaming: Spans;
  /** The same with the default charts. */
  streamingUsual: Spans;
  /** Time to process a message, in milliseconds. */
  messages: Spans;
  /** Time from the message that holds a finished run to its drawn page, for each repetition, in milliseconds. */
  opening: number[];
  /** Main-thread time of each step of the scrubber, in milliseconds. */
  scrubbing: Spans;
  /** JavaScript heap of the page after a garbage collection, in bytes, at even intervals of streaming. */
  heap: number[];
}

/** Tall enough to show the strip and all charts. */
const size = { width: 1280, height: 2000 };
/** Hidden, so that eight charts are left. */
const leftOut = ['bias', 'batch-mean', 'batch-variance', 'unit', 'percentiles', 'histograms'];
/** Interval between two batches of the host, in milliseconds. */
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

/** Prepares messages in the page, so that creating them is not measured. */
async function load(panel: PanelPage, batches: ToPanel[][]): Promise<void> {
  await panel.page.evaluate(() => Object.assign(window, { batches: [] }));
  for (const batch of batches) {
    await panel.page.evaluate(async (packed) => {
      const { unpack, batches } = window as unknown as {
        unpack(message: string): Promise<unknown>;
        batches: unknown[];
      };
      batches.push(await Promise.all(packed.map(unpack)));
    }, batch.map(panel.pack));
  }
}

/** Posts the prepared messages, one batch per interval, and resolves when the last is drawn. */
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

/** A session at a step, with eight charts or with the default ones. */
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
          const start = performance.now();
          window.postMessage(batches[0][0], '*');
          const look = () => {
            // Everything is drawn; a task after that frame also waits for style, layout and paint.
            if (document.body.dataset.redraws) setTimeout(() => resolve(performance.now() - start));
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

/** Streams many batches quickly and measures the heap ten times. */
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
