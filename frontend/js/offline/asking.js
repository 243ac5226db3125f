// One questionnaire as it stands on this device: which questions it has, what calls for help.
const SIGNS = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, "==": (a, b) => a === b,
  "!=": (a, b) => a !== b, ">=": (a, b) => a >= b, ">": (a, b) => a > b,
};

/** What was answered: on the server, and on this device since. An answer taken back is null. */
export function answers(part, given) {
  const all = { ...part.answers, ...given?.answers };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== ""));
}

export const facts = (part, given) => ({ ...part.facts, ...given?.facts });

const holds = (said) => ({ item, sign, number }) =>
  /^-?\d+$/.test(said[item] ?? "") && SIGNS[sign](Number(said[item]), number);

/** The questions in their order, without those that earlier answers and facts made needless. */
export function steps(part, given) {
  const said = answers(part, given);
  const known = facts(part, given);
  const over = part.skips.filter(({ when }) => when.every(holds(said))).flatMap(({ items }) => items);
  over.push(...(part.gates ?? []).filter((one) => known[one.fact] === one.is).flatMap(({ items }) => items));
  return part.steps.filter((one) => one.fact || !over.includes(one.key));
}

/** Whether an answer calls for help at once. */
export const risky = (part, given) => part.risks.some(holds(answers(part, given)));

export const chosen = (part, given, step) => String((step.fact ? facts : answers)(part, given)[step.key] ?? "");

/** What is kept after ``value`` was chosen at a step; "" takes an answer back. */
export function told(given, step, value) {
  const before = given ?? { answers: {}, facts: {} };
  const where = step.fact ? "facts" : "answers";
  return { ...before, [where]: { ...before[where], [step.key]: value }, last: step.key };
}
