// What the page's main thread did, from Chromium's own trace: for each task how long it took, and how much of that the
// processor worked for it. On a busy machine only the latter says something about the client.

/** The one category that has the tasks and little else: a trace of everything weighs on what is measured. */
const CATEGORIES = ["toplevel", "__metadata"];
const isTask = (event) => event.name === "ThreadControllerImpl::RunTask";
const round = (microseconds) => Math.round(microseconds / 100) / 10;

function mainThread(events) {
  const named = events.filter((one) => one.name === "thread_name" && one.args.name === "CrRendererMain");
  const busiest = new Map();
  for (const one of events) {
    if (!isTask(one)) continue;
    const key = `${one.pid}:${one.tid}`;
    busiest.set(key, (busiest.get(key) ?? 0) + (one.tdur ?? 0));
  }
  const keys = named.map((one) => `${one.pid}:${one.tid}`).filter((key) => busiest.has(key));
  return keys.sort((a, b) => busiest.get(b) - busiest.get(a))[0];
}

/** Runs `act` and says, in milliseconds, what the main thread's tasks took. */
export async function traced(browser, page, act) {
  await browser.startTracing(page, { categories: CATEGORIES });
  let result;
  let trace;
  try {
    result = await act();
  } finally {
    trace = JSON.parse((await browser.stopTracing()).toString());
  }
  const key = mainThread(trace.traceEvents);
  const tasks = trace.traceEvents.filter((one) => isTask(one) && `${one.pid}:${one.tid}` === key);
  const longest = (field) => round(tasks.reduce((most, one) => Math.max(most, one[field] ?? 0), 0));
  return {
    result,
    /** The longest task: by the clock, and of the processor. */
    longest: longest("dur"),
    longestCpu: longest("tdur"),
    cpu: round(tasks.reduce((sum, one) => sum + (one.tdur ?? 0), 0)),
  };
}
