"""redis-py against a server of the playground: what an application does in an ordinary day.

usage: redis_py_test.py PORT default|2|3      (the last is the version of the protocol)
"""

import queue
import sys
import threading
import time

import redis


def connect(port, protocol, **more):
    if protocol != "default":
        more["protocol"] = int(protocol)
    return redis.Redis(port=port, **more)


def strings(r):
    assert r.set("greeting", "hello") is True
    assert r.get("greeting") == b"hello"
    assert r.get("missing") is None
    assert r.set("greeting", "again", nx=True) is None
    assert r.append("greeting", " you") == 9
    assert r.incr("visits") == 1
    assert r.incrbyfloat("price", 0.5) == 0.5
    assert r.mset({"a": 1, "b": 2}) is True
    assert r.mget("a", "missing", "b") == [b"1", None, b"2"]
    assert r.getrange("greeting", 0, 3) == b"hell"
    assert r.delete("a", "b", "missing") == 2


def binary(r):
    every_byte = bytes(range(256))
    r.set(every_byte, every_byte * 1000)
    assert r.get(every_byte) == every_byte * 1000
    assert r.exists(every_byte) == 1
    assert every_byte in r.keys("*")


def pipelines(r):
    with r.pipeline(transaction=False) as pipe:
        for n in range(1000):
            pipe.set(f"n:{n}", n)
        pipe.get("n:999")
        pipe.incr("n:5")
        replies = pipe.execute()
    assert replies[:1000] == [True] * 1000
    assert replies[1000:] == [b"999", 6]


def sorted_sets(r):
    assert r.zadd("board", {"ada": 10, "bob": 7.5, "cyn": 12}) == 3
    assert r.zincrby("board", 5, "bob") == 12.5
    ranking = r.zrange("board", 0, -1, desc=True, withscores=True)
    assert [tuple(pair) for pair in ranking] == [(b"bob", 12.5), (b"cyn", 12.0), (b"ada", 10.0)], ranking
    assert r.zrevrank("board", "ada") == 2
    assert r.zscore("board", "bob") == 12.5
    assert r.zscore("board", "nobody") is None
    assert r.zpopmin("board") in ([(b"ada", 10.0)], [b"ada", 10.0])
    assert r.zcard("board") == 2


def hashes(r):
    assert r.hset("user:1", mapping={"name": "ada", "visits": 3}) == 2
    assert r.hgetall("user:1") == {b"name": b"ada", b"visits": b"3"}
    assert r.hincrby("user:1", "visits", 4) == 7
    assert r.hincrbyfloat("user:1", "score", 0.5) == 0.5
    assert r.hmget("user:1", "name", "missing") == [b"ada", None]
    assert r.hexists("user:1", "name") is True
    assert r.hdel("user:1", "score", "missing") == 1
    assert set(r.hkeys("user:1")) == {b"name", b"visits"}
    assert r.hexpire("user:1", 100, "name", "missing") == [1, -2]
    assert r.httl("user:1", "name", "visits", "missing")[1:] == [-1, -2]
    assert r.hpersist("user:1", "name") == [1]
    assert r.hpexpire("user:1", 20, "visits") == [1]
    time.sleep(0.05)
    assert r.hget("user:1", "visits") is None
    r.hset("wide", mapping={f"f{n}": n for n in range(700)})
    assert r.object("encoding", "wide") in (b"hashtable", "hashtable")
    assert dict(r.hscan_iter("wide", count=50)) == {f"f{n}".encode(): str(n).encode() for n in range(700)}
    assert len(r.hrandfield("wide", 5)) == 5


def lists(r):
    assert r.rpush("queue", "a", "b", "c") == 3
    assert r.lpush("queue", "z") == 4
    assert r.lrange("queue", 0, -1) == [b"z", b"a", b"b", b"c"]
    assert r.lpop("queue") == b"z"
    assert r.rpop("queue", 2) == [b"c", b"b"]
    assert r.linsert("queue", "before", "a", "0") == 2
    assert r.lindex("queue", -1) == b"a"
    assert r.lpos("queue", "a") == 1
    assert r.lmove("queue", "done", "LEFT", "RIGHT") == b"0"
    assert tuple(r.blpop(["empty", "queue"], timeout=1)) == (b"queue", b"a")
    assert r.exists("queue") == 0
    r.rpush("numbers", 3, 1, 2)
    assert r.sort("numbers") == [b"1", b"2", b"3"]
    assert r.sort("numbers", desc=True, store="sorted") == 3
    assert r.lrange("sorted", 0, -1) == [b"3", b"2", b"1"]


