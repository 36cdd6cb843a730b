// A program that uses the whole API; it is compiled, never run.

import { Playground, redisVersion, version } from "../../target/npm/nodejs/playground.js";
import type { Argument, Bytes, KeyEvent, Options, Outcome, Reply, ReplyError } from "../../target/npm/nodejs/playground.js";

const options: Options = { seed: 7n, start: new Date(0), bytes: false, events: true };
const playground = new Playground(options);
const session: number = playground.connect();

const command: readonly Argument[] = ["SET", new Uint8Array([1]), 7, 8n];
const reply: Reply = playground.call(session, command);
const replies: Reply[] = playground.pipeline(session, [command, ["PING"]]);
const outcome: Outcome = playground.execute(session, command);
const typed: Outcome = playground.executeLine(session, "GET k");
const text: string = outcome.text + typed.text;

function isError(value: Reply): value is ReplyError {
  return typeof value === "object" && value !== null && "error" in value;
}
const message: string | undefined = isError(reply) ? reply.error : undefined;

const events: KeyEvent[] = [...playground.advance(1000), ...playground.advanceToNextExpiry()];
const names: [Bytes | null, string, "lazily" | "actively" | undefined][] = events.map((event) => [event.key, event.name, event.expired?.how]);

const { now, nextExpiry, databases, usedMemory } = playground.snapshot();
const sum: number = now + (nextExpiry ?? 0) + usedMemory + databases.length + playground.now();
const keys: string[] = playground.keys(0, 0, 10).map((key) => `${key.type} ${key.encoding} ${key.memory + key.length + key.idle}`);
const inside = playground.inspect(0, "k", 10);
if (inside?.value.kind === "zset") {
  const best: { member: Bytes; score: number } | undefined = inside.value.members[0];
  console.log(best, inside.conversion?.limit);
}
if (inside?.value.kind === "list") {
  const head: Bytes | undefined = inside.value.elements[0];
  console.log(head);
}
if (inside?.value.kind === "hash") {
  const ends: (number | null)[] = inside.value.fields.map(({ expiresAt }) => expiresAt);
  console.log(ends);
}
const waiting: number | null | undefined = playground.session(session)?.waiting?.until;
const arrived: string[] = playground.receive(session).map(({ reply, text, push }) => `${text}${push}${isError(reply)}`);
const cancelled: KeyEvent[] = playground.cancelWait(session);
const digest: bigint = playground.digest();
playground.disconnect(session);
playground.free();

// @ts-expect-error: a command is not a string
playground.call(session, "GET k");
// @ts-expect-error: an argument is not an object
playground.call(session, ["GET", {}]);

console.log(waiting, arrived, cancelled, replies, text, message, names, sum, keys, digest, version(), redisVersion());
