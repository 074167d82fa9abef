// feelin in a process of its own; the same lines as bench_feel_worker.py.
import { createInterface } from "node:readline";

const { evaluate, parseExpression } = await import("feelin");

const plain = (value) => {
  if (value === null || value === undefined) return null;
  if (["boolean", "string", "number"].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return String(value);
};

const run = ({ text, context }) => {
  const result = evaluate(text, context);
  return result !== null && typeof result === "object" && "warnings" in result ? result.value : result;
};

const attempt = (action) => {
  try {
    return action();
  } catch {
    return null;
  }
};

const seconds = (action, count) =>
  attempt(() => {
    action();
    const begin = process.hrtime.bigint();
    for (let round = 0; round < count; round += 1) action();
    return Number(process.hrtime.bigint() - begin) / 1e9 / count;
  });

let cases;
for await (const line of createInterface({ input: process.stdin })) {
  if (cases === undefined) {
    cases = JSON.parse(line);
    continue;
  }
  const [command, count] = line.trim().split(" ");
  const answer = cases.map((one) => {
    if (command === "check") return attempt(() => ({ value: plain(run(one)) })) ?? {};
    if (command === "parse") return seconds(() => parseExpression(one.text, one.context), Number(count));
    return seconds(() => run(one), Number(count));
  });
  console.log(JSON.stringify(answer));
}