def sets(r):
    assert r.sadd("tags", "red", "green", "blue") == 3
    assert r.smembers("tags") == {b"red", b"green", b"blue"}
    assert r.sismember("tags", "red") == 1
    assert r.smismember("tags", ["red", "none"]) == [1, 0]
    r.sadd("warm", "red", "yellow")
    assert r.sinter("tags", "warm") == {b"red"}
    assert r.sdiff("tags", "warm") == {b"green", b"blue"}
    assert r.sunionstore("all", "tags", "warm") == 4
    assert r.spop("all") in {b"red", b"green", b"blue", b"yellow"}
    assert r.scard("all") == 3
    assert r.smove("tags", "warm", "blue") == 1


def streams(r):
    first = r.xadd("events", {"kind": "login", "user": "ada"})
    second = r.xadd("events", {"kind": "logout", "user": "ada"})
    assert r.xlen("events") == 2
    assert r.xrange("events", count=1) == [(first, {b"kind": b"login", b"user": b"ada"})]
    assert r.xgroup_create("events", "workers", id="0") is True
    got = r.xreadgroup("workers", "one", {"events": ">"}, count=1)
    entries = got[b"events"][0] if isinstance(got, dict) else got[0][1]
    assert entries == [(first, {b"kind": b"login", b"user": b"ada"})], got
    assert r.xpending("events", "workers")["pending"] == 1
    assert r.xack("events", "workers", first) == 1
    assert r.xclaim("events", "workers", "two", 0, [second], force=True)[0][0] == second
    assert r.xinfo_stream("events")["length"] == 2
    assert r.xinfo_groups("events")[0]["name"] == b"workers"
    assert r.xtrim("events", maxlen=1, approximate=False) == 1


