// What is asked each day as it lies on this device: which days are open, what was chosen on them.
export const BASE = "/portal/diary/";

/** Of one plan, one day and one time of it. */
export const keyOf = ({ plan, on, slot }) => `${plan}/${on}/${slot}`;

/** Now by the practice's clock, however wrong the clock of this device may be. */
const now = ({ pack, at }) => new Date(Date.parse(pack.now) + Math.max(0, Date.now() - at));

const shifted = (on, days) => new Date(Date.parse(`${on}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The days that can be filled in, the latest first: today, and until noon yesterday. */
export function openDays(state) {
  const { pack } = state;
  const form = { timeZone: pack.zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" };
  const parts = new Intl.DateTimeFormat("en-u-nu-latn", form).formatToParts(now(state));
  const { year, month, day, hour } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const today = `${year}-${month}-${day}`;
  const paused = (on) => pack.pauses.some(([from, back]) => from <= on && (!back || on < back));
  const days = Number(hour) >= pack.until ? [today] : [today, shifted(today, -1)];
  return {
    today,
    days: days.filter((on) => pack.first <= on && (!pack.last || on <= pack.last) && !paused(on)),
  };
}

/** A day in the words of the page's language. */
export const inWords = (document, on) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${on}T00:00:00Z`),
  );

/** What stands for a time: chosen and not kept, kept here, or kept by the server. */
export function chosen(state, on, slot) {
  const key = keyOf({ plan: state.pack.plan, on, slot });
  return state.draft[key] ?? state.given[key]?.answers ?? state.pack.standing[`${on}/${slot}`]?.answers ?? {};
}

/** What is kept here after answers were given; ``sent`` tells them from every other. */
export function told(state, { on, slot, answers, sent }) {
  const { plan, standing } = state.pack;
  const key = keyOf({ plan, on, slot });
  const before = state.given[key];
  const there = standing[`${on}/${slot}`];
  const knows = before ? [...before.knows, before.sent] : there ? [there.sent] : [];
  const { [key]: _done, ...draft } = state.draft;
  return { ...state, draft, given: { ...state.given, [key]: { plan, on, slot, answers, sent, knows } } };
}

/** Answers of a form by question; none at all for "not this time". */
export const answersOf = (data, none) =>
  none ? {} : Object.fromEntries([...data].filter(([name, value]) => /^[0-9a-f-]{36}$/.test(name) && value !== ""));
