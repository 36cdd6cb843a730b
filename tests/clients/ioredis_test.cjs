// ioredis against a server of the playground: pipelines, transactions, waiting, channels.
//
// usage: node ioredis_test.cjs PORT

const assert = require("node:assert/strict");
const path = require("node:path");
const packages = path.join(__dirname, "..", "browser", "node_modules");
const Redis = require(path.join(packages, "ioredis"));

const port = Number(process.argv[2]);
const opened = [];

function connect(options = {}) {
  const client = new Redis({ port, ...options });
  opened.push(client);
  return client;
}

async function until(condition) {
  for (let tries = 0; tries < 500; tries++) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("it did not come to pass");
}

async function blocked(redis) {
  return Number(/blocked_clients:(\d+)/.exec(await redis.info("clients"))[1]);
}

async function pipelines(redis) {
  const pipeline = redis.pipeline();
  for (let n = 0; n < 1000; n++) pipeline.set(`n:${n}`, n);
  const replies = await pipeline.get("n:999").incr("n:5").hget("n:1", "f").exec();
  assert.deepEqual(replies.slice(1000, 1002), [[null, "999"], [null, 6]]);
  assert.match(replies[1002][0].message, /^WRONGTYPE/);
  const all = await Promise.all(Array.from({ length: 100 }, (_, n) => redis.get(`n:${n + 100}`)));
  assert.equal(all[99], "199");
}

async function transactions(redis) {
  assert.deepEqual(await redis.multi().set("account", 10).incrby("account", 5).get("account").exec(), [
    [null, "OK"],
    [null, 15],
    [null, "15"],
  ]);
  await redis.watch("account");
  await connect().set("account", 99);
  assert.equal(await redis.multi().set("account", 16).exec(), null, "the account was touched");
  await assert.rejects(redis.multi().set("account").exec(), /EXECABORT/);
  assert.equal(await redis.get("account"), "99");
}

async function blocking(redis) {
  const workers = Array.from({ length: 3 }, () => connect());
  const jobs = [];
  for (const worker of workers) {
    jobs.push(worker.blpop("jobs", 5));
    await until(async () => (await blocked(redis)) === jobs.length);
  }
  await redis.rpush("jobs", "a", "b", "c");
  assert.deepEqual(await Promise.all(jobs), [["jobs", "a"], ["jobs", "b"], ["jobs", "c"]]);
  const moved = workers[0].blmove("from", "to", "LEFT", "RIGHT", 5);
  const popped = workers[1].bzpopmin("ranks", 5);
  const read = workers[2].xread("BLOCK", 5000, "STREAMS", "log", "$");
  await until(async () => (await blocked(redis)) === 3);
  await redis.rpush("from", "x");
  await redis.zadd("ranks", 1, "m");
  const entry = await redis.xadd("log", "*", "f", "v");
  assert.equal(await moved, "x");
  assert.deepEqual(await popped, ["ranks", "m", "1"]);
  assert.deepEqual(await read, [["log", [[entry, ["f", "v"]]]]]);
  assert.equal(await workers[0].blpop("nothing", 0.1), null);
}

async function channels(redis) {
  const listener = connect();
  const heard = [];
  listener.on("message", (channel, message) => heard.push([channel, message]));
  listener.on("pmessage", (pattern, channel, message) => heard.push([pattern, channel, message]));
  assert.equal(await listener.subscribe("news", "weather"), 2);
  assert.equal(await listener.psubscribe("new*"), 3);
  assert.equal(await redis.publish("news", "extra"), 2);
  await until(() => heard.length === 2);
  assert.deepEqual(heard, [["news", "extra"], ["new*", "news", "extra"]]);
  assert.equal(await listener.unsubscribe("news", "weather"), 1);
  assert.equal(await listener.punsubscribe("new*"), 0);
  assert.equal(await listener.get("nothing"), null, "it may ask for other things again");
}

async function clients(redis) {
  const other = connect({ connectionName: "guest", retryStrategy: () => 10 });
  await other.ping();
  const id = /id=(\d+) [^\n]*name=guest /.exec(await redis.client("LIST"))[1];
  let ended = false;
  other.once("close", () => (ended = true));
  assert.equal(await redis.client("KILL", "ID", id), 1);
  await until(() => ended);
  assert.equal(await other.ping(), "PONG", "it connects anew");
  const monitor = await redis.monitor();
  opened.push(monitor);
  const seen = new Promise((done) => monitor.once("monitor", (time, args) => done(args)));
  await redis.set("seen", "by all");
  assert.deepEqual(await seen, ["set", "seen", "by all"]);
}

async function scripts(redis) {
  redis.defineCommand("take", {
    numberOfKeys: 1,
    lua: `local left = tonumber(redis.call('GET', KEYS[1]) or '0')
      if left < tonumber(ARGV[1]) then return redis.error_reply('POOR only ' .. left) end
      return redis.call('DECRBY', KEYS[1], ARGV[1])`,
  });
  await redis.set("stock", 5);
  assert.equal(await redis.take("stock", 3), 2);
  await assert.rejects(redis.take("stock", 3), /^ReplyError: POOR only 2/);
  await redis.script("FLUSH");
  assert.equal(await redis.take("stock", 1), 1, "it is sent again when it is not known");
  const [[, taken], [, left]] = await redis.multi().take("stock", 1).get("stock").exec();
  assert.deepEqual([taken, left], [0, "0"]);
  const sums = await redis.eval("local t = {} for i = 1, 5 do t[i] = redis.call('INCR', KEYS[1]) end return t", 1, "n");
  assert.deepEqual(sums, [1, 2, 3, 4, 5]);
  assert.equal(await redis.eval("local n = 0 for i = 1, 2e7 do n = n + 1 end return n", 0), 2e7);
}

async function main() {
  const redis = connect();
  await redis.flushall();
  for (const part of [pipelines, transactions, blocking, channels, clients, scripts]) await part(redis);
  await redis.quit();
  opened.forEach((client) => client.disconnect());
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