def places(r):
    assert r.geoadd("cities", [13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania"]) == 2
    assert r.geodist("cities", "Palermo", "Catania", unit="km") == 166.2742
    near = r.geosearch("cities", longitude=15, latitude=37, radius=100, unit="km")
    assert near == [b"Catania"]
    assert r.geohash("cities", "Palermo") in ([b"sqc8b49rny0"], ["sqc8b49rny0"])


def bits_and_estimates(r):
    assert r.setbit("seen", 7, 1) == 0
    assert r.getbit("seen", 7) == 1
    assert r.bitcount("seen") == 1
    assert r.bitfield("seen").incrby("u8", 0, 3).execute() == [4]
    assert r.pfadd("visitors", "ada", "bob", "ada") == 1
    assert r.pfcount("visitors") == 2


def dumping(r):
    r.rpush("original", *range(300))
    r.restore("again", 0, r.dump("original"))
    assert r.lrange("again", 0, -1) == r.lrange("original", 0, -1)


def expiry(r):
    r.set("short", "x", px=60)
    r.set("long", "x", ex=100)
    assert r.ttl("long") in (99, 100)
    assert r.persist("long") == 1
    assert r.ttl("long") == -1
    time.sleep(0.12)
    assert r.get("short") is None
    r.set("unseen", "x", px=30)
    before = r.dbsize()
    time.sleep(0.6)
    assert r.dbsize() == before - 1, "the background cycle expires keys while nobody asks"


def errors(r):
    r.set("text", "abc")
    for wrong, words in [
        (lambda: r.incr("text"), "value is not an integer or out of range"),
        (lambda: r.zadd("text", {"m": 1}), "WRONGTYPE"),
        (lambda: r.execute_command("NOSUCH", "x"), "unknown command 'NOSUCH'"),
        (lambda: r.execute_command("GET"), "wrong number of arguments for 'get' command"),
    ]:
        try:
            wrong()
        except redis.ResponseError as error:
            assert words in str(error), error
        else:
            raise AssertionError(words)
    assert r.get("text") == b"abc", "the connection is still good"


def scanning(r):
    expected = {f"n:{n}".encode() for n in range(1000)}
    assert set(r.scan_iter("n:*", count=100)) == expected
    assert list(r.scan_iter("user:*", _type="hash")) == [b"user:1"]
    members = {f"m{n}": n for n in range(500)}
    r.zadd("many", members)
    assert {name.decode(): score for name, score in r.zscan_iter("many")} == members


def aside(work):
    """Runs something in a thread; what comes of it is got with the returned function."""
    results = queue.Queue()
    threading.Thread(target=lambda: results.put(work()), daemon=True).start()
    return lambda: results.get(timeout=10)


def wait_for(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")


def blocked(r):
    return r.info("clients")["blocked_clients"]


def blocking(r, port, protocol):
    workers = [connect(port, protocol) for _ in range(4)]
    waiting = []
    for count, worker in enumerate(workers, 1):
        waiting.append(aside(lambda worker=worker: worker.blpop("jobs", timeout=5)))
        wait_for(lambda count=count: blocked(r) == count)
    r.rpush("jobs", "a", "b", "c", "d")
    assert [tuple(result()) for result in waiting] == [(b"jobs", job) for job in (b"a", b"b", b"c", b"d")]
    moved = aside(lambda: workers[0].blmove("from", "to", 5, "LEFT", "RIGHT"))
    popped = aside(lambda: workers[1].bzpopmin("ranks", timeout=5))
    read = aside(lambda: workers[2].xread({"log": "$"}, block=5000))
    wait_for(lambda: blocked(r) == 3)
    r.rpush("from", "x")
    r.zadd("ranks", {"m": 1})
    entry = r.xadd("log", {"f": "v"})
    assert moved() == b"x"
    assert tuple(popped()) == (b"ranks", b"m", 1.0)
    got = read()
    entries = got[b"log"][0] if isinstance(got, dict) else got[0][1]
    assert entries == [(entry, {b"f": b"v"})], got
    began = time.monotonic()
    assert workers[3].blpop("nothing", timeout=0.2) is None
    assert time.monotonic() - began >= 0.19
    held = aside(lambda: workers[0].blpop("nothing", timeout=5))
    wait_for(lambda: blocked(r) == 1)
    assert r.client_unblock(waiting_id(r)) == 1
    assert held() is None
    for worker in workers:
        worker.close()


def waiting_id(r):
    return next(int(client["id"]) for client in r.client_list() if "b" in client["flags"])


def transactions(r, port, protocol):
    with r.pipeline(transaction=True) as pipe:
        assert pipe.set("account", 10).incrby("account", 5).get("account").execute() == [True, 15, b"15"]
    other = connect(port, protocol)
    with r.pipeline() as pipe:
        pipe.watch("account")
        seen = int(pipe.get("account"))
        other.set("account", 99)
        pipe.multi()
        pipe.set("account", seen + 1)
        try:
            pipe.execute()
        except redis.WatchError:
            pass
        else:
            raise AssertionError("the account was touched")
    assert r.get("account") == b"99"
    add = lambda pipe: pipe.multi() or pipe.incr("account")
    assert r.transaction(add, "account") == [100]
    other.close()


def clients(r, port, protocol):
    other = connect(port, protocol, client_name="guest")
    assert other.client_getname() in (b"guest", "guest")
    listed = {client["name"]: client for client in r.client_list()}
    assert listed["guest"]["cmd"] == "client|getname", listed
    assert listed["guest"]["lib-name"].startswith("redis-py"), listed
    assert r.client_kill_filter(_id=listed["guest"]["id"]) == 1
    assert "guest" not in {client["name"] for client in r.client_list()}
    assert other.ping() is True, "the client connects anew"
    assert r.client_pause(100, all=False) is True
    began = time.monotonic()
    other.set("paused", 1)
    assert time.monotonic() - began >= 0.08
    other.close()


def monitoring(r, port, protocol):
    other = connect(port, protocol)
    with other.monitor() as monitor:
        r.set("seen", "by all")
        line = monitor.next_command()
        assert (line["command"], line["db"]) == ("SET seen by all", 0), line
    other.close()


def caching(r, port):
    from redis.cache import CacheConfig

    cached = redis.Redis(port=port, protocol=3, cache_config=CacheConfig())
    r.set("cached", "old")
    assert cached.get("cached") == b"old"
    assert cached.get_cache().size == 1
    r.set("cached", "new")
    wait_for(lambda: cached.get("cached") == b"new")
    r.delete("cached")
    wait_for(lambda: cached.get("cached") is None)
    cached.close()


def server(r, port, protocol):
    assert r.ping() is True
    assert r.echo("x") == b"x"
    assert r.info("server")["redis_version"].startswith("8.0")
    other = connect(port, protocol, db=3, decode_responses=True)
    assert other.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    other.set("here", "ü")
    assert other.get("here") == "ü"
    assert r.get("here") is None
    assert other.dbsize() == 1
    other.flushdb()
    other.close()


def messages(r):
    listener = r.pubsub()
    listener.subscribe("news", "sport")
    listener.psubscribe("n*")
    listener.ssubscribe("shard")
    kinds = [listener.get_message(timeout=1)["type"] for _ in range(4)]
    assert kinds == ["subscribe", "subscribe", "psubscribe", "ssubscribe"]
    assert r.publish("news", "hello") == 2
    assert r.spublish("shard", "\u00fc") == 1
    heard = [listener.get_message(timeout=1) for _ in range(3)]
    assert [message["type"] for message in heard] == ["message", "pmessage", "smessage"]
    assert heard[0]["data"] == heard[1]["data"] == b"hello"
    assert heard[2]["data"] == "\u00fc".encode()
    assert dict(r.pubsub_numsub("news", "nobody")) == {b"news": 1, b"nobody": 0}
    listener.ping("still there")
    assert listener.get_message(timeout=1)["data"] == b"still there"
    listener.unsubscribe("news")
    assert listener.get_message(timeout=1)["data"] == 2
    r.config_set("notify-keyspace-events", "Ex")
    listener.subscribe("__keyevent@0__:expired")
    listener.get_message(timeout=1)
    r.set("short", "life", px=20)
    assert listener.get_message(timeout=5)["data"] == b"short"
    r.config_set("notify-keyspace-events", "")
    listener.close()


def scripts(r, port, protocol):
    add = r.register_script("local n = redis.call('INCRBY', KEYS[1], ARGV[1]) return {n, tostring(n / 2), false, {ok='fine'}}")
    assert add(keys=["sum"], args=[5]) == [5, b"2.5", None, b"fine"]
    r.script_flush()
    assert add(keys=["sum"], args=[2]) == [7, b"3.5", None, b"fine"], "it is sent again when it is not known"
    assert r.script_exists(add.sha, "0" * 40) == [True, False]
    for script, begin in [("return redis.call('INCR', 'text')", "value is not"), ("return nil + 1", "user_script:1:")]:
        r.set("text", "x")
        try:
            r.eval(script, 0)
            raise AssertionError(script)
        except redis.ResponseError as error:
            assert str(error).startswith(begin), error
    library = "#!lua name=shop\nredis.register_function('sell', function(keys, args) return redis.call('DECRBY', keys[1], args[1]) end)"
    assert r.function_load(library, replace=True) == b"shop"
    r.set("stock", 9)
    assert r.fcall("sell", 1, "stock", 4) == 5
    # A lock is given back by a script that looks whose it is.
    with r.lock("door", timeout=10, blocking_timeout=1):
        assert r.lock("door", timeout=10).acquire(blocking=False) is False
    assert r.get("door") is None
    with r.pipeline() as pipe:
        pipe.incr("sum")
        pipe.eval("return redis.call('GET', KEYS[1])", 1, "sum")
        assert pipe.execute() == [8, b"8"]
    r.config_set("busy-reply-threshold", 50)
    other = connect(port, protocol)
    ended = queue.Queue()

    def endless():
        try:
            other.eval("while true do end", 0)
        except redis.ResponseError as error:
            ended.put(str(error))

    thread = threading.Thread(target=endless)
    thread.start()

    def is_busy():
        try:
            r.get("sum")
        except redis.exceptions.ResponseError as error:
            return "busy running a script" in str(error)

    wait_for(is_busy)
    assert r.script_kill() in (True, b"OK")
    assert ended.get(timeout=5).startswith("Script killed by user")
    thread.join()
    assert r.get("sum") == b"8"
    r.config_set("busy-reply-threshold", 5000)
    other.close()


def main():
    port, protocol = int(sys.argv[1]), sys.argv[2]
    r = connect(port, protocol)
    r.flushall()
    for part in [strings, binary, pipelines, sorted_sets, hashes, lists, sets, streams, places]:
        part(r)
    for part in [bits_and_estimates, dumping, expiry, errors, scanning, messages]:
        part(r)
    for part in [blocking, transactions, clients, monitoring, server, scripts]:
        part(r, port, protocol)
    if protocol == "3":
        caching(r, port)


main()
