// Times Cal.com's published slot functions on the work that slots.py hands in, and says what they
// offer. Usage: node slots_peer.mjs FOLDER < work.json, where FOLDER/node_modules holds
// @calcom/platform-libraries and dayjs.
//
// The package exports services that want a database. Underneath are three functions that do the
// work without one: buildDateRanges and subtract, from a file of their own, and getSlots, which
// its file keeps to itself: its text is read from there, as published.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const dist = join(folder, "node_modules/@calcom/platform-libraries/dist");
const published = readFileSync(join(dist, "slots.js"), "utf8");
const ranges = published.match(/from "\.\/(date-ranges-[^"]+)"/)[1];
const { b: buildDateRanges, s: subtract } = await import(pathToFileURL(join(dist, ranges)));
const found = createRequire(join(folder, "package.json")).resolve("dayjs");
const { default: dayjs } = await import(pathToFileURL(found));
const text = published.slice(
  published.indexOf("const minimumOfOne"), published.indexOf("const getSlots$1"),
);
const getTimeZone = (date) => date.$x.$timezone; // as the package has it
const getSlots = new Function("dayjs", "getTimeZone", `${text}; return getSlots`)(dayjs, getTimeZone);

const work = JSON.parse(readFileSync(0, "utf8"));
const at = (minutes) => dayjs.utc(minutes * 60000);
const busy = work.busy.map(([start, end]) => ({ start: at(start), end: at(end) }));
const clock = (hour) => new Date(Date.UTC(1970, 0, 1, hour));
const availability = [
  { days: [1, 2, 3, 4, 5], startTime: clock(work.opens), endTime: clock(work.closes) },
];

function month() {
  const { dateRanges } = buildDateRanges({
    availability, timeZone: work.zone, dateFrom: at(work.first), dateTo: at(work.last),
    travelSchedules: [],
  });
  return getSlots({
    inviteeDate: at(work.first).tz(work.zone), frequency: work.step, eventLength: work.minutes,
    minimumBookingNotice: 0, dateRanges: subtract(dateRanges, busy),
  });
}

const took = [];
for (let round = 0; round < work.rounds; round++) {
  const start = performance.now();
  const worked = process.cpuUsage();
  month();
  const { user, system } = process.cpuUsage(worked);
  const passed = (performance.now() - start) / 1e3;
  took.push(Math.min(passed, (user + system) / 1e6)); // other threads of Node work too
}
const starts = month().map((slot) => Math.round(slot.time.valueOf() / 60000));
console.log(JSON.stringify({ took: took.slice(took.length / 4), starts })); // the first warm up
