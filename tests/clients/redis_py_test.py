"""redis-py against a server of the playground: what an application does in an ordinary day.

usage: redis_py_test.py PORT default|2|3      (the last is the version of the protocol)
"""

import sys
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
    members = {f"m{n}": n for n in range(500)}
    r.zadd("many", members)
    assert {name.decode(): score for name, score in r.zscan_iter("many")} == members


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


def main():
    port, protocol = int(sys.argv[1]), sys.argv[2]
    r = connect(port, protocol)
    r.flushall()
    for part in [strings, binary, pipelines, sorted_sets, expiry, errors, scanning]:
        part(r)
    server(r, port, protocol)


main()
